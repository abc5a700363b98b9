import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { Query } from '../../src/lib/ask/query.ts'
import { codeOf } from '../../src/lib/ask/lookups.ts'
import { Store } from '../../src/lib/device/store.ts'
import type { Clause, Selection } from '../../src/lib/filter/filter.ts'
import { seqsPerPosition } from '../../src/lib/schema/hit.ts'
import { declared } from '../device/declared.ts'
import { openNative } from '../engine/native.ts'
import { partOf } from '../panels/rolled-copy.ts'
import { decoded, rowGroupOf, type Row } from '../star/incoming.ts'
import { expectParity, openPair, type Pair } from './parity.ts'

const start = Date.UTC(2026, 10, 20)
const minute = 60_000
const from = {
  google: { referrer: 'https://google.com/', referrer_domain: 'google.com', referrer_kind: 'search' },
  self: { referrer: 'https://own.example/', referrer_domain: 'own.example', referrer_kind: 'internal' },
  nowhere: { referrer_kind: 'direct' }
}

/** Hits by `seq`: who asked for what, in which minute, and from where. */
const asked: [visitor: number, at: number, path: string, more?: Row][] = [
  // From a search, through a campaign, to the end.
  [1, 0, '/pricing', { ...from.google, query: 'utm_source=news&utm_medium=e-mail' }],
  [1, 1, '/x', { ...from.self, status: 404 }],
  [1, 2, '/end', { ...from.self, country: null }],
  // Back after an hour, from a page of the site.
  [1, 90, '/x', { ...from.self, query: 'utm_source=' }],
  [2, 0, '/', from.nowhere],
  [2, 5, '/pricing', from.google],
  // A program that sees no page.
  [3, 7, '/api/x'],
  [3, 8, '/api/y']
]
const hitOf = ([visitor, at, path, more]: (typeof asked)[number], seq: number): Row => ({
  seq,
  kind: 'request',
  time: start + at * minute,
  path,
  method: 'GET',
  status: 200,
  country: 'NL',
  is_bot: false,
  is_asset: false,
  shape: 'combined',
  visitor,
  ...more
})

const whole: Selection = { from: start, to: start + 86_400_000, traffic: 'all', clauses: [] }
const clause = (
  operator: Clause['operator'],
  field: Clause['field'],
  ...values: Clause['values']
): Clause => ({
  field,
  operator,
  values
})
const ofVisits = (...of: Parameters<typeof clause>): Clause => ({ ...clause(...of), visits: true })

