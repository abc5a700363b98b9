import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Clause, Selection } from '../../src/lib/filter/filter.ts'
import { sqlOf } from '../../src/lib/filter/value-sql.ts'
import { isMember, keyOf, type Member } from '../../src/lib/filter/member.ts'
import { memberNamed, membersOf, tallyOf, textIn, valuesOf } from '../../src/lib/filter/members.ts'
import { expectParity, openPair, type Pair } from '../ask/parity.ts'

const noon = Date.UTC(2026, 10, 20, 12)
const extras = [
  { upstream: '10.0.0.1:8080', tries: 2, isCold: true },
  { note: '"upstream":"of a text"', upstream: 'say "hi", C:\\new {x}' },
  {
    list: [{ upstream: 'of a list' }, ']'],
    headers: { upstream: 'of headers', via: '1.1 p' },
    upstream: 'last'
  },
  { 'http.route': '/a/:id', http: { route: 'nested' }, 日誌: 'はい', 'x-cache': '' },
  { 𐐀: '𐐁', after: 1 },
  { http: { route: { name: '/b' } }, empty: {}, none: null, text: 'null' },
  {
    'odd key': 'a',
    "it's; DROP": 'b',
    'a"b': 'c',
    '\\{hits}\n--x': 'd',
    'e\u0301%20': 'e',
    'kubernetes.labels.app.kubernetes.io/name': 'f',
    'x"upstream': 'not it'
  },
  null
]
const rows = extras.map((extra, i) => ({
  seq: i,
  time: noon + i,
  kind: 'request',
  extra: extra === null ? null : JSON.stringify(extra)
}))
const everything: Selection = { from: noon - 1, to: noon + 100, traffic: 'all', clauses: [] }

let pair: Pair
beforeAll(async () => {
  pair = await openPair(rows)
}, 60_000)
afterAll(() => pair.close())

const _ = null
test.each<[Member, (string | null)[]]>([
  ['extra.upstream', ['10.0.0.1:8080', 'say "hi", C:\\new {x}', 'last', _, _, _, _, _]],
  ['extra.tries', ['2', _, _, _, _, _, _, _]],
  ['extra.isCold', ['true', _, _, _, _, _, _, _]],
  ['extra.headers.via', [_, _, '1.1 p', _, _, _, _, _]],
  ['extra.headers.upstream', [_, _, 'of headers', _, _, _, _, _]],
  ['extra.http.route', [_, _, _, '/a/:id', _, '{"name":"/b"}', _, _]],
  ['extra.http.route.name', [_, _, _, _, _, '/b', _, _]],
  ['extra.日誌', [_, _, _, 'はい', _, _, _, _]],
  ['extra.text', [_, _, _, _, _, 'null', _, _]],
  ['extra.none', [_, _, _, _, _, _, _, _]],
  ['extra.𐐀', [_, _, _, _, '𐐁', _, _, _]],
  ['extra.httpxroute', [_, _, _, _, _, _, _, _]],
  ['extra.odd%20key', [_, _, _, _, _, _, 'a', _]],
  ['extra.it%27s%3B%20DROP', [_, _, _, _, _, _, 'b', _]],
  ['extra.a%22b', [_, _, _, _, _, _, 'c', _]],
  ['extra.%5C%7Bhits%7D%0A--x', [_, _, _, _, _, _, 'd', _]],
  ['extra.e%CC%81%2520', [_, _, _, _, _, _, 'e', _]],
  ['extra.kubernetes%2Elabels%2Eapp%2Ekubernetes%2Eio/name', [_, _, _, _, _, _, 'f', _]],
  ['extra.b', [_, _, _, _, _, _, _, _]]
])('%s is %j of the hits', async (member, expected) => {
  const sql = `SELECT ${sqlOf(member)} AS value FROM selected('', 'now') ORDER BY seq`
  const found = await expectParity(pair, sql, everything)
  expect(found.map(({ value }) => value)).toEqual(expected)
})

test.each<[Clause['operator'], string[], number[]]>([
  ['is', ['last'], [2]],
  ['not', ['last'], [0, 1, 3, 4, 5, 6, 7]],
  ['has', ['HI'], [1]],
  ['re', ['^\\d'], [0]],
  ['gt', ['0'], []],
  ['set', [], [0, 1, 2]],
  ['unset', [], [3, 4, 5, 6, 7]]
])('a filter %s %j on a member holds hits %j', async (operator, values, expected) => {
  const clauses: Clause[] = [{ field: 'extra.upstream', operator, values }]
  const found = await expectParity(pair, `SELECT seq FROM selected('', 'now') ORDER BY seq`, {
    ...everything,
    clauses
  })
  expect(found.map(({ seq }) => seq)).toEqual(expected)
})

