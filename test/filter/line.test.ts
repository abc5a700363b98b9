import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AcceptedHit } from '#lib/schema/hit.ts'
import type { Clause, Selection } from '#lib/filter/filter.ts'
import { lineFields, passesPart, timeOfLine, waysToHold, type LineField } from '#lib/filter/line.ts'
import { readClause, writeClause } from '#lib/filter/filter.ts'
import { matcherOf } from '#lib/alert/matches.ts'
import { acceptText, hitsOf } from '../accept/show.ts'
import { expectParity, openPair, type Pair } from '../ask/parity.ts'
import { needs, shared } from '../needs.ts'

type Line = Pick<AcceptedHit, (typeof lineFields)[number] | 'time' | 'utc_offset'>

/** The line of the combined format, as the comment on `joints` says it. */
function rebuild(hit: Line): string {
  const { ip, client_name, remote_user, method, path, query, protocol, status, bytes } = hit
  const request = `${method ?? '-'} ${path ?? '-'}${query === null ? '' : `?${query}`}${protocol === null ? '' : ` ${protocol}`}`
  return `${ip ?? client_name ?? '-'} - ${remote_user ?? '-'} [${timeOfLine(hit.time, hit.utc_offset)}] "${request}" ${status ?? '-'} ${bytes ?? '-'} "${hit.referrer ?? '-'}" "${hit.user_agent ?? '-'}"`
}

/** Whether the line holds a phrase; the time holds none by itself. */
function holds(hit: Line, phrase: string): boolean {
  const wanted = phrase.toLowerCase()
  if ([hit.host, hit.message].some((text) => text?.toLowerCase().includes(wanted))) return true
  const line = rebuild(hit).toLowerCase()
  const from = line.indexOf('[') + 1
  const to = line.indexOf(']', from)
  for (let at = line.indexOf(wanted); at >= 0; at = line.indexOf(wanted, at + 1))
    if (!wanted || at < from || at + wanted.length > to) return true
  return false
}

const textOf = (hit: Line, field: LineField) =>
  field === 'time' ? timeOfLine(hit.time, hit.utc_offset) : hit[field] === null ? null : String(hit[field])

const isFound = (hit: Line, phrase: string) =>
  waysToHold(phrase).some((way) => way.every((part) => passesPart(part, textOf(hit, part.field))))

const blank: Line = {
  ip: '192.0.2.7',
  client_name: null,
  remote_user: null,
  time: Date.UTC(2026, 10, 21, 19, 39, 40),
  utc_offset: 60,
  method: 'POST',
  path: '/login',
  query: null,
  protocol: 'HTTP/1.1',
  status: 429,
  bytes: 169,
  referrer: null,
  user_agent: 'python-requests/2.32.3',
  host: 'wiki.example.org',
  message: null
}
const whole =
  '192.0.2.7 - - [21/Nov/2026:20:39:40 +0100] "POST /login HTTP/1.1" 429 169 "-" "python-requests/2.32.3"'

describe('a phrase is found', () => {
  test.each([
    [whole, {}],
    ['post /LOGIN', {}],
    ['/login HTTP/1.1" 429', {}],
    ['" 429 ', {}],
    ['429 169 "-" "py', {}],
    ['0100] "POST', {}],
    ['- [21/Nov', {}],
    ['wiki.example', {}],
    ['42', {}],
    ['/login?next=/ HTTP', { query: 'next=/' }],
    ['n?n', { query: 'next=/' }],
    ['/login" 429', { protocol: null }],
    ['- ann [', { remote_user: 'ann' }],
    ['', {}],
    ['"', {}],
    ['POST /a b HTTP/1.1', { path: '/a b' }],
    ['pool-7.example.net - ann', { ip: null, client_name: 'pool-7.example.net', remote_user: 'ann' }]
  ] satisfies [string, Partial<Line>][])('%j in %j', (phrase, other) => {
    const hit = { ...blank, ...other }
    expect(rebuild(blank)).toBe(whole)
    expect([holds(hit, phrase), isFound(hit, phrase)]).toEqual([true, true])
  })
})

describe('a phrase is not found', () => {
  test.each([
    ['GET /login', {}],
    ['POST login', {}],
    ['/login HTTP', { query: 'next=/' }],
    ['/login" 429', {}],
    ['429 16 ', {}],
    ['login HTTP/1.1" 42 ', {}],
    ['20:39', { time: 0 }],
    ['\n', {}]
  ] satisfies [string, Partial<Line>][])('%j in %j', (phrase, other) => {
    const hit = { ...blank, ...other }
    expect([holds(hit, phrase), isFound(hit, phrase)]).toEqual([false, false])
  })
})

