import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isValid, operators, type Clause, type Operator } from '#lib/filter/filter.ts'
import { columns } from '#lib/schema/hit.ts'
import type { Dimension } from '#lib/filter/dimension.ts'
import { parse } from '#lib/find/parse.ts'
import { write } from '#lib/find/write.ts'

const clause = (operator: Operator, field: Dimension, ...values: Clause['values']): Clause => ({
  field,
  operator,
  values
})

describe('a query says', () => {
  test.each([
    ['', []],
    ['status:404', [clause('is', 'status', '404')]],
    ['Status:404,410', [clause('is', 'status', '404', '410')]],
    ['status:0404', [clause('is', 'status', '0404')]],
    ['-country:NL', [clause('not', 'country', 'NL')]],
    ['NOT country:NL', [clause('not', 'country', 'NL')]],
    ['NOT -country:NL', [clause('is', 'country', 'NL')]],
    ['country!=NL', [clause('not', 'country', 'NL')]],
    ['-country!=NL', [clause('is', 'country', 'NL')]],
    ['@country=NL @os="Mac OS"', [clause('is', 'country', 'NL'), clause('is', 'os', 'Mac OS')]],
    ['country:-', [clause('is', 'country', null)]],
    ['country:"-"', [clause('is', 'country', '-')]],
    ['path:a\\,b', [clause('is', 'path', 'a,b')]],
    ['path:/blog/', [clause('is', 'path', '/blog/')]],
    ['path:"/a b"', [clause('is', 'path', '/a b')]],
    ['path:/static/*', [clause('re', 'path', '(?s)^/static/.*$')]],
    ['-path:/static/*', [clause('nre', 'path', '(?s)^/static/.*$')]],
    ['path:*a*b*', [clause('re', 'path', '(?s)^.*a.*b.*$')]],
    ['path:/a.b/*,/c', [clause('re', 'path', '(?s)^/a\\.b/.*$', '(?s)^/c$')]],
    ['path:\\*', [clause('is', 'path', '*')]],
    ['path:*', [clause('set', 'path')]],
    ['path:/^.a/', [clause('re', 'path', '^.a')]],
    ['path:/\\.php$/i', [clause('re', 'path', '(?i)\\.php$')]],
    ['path:/a\\/b+/', [clause('re', 'path', 'a/b+')]],
    ['path=~"a b"', [clause('re', 'path', 'a b')]],
    ['status:4*', [clause('re', 'status', '(?s)^4.*$')]],
    ['path~login', [clause('has', 'path', 'login')]],
    ['path!~login', [clause('hasnt', 'path', 'login')]],
    ['-path~login,out', [clause('hasnt', 'path', 'login', 'out')]],
    ['ms:>500', [clause('gt', 'duration', '500')]],
    ['status>=400', [clause('ge', 'status', '400')]],
    ['status:≥400', [clause('ge', 'status', '400')]],
    ['bytes:<=10', [clause('le', 'bytes', '10')]],
    ['ip:203.0.113.0/24', [clause('cidr', 'ip', '203.0.113.0/24')]],
    ['-ip:203.0.113.0/24,::1', [clause('ncidr', 'ip', '203.0.113.0/24', '::1')]],
    ['ip:2001:db8::1', [clause('is', 'ip', '2001:db8::1')]],
    ['ip:2001:DB8:0:0::1,-', [clause('is', 'ip', '2001:db8::1', null)]],
    ['ip:crawl-1.example.org', [clause('is', 'ip', 'crawl-1.example.org')]],
    ['has:referrer', [clause('set', 'referrer')]],
    ['-has:ref', [clause('unset', 'referrer')]],
    ['Referrer:example.org', [clause('is', 'referrer_domain', 'example.org')]],
    ['"Bytes sent":>5 bytes_sent:5', [clause('gt', 'bytes', '5'), clause('is', 'bytes', '5')]],
    ['extra.a.b:x', [clause('is', 'extra.a.b', 'x')]],
    ['"extra.odd key":x', [clause('is', 'extra.odd%20key', 'x')]],
    ['@"extra.a \\"b\\"">=5', [clause('ge', 'extra.a%20%22b%22', '5')]],
    ['extra.a%20b:x', [clause('is', 'extra.a%20b', 'x')]],
    ['"extra.100%":x', [clause('is', 'extra.100%25', 'x')]],
    ['login', [clause('has', 'line', 'login')]],
    ['/login /wp-admin', [clause('has', 'line', '/login'), clause('has', 'line', '/wp-admin')]],
    ['-login', [clause('hasnt', 'line', 'login')]],
    ['"GET /login"', [clause('has', 'line', 'GET /login')]],
    ['"\\" 404 "', [clause('has', 'line', '" 404 ')]],
    ['two,words', [clause('has', 'line', 'two words')]],
    ['"two, words"', [clause('has', 'line', 'two words')]],
    ['wp-*php', [clause('re', 'line', 'wp-.*php')]],
    ['*wild*', [clause('has', 'line', 'wild')]],
    ['/wp-(a|b)/', [clause('re', 'line', 'wp-(a|b)')]],
    ['-/a b/i', [clause('nre', 'line', '(?i)a b')]],
    [
      'page=2 12:30 https://a.b/',
      ['page=2', '12:30', 'https://a.b/'].map((text) => clause('has', 'line', text))
    ],
    ['a AND b', [clause('has', 'line', 'a'), clause('has', 'line', 'b')]],
    ['line~a,b', [clause('has', 'line', 'a', 'b')]]
  ] satisfies [string, Clause[]][])('%s', (text, clauses) => {
    expect(parse(text)).toMatchObject({ clauses, problems: [] })
  })
})

