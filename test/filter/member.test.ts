import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Clause, Selection } from '../../src/lib/filter/filter.ts'
import { sqlOf } from '../../src/lib/filter/dimension.ts'
import { isMember, membersOf, type Member } from '../../src/lib/filter/member.ts'
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
  {},
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
  ['extra.httpxroute', [_, _, _, _, _, _, _, _]]
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

test('the members that an extra has are found at any level', () => {
  expect(membersOf(JSON.stringify({ a: 1, b: { c: 'x', d: [1] }, 'e f': 2, "g'h": 3 }))).toEqual([
    'extra.a',
    'extra.b.c',
    'extra.b.d'
  ])
})

test.each([
  "extra.a'b",
  'extra.a"b',
  'extra.a\\b',
  'extra.{column}',
  'extra.a b',
  'extra.',
  'extra',
  'extra.a..b'
])('%s is no member', (text) => {
  expect(isMember(text)).toBe(false)
})