test('the ways of a long phrase are few', () => {
  for (const unit of [' ', '"', '" "', '?', 'a ', 'a?', '1 ', '" 1 ', '] "', ' - ', ' [', '-'])
    expect(waysToHold(unit.repeat(512 / unit.length)).length).toBeLessThan(300)
})

const names = [
  'wtf-nginx-saunathinker.com',
  'basjes-hackers-access',
  'elastic-apache_logs',
  'wtf-apache_vhost'
]

needs('shared')('a phrase in real lines is found as in the whole line', () => {
  test.each(names)('%s', (name) => {
    const hits = hitsOf(acceptText(gunzipSync(readFileSync(`${shared}data/logs/${name}.log.gz`))))
    const index = fc.nat(hits.length - 1)
    fc.assert(
      fc.property(index, index, fc.nat(), fc.nat(60), (here, there, at, length) => {
        const line = rebuild(hits[here]!)
        const phrase = line.slice(at % line.length, (at % line.length) + length)
        for (const hit of [hits[here]!, hits[there]!])
          expect([phrase, isFound(hit, phrase)]).toEqual([phrase, holds(hit, phrase)])
      }),
      { numRuns: 5_000 }
    )
  })
})

const rows = [
  { ...blank, seq: 1 },
  { ...blank, seq: 2, method: 'GET', path: '/Login', query: 'next=/', status: 200, utc_offset: null },
  { ...blank, seq: 3, ip: null, client_name: 'pool-7.example.net', remote_user: 'ann', bytes: null },
  { ...blank, seq: 4, protocol: null, referrer: 'https://example.org/ "', user_agent: null },
  { ...blank, seq: 5, path: null, method: null, status: null, utc_offset: -210, message: 'no live upstream' }
]
const everything: Selection = { from: blank.time - 1, to: blank.time + 1, traffic: 'all', clauses: [] }

describe('the engines and alerts find', () => {
  let pair: Pair
  beforeAll(async () => {
    pair = await openPair(rows)
  }, 60_000)
  afterAll(() => pair.close())

  const found = async (clause: Clause) => {
    const sql = `SELECT seq FROM selected('', 'now') ORDER BY seq`
    return (await expectParity(pair, sql, { ...everything, clauses: [clause] })).map(({ seq }) => seq)
  }
  const seqs = (test: (hit: Line) => boolean) => rows.filter(test).map(({ seq }) => seq)
  const matched = (clause: Clause) =>
    seqs((hit) =>
      matcherOf([writeClause(clause)], { wall: (instant) => instant, isStored: false })(hit as never)
    )
  const phrases = [
    whole,
    'login',
    'LOGIN HTTP',
    'POST /login',
    '?next=/ ',
    '/ HTTP/1.1" 2',
    'ann',
    '- ann [21/Nov/2026:20',
    '+0100] "',
    '-0330] "',
    '" 429 - "-"',
    '429 ',
    '16',
    '/login" 429',
    'upstream',
    '/ "" "',
    '"-"',
    '"',
    ''
  ]

  test.each(phrases)('the phrase %j', async (phrase) => {
    const expected = seqs((hit) => holds(hit, phrase))
    expect(await found({ field: 'line', operator: 'has', values: [phrase] })).toEqual(expected)
    expect(matched({ field: 'line', operator: 'has', values: [phrase] })).toEqual(expected)
    const others = seqs((hit) => !holds(hit, phrase))
    expect(await found({ field: 'line', operator: 'hasnt', values: [phrase] })).toEqual(others)
    expect(matched({ field: 'line', operator: 'hasnt', values: [phrase] })).toEqual(others)
  })

  test.each([
    ['^/log', [1, 3, 4]],
    ['(?i)^/LOG', [1, 2, 3, 4]],
    ['^429$', [1, 3, 4]],
    ['pool-\\d', [3]],
    ['POST /', []]
  ])('the pattern %j in one field', async (pattern, expected) => {
    expect(await found({ field: 'line', operator: 're', values: [pattern] })).toEqual(expected)
    expect(matched({ field: 'line', operator: 're', values: [pattern] })).toEqual(expected)
    const others = seqs(() => true).filter((seq) => !expected.includes(seq))
    expect(await found({ field: 'line', operator: 'nre', values: [pattern] })).toEqual(others)
  })

  test('any of several phrases', async () => {
    expect(await found({ field: 'line', operator: 'has', values: ['ann', 'GET /'] })).toEqual([2, 3])
    expect(await found({ field: 'line', operator: 'hasnt', values: ['ann', 'GET /'] })).toEqual([1, 4, 5])
  })
})

test.each(['is,line,x', 'set,line', 'gt,line,1', 'has,line'])('%s is no clause', (text) =>
  expect(readClause(text)).toBeNull()
)