describe('a query with a problem says where and what', () => {
  test.each([
    ['a status:abc', 'abc', 'Status is a whole number, not “abc”.'],
    ['status:404,', 'status:404,', 'A value is missing beside the comma.'],
    ['status:99999', '99999', 'Status is a whole number, not “99999”.'],
    ['path:', 'path:', 'Path needs a value.'],
    [
      'pth:x',
      'pth',
      'There is no field “pth”. For a key, write extra.pth. Put a text with a colon in quotes.'
    ],
    ['stat:5', 'stat', 'There is no field “stat”. Did you mean status?'],
    [
      '@nothing=5',
      'nothing',
      'There is no field “nothing”. For a key, write extra.nothing. Put a text with a colon in quotes.'
    ],
    ['path:>5', '5', 'Path isn’t a number, so it can’t be compared.'],
    ['-status:>500', 'status:>500', 'Say it the other way round: status:<=500'],
    ['bytes:>many', 'many', 'Bytes sent is a whole number, not “many”.'],
    ['ip:10.0.0.0/33', '10.0.0.0/33', '“10.0.0.0/33” is not a network.'],
    ['"open', '"open', 'Close the quotes.'],
    ['path:"open', '"open', 'Close the quotes.'],
    ['"a"b', 'b', 'Leave a space before the next term.'],
    ['has:', 'has:', 'has: needs a field. For example has:referrer'],
    ['has:x1', 'x1', 'There is no field “x1”. For a key, write extra.x1. Put a text with a colon in quotes.'],
    ['a OR b', 'OR', 'There is no OR. Give a field several values: status:404,410'],
    ['a NOT ', 'NOT ', 'NOT needs something to exclude.'],
    ['is_bot:maybe', 'maybe', 'Is a bot is true or false, not “maybe”.'],
    ['is_bot~t', 't', 'Is a bot can’t be asked like this.'],
    ['path:-,/x/*', '-,/x/*', 'A pattern and - can’t be mixed.'],
    ['has:path,query', ',', 'Leave a space before the next term.'],
    ['time:>=2026-01-01', '2026-01-01', 'Choose times by the period, or drag over the chart.'],
    ['-time:2026-01-01', '2026-01-01', 'Choose times by the period, or drag over the chart.'],
    ['ip:203.0.113', '203.0.113', '“203.0.113” is not an address. Search for a part of one: ip~203.0.113'],
    ['find:', 'find:', 'find: needs a text to highlight.'],
    ['*', '*', 'A star needs a text beside it.']
  ])('%s', (text, piece, message) => {
    const { problems } = parse(text)
    expect(problems.map(({ from, to, message }) => [text.slice(from, to), message])).toEqual([
      [piece, message]
    ])
  })
})

const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({
    unit: fc.constantFrom(
      ',',
      '\\',
      '"',
      '-',
      '/',
      '*',
      ' ',
      ':',
      '=',
      '~',
      '@',
      '\n',
      '\r',
      '.',
      '^',
      '$',
      '(?s)',
      'a',
      '5',
      '😀',
      '>',
      '!'
    ),
    maxLength: 8
  }),
  fc.constantFrom(
    'NOT',
    'AND',
    'OR',
    'has:path',
    'status:4',
    'login',
    '/static/',
    '/a/i',
    '10.0.0.0/8',
    '404',
    'true'
  )
)
const names: Dimension[] = [
  ...columns.map(({ name }) => name),
  'line',
  'hour',
  'verdict',
  'entry_page',
  'extra.a:b',
  'extra.x',
  'extra.odd%20key',
  'extra.a%2520b',
  'extra.%22%27%5C%0A%2C'
]
const anyClause: fc.Arbitrary<Clause> = fc
  .record({
    field: fc.constantFrom(...names),
    operator: fc.constantFrom(...(Object.keys(operators) as Operator[])),
    values: fc.array(
      fc.oneof({ arbitrary: hostile, weight: 9 }, { arbitrary: fc.constant(null), weight: 1 }),
      { maxLength: 3 }
    )
  })
  .filter(isValid)