test.each<[Clause['operator'], string, number[]]>([
  ['gt', '1.5', [0]],
  ['ge', '2', [0]],
  ['lt', '2', []]
])('a number under a key is compared: %s %s', async (operator, value, expected) => {
  const clauses: Clause[] = [{ field: 'extra.tries', operator, values: [value] }]
  const found = await expectParity(pair, `SELECT seq FROM selected('', 'now')`, { ...everything, clauses })
  expect(found.map(({ seq }) => seq)).toEqual(expected)
})

test.each<[Clause['operator'], string, Member[], number[]]>([
  ['has', 'last', [], []],
  ['has', 'LAST', ['extra.upstream'], [2]],
  ['has', 'last', ['extra.note'], []],
  ['has', 'of', ['extra.note', 'extra.headers.upstream'], [1, 2]],
  ['has', '"hi", c:\\', ['extra.upstream'], [1]],
  ['has', 'は', ['extra.日誌'], [3]],
  ['has', '2', ['extra.tries'], [0]],
  ['hasnt', 'last', ['extra.upstream'], [0, 1, 3, 4, 5, 6, 7]],
  ['re', '^l.st$', ['extra.upstream', 'extra.odd%20key'], [2]],
  ['nre', '^a$', ['extra.odd%20key'], [0, 1, 2, 3, 4, 5, 7]]
])('anywhere in the line %s %s, with %j, holds hits %j', async (operator, text, searched, expected) => {
  pair.native.searched = pair.wasm.searched = searched
  const clauses: Clause[] = [{ field: 'line', operator, values: [text] }]
  const sql = `SELECT seq FROM selected('', 'now') ORDER BY seq`
  const found = await expectParity(pair, sql, { ...everything, clauses })
  pair.native.searched = pair.wasm.searched = []
  expect(found.map(({ seq }) => seq)).toEqual(expected)
})

test('the members that an extra has are found at any level', () => {
  const extra = { a: 1, b: { c: 'x', d: [1] }, 'e f': 2, "g'h": { 'i.j': 3 }, '': 4, '\ud800': 5 }
  const found = valuesOf(JSON.stringify(extra))
  expect(found.map(({ member }) => member)).toEqual([
    'extra.a',
    'extra.b.c',
    'extra.b.d',
    'extra.e%20f',
    'extra.g%27h.i.j',
    null,
    null
  ])
  const deep = { a: { b: { c: { d: { e: 1 } } } }, 'f.g.h.i.j': 1 }
  expect(membersOf(JSON.stringify(deep))).toEqual(['extra.f%2Eg%2Eh%2Ei%2Ej'])
})

test('keys are counted, those without a name apart', () => {
  const extras = [
    { a: 1, b: 1 },
    { b: 2, '': 3 },
    { '': 4, b: null, c: 1 }
  ].map((extra) => JSON.stringify(extra))
  const { members, unnamed } = tallyOf(extras)
  expect(members).toEqual(['extra.b', 'extra.a', 'extra.c'])
  expect(unnamed).toBe(1)
})

test('a member is the value that is found in the text, whatever its key', () => {
  const key = fc.array(
    fc.constantFrom('a', 'b', '.', ' ', '"', "'", '\\', '%', '%20', '{', '}', 'é', '\n', ':'),
    {
      minLength: 1,
      maxLength: 4
    }
  )
  fc.assert(
    fc.property(
      fc.uniqueArray(
        key.map((parts) => parts.join('')),
        { minLength: 1, maxLength: 3 }
      ),
      (keys) => {
        const extra = JSON.stringify(Object.fromEntries(keys.map((key, i) => [key, i])))
        for (const { member, key, value } of valuesOf(extra)) {
          if (!member) continue
          expect(isMember(member)).toBe(true)
          expect(keyOf(member)).toBe(key)
          expect(textIn(JSON.parse(extra), member)).toBe(String(value))
        }
      }
    ),
    { numRuns: 2_000 }
  )
})

test.each([
  "extra.a'b",
  'extra.a"b',
  'extra.a\\b',
  'extra.{column}',
  'extra.a b',
  'extra.%41',
  'extra.a%2eb',
  'extra.%FF',
  'extra.',
  'extra',
  'extra.a..b'
])('%s is no member', (text) => {
  expect(isMember(text)).toBe(false)
})

test('a key is named as people write it', () => {
  expect(memberNamed('extra.odd key')).toBe('extra.odd%20key')
  expect(memberNamed('extra.a.b c')).toBe('extra.a.b%20c')
  expect(memberNamed('odd key')).toBeNull()
})