describe.each([
  ['among few hits', Infinity],
  ['among all hits', 0]
])('a filter on visits %s', (_, hits) => {
  let pair: Pair
  beforeAll(async () => {
    pair = await openPair(asked.map(hitOf))
    pair.native.hits = pair.wasm.hits = hits
  }, 60_000)
  afterAll(() => pair.close())

  const seqs = async (clauses: Clause[], own = '', selection: Partial<Selection> = {}) => {
    const sql = `SELECT seq FROM selected('${own}', 'now') ORDER BY seq`
    return (await expectParity(pair, sql, { ...whole, ...selection, clauses })).map(({ seq }) => seq)
  }

  test.each<[Clause[], number[]]>([
    [[clause('is', 'entry_page', '/pricing')], [0, 1, 2]],
    [[clause('is', 'exit_page', '/pricing')], [4, 5]],
    [[clause('has', 'entry_page', '/')], [0, 1, 2, 3, 4, 5]],
    [[clause('not', 'entry_page', '/pricing')], [3, 4, 5, 6, 7]],
    [[clause('is', 'visit_source', 'google.com')], [0, 1, 2]],
    [[clause('is', 'visit_source', null)], [3, 4, 5]],
    [[clause('not', 'visit_source', null)], [0, 1, 2, 6, 7]],
    [[clause('is', 'visit_source_kind', 'direct')], [3, 4, 5]],
    [[clause('is', 'utm_source', 'news')], [0, 1, 2]],
    [[clause('is', 'utm_medium', 'e-mail')], [0, 1, 2]],
    [[clause('set', 'utm_source')], [0, 1, 2]],
    [[clause('unset', 'utm_source')], [3, 4, 5]],
    [[clause('is', 'utm_campaign', 'news')], []],
    [[ofVisits('is', 'path', '/x')], [0, 1, 2, 3]],
    [[ofVisits('not', 'path', '/x')], [4, 5, 6, 7]],
    [[ofVisits('not', 'path', '/x', '/api/y')], [4, 5]],
    [[ofVisits('has', 'path', 'pric')], [0, 1, 2, 4, 5]],
    [[ofVisits('hasnt', 'path', 'pric')], [3, 6, 7]],
    [[ofVisits('is', 'status', '404')], [0, 1, 2]],
    [[ofVisits('not', 'status', '404')], [3, 4, 5, 6, 7]],
    [[ofVisits('unset', 'country')], [0, 1, 2]],
    [[ofVisits('set', 'country')], [0, 1, 2, 3, 4, 5, 6, 7]],
    [[ofVisits('not', 'country', null)], [3, 4, 5, 6, 7]],
    [[ofVisits('is', 'hour', '1')], [3]],
    [[ofVisits('is', 'path', '/nowhere')], []],
    [[ofVisits('not', 'path', '/nowhere')], [0, 1, 2, 3, 4, 5, 6, 7]],
    // Each clause finds its own hit of the visit.
    [
      [ofVisits('is', 'path', '/x'), ofVisits('is', 'path', '/end')],
      [0, 1, 2]
    ],
    [[ofVisits('is', 'path', '/x'), clause('is', 'path', '/pricing')], [0]],
    [
      [ofVisits('is', 'path', '/pricing'), clause('not', 'visit_source', 'google.com')],
      [4, 5]
    ]
  ])('%j keeps %j', async (clauses, expected) => {
    expect(await seqs(clauses)).toEqual(expected)
  })

  test('looks at the whole visit, also where the period holds part of it', async () => {
    const edge = { from: start + 2 * minute, to: start + 3 * minute }
    expect(await seqs([clause('is', 'visit_source', 'google.com')], '', edge)).toEqual([2])
    expect(await seqs([ofVisits('is', 'path', '/x')], '', edge)).toEqual([2])
    expect(await seqs([ofVisits('not', 'path', '/x')], '', edge)).toEqual([])
  })

  test('leaves what is chosen of a visit among its siblings, and no clause about hits of visits', async () => {
    const clauses = [clause('is', 'entry_page', '/pricing'), ofVisits('is', 'path', '/x')]
    expect(await seqs(clauses)).toEqual([0, 1, 2])
    expect(await seqs(clauses, 'entry_page')).toEqual([0, 1, 2, 3])
    expect(await seqs(clauses, 'path')).toEqual([0, 1, 2])
  })

  test.each<[Clause['field'], Record<string, number>]>([
    ['entry_page', { '/': 2, '/pricing': 3, '/x': 1 }],
    ['exit_page', { '/pricing': 2, '/end': 3, '/x': 1 }],
    ['visit_source', { null: 3, 'google.com': 3 }],
    ['utm_source', { null: 3, news: 3 }]
  ])('hits can be grouped by %s', async (field, expected) => {
    const { join, code, names } = codeOf(field)
    const sql = `SELECT ${names ? 'names.value' : 'code'} AS value, n
      FROM (SELECT ${code} AS code, count(*) AS n FROM selected('', 'now') ${join} GROUP BY ALL)
      ${names ? `JOIN ${names} AS names ON names.key = code` : ''}`
    const found = await expectParity(pair, `${sql} ORDER BY ALL`, whole)
    expect(Object.fromEntries(found.map(({ value, n }) => [value, n]))).toEqual(expected)
  })
})

test.each<[Clause, before: number, untold: number, told: number]>([
  [ofVisits('is', 'path', '/pricing'), 1, 3, 5],
  [ofVisits('not', 'path', '/nowhere'), 1, 5, 5],
  [clause('is', 'visit_source', 'google.com'), 1, 3, 3]
])(
  'of new hits %j keeps those of visits that it knows',
  { timeout: 60_000 },
  async (clause, before, untold, told) => {
    const connection = await openNative()
    onTestFinished(() => connection.close())
    const store = new Store(connection, declared)
    await store.open('test')
    const load = (position: number, rows: Row[]) =>
      store.load([partOf(start, position, rows.length)], () =>
        decoded([rowGroupOf(rows.map((row, i) => ({ ...row, seq: position * seqsPerPosition + i })))])
      )
    const query = new Query(connection)
    query.hits = 0
    const count = async (remark: string) =>
      (
        await query.ask<{ n: number }>(`SELECT count(*)::DOUBLE AS n FROM selected('', 'now') -- ${remark}`)
      )[0]!.n
    await load(1, asked.slice(0, 1).map(hitOf))
    await query.select({ ...whole, clauses: [clause] })
    expect(await count('before')).toBe(before)
    await load(2, asked.slice(1, 3).map(hitOf))
    await load(3, asked.slice(4, 6).map(hitOf))
    expect(await count('untold')).toBe(untold)
    query.version++
    expect(await count('told')).toBe(told)
  }
)