describe('clauses come back from their text', () => {
  test.each([false, true])('whatever they hold (match case: %j)', (isCased) => {
    fc.assert(
      fc.property(fc.array(anyClause, { maxLength: 5 }), (clauses) => {
        const { text, rest } = write(clauses, { isCased })
        const { clauses: read, problems } = parse(text, { isCased })
        expect(problems).toEqual([])
        expect(read).toEqual(clauses.filter((clause) => !rest.includes(clause)))
        expect(text).not.toMatch(/[\n\r]/)
      }),
      { numRuns: 3_000 }
    )
  })

  test('and every clause about text has one', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<Dimension>(
          'path',
          'user_agent',
          'extra.x',
          'extra.a:b',
          'extra.%22%0A',
          'extra.a%2520b'
        ),
        fc.constantFrom<Operator>('is', 'not', 'has', 'hasnt', 're', 'nre'),
        fc.array(hostile, { minLength: 1, maxLength: 3 }),
        (field, operator, values) => {
          expect(write([{ field, operator, values }]).rest).toEqual([])
        }
      ),
      { numRuns: 3_000 }
    )
    fc.assert(
      fc.property(
        fc.constantFrom<Operator>('has', 'hasnt', 're', 'nre'),
        fc.array(hostile, { minLength: 1, maxLength: 3 }),
        (operator, values) => {
          for (const isCased of [false, true])
            expect(write([{ field: 'line', operator, values }], { isCased }).rest).toEqual([])
        }
      ),
      { numRuns: 3_000 }
    )
  })

  test.each([
    [clause('has', 'line', 'wp-'), 'wp-'],
    [clause('has', 'line', 'GET /'), '"GET /"'],
    [clause('has', 'line', '-x'), '"-x"'],
    [clause('has', 'line', 'a,b'), 'line~"a,b"'],
    [clause('hasnt', 'line', 'NOT'), '-"NOT"'],
    [clause('is', 'path', '/a', '/b'), 'path:/a,/b'],
    [clause('not', 'path', '/a b'), '-path:"/a b"'],
    [clause('is', 'path', '/blog/'), 'path:/blog/'],
    [clause('re', 'path', 'blog'), 'path=~"blog"'],
    [clause('re', 'path', '^/blog/\\d+'), 'path:/^\\/blog\\/\\d+/'],
    [clause('re', 'path', '(?s)^/static/.*$'), 'path:/static/*'],
    [clause('re', 'line', '(?i)a b'), '/a b/i'],
    [clause('ge', 'status', '400'), 'status:>=400'],
    [clause('cidr', 'ip', '10.0.0.0/8'), 'ip:10.0.0.0/8'],
    [clause('unset', 'referrer'), '-has:referrer'],
    [clause('is', 'country', null, 'NL'), 'country:-,NL']
  ])('%j as %s', (one, text) => expect(write([one])).toEqual({ text, rest: [] }))

  test('but not those about visits, disabled ones, and values that no column holds', () => {
    const rest: Clause[] = [
      { ...clause('is', 'path', '/a'), visits: true },
      { ...clause('is', 'path', '/a'), disabled: true },
      clause('is', 'status', 'abc')
    ]
    expect(write([clause('is', 'path', '/b'), ...rest])).toEqual({ text: 'path:/b', rest })
  })
})

test('words in their case are patterns, and come back as words', () => {
  const cased = { isCased: true }
  const clauses = [clause('re', 'line', 'Log\\.in'), clause('nre', 'line', 'GET /')]
  expect(parse('Log.in -"GET /"', cased).clauses).toEqual(clauses)
  expect(write(clauses, cased).text).toBe('Log.in -"GET /"')
  expect(write([clause('has', 'line', 'x')], cased).text).toBe('line~x')
})

test('tokens cover their terms', () => {
  const { tokens, find } = parse('status:≥400 -path:/static/* find:wp- NOT "a b"')
  expect(tokens).toEqual([
    { from: 0, to: 11, kind: 'include', head: 7 },
    { from: 12, to: 27, kind: 'exclude', head: 18 },
    { from: 28, to: 36, kind: 'find', head: 33 },
    { from: 37, to: 46, kind: 'exclude', head: 41 }
  ])
  expect(find).toBe('wp-')
})

test('no text makes it throw, and what it reads is valid', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(hostile, fc.constantFrom(' ', 'path:', '-', '"')), { maxLength: 8 }),
      (pieces) => {
        const text = pieces.join('')
        const { clauses, problems, tokens } = parse(text)
        expect(clauses.every(isValid)).toBe(true)
        for (const { from, to } of [...problems, ...tokens])
          expect([from >= 0, from <= to, to <= text.length]).toEqual([true, true, true])
      }
    ),
    { numRuns: 5_000 }
  )
})
