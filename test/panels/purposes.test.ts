import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Clause, Operator, Selection } from '../../src/lib/filter/filter.ts'
import { breakdownOf, type Value } from '../../src/lib/panels/breakdowns.ts'
import { panels } from '../../src/lib/panels/ledger.ts'
import { suggestSql } from '../../src/lib/panels/questions.ts'
import { topSql, type TopRow } from '../../src/lib/panels/ranking.ts'
import { expectParity, openPair, type Pair } from '../ask/parity.ts'

const start = Date.UTC(2026, 10, 20)
const under = (...clauses: Clause[]): Selection => ({
  from: start,
  to: start + 86_400_000,
  traffic: 'all',
  clauses
})
const clause = (operator: Operator, ...values: Clause['values']): Clause => ({
  field: 'bot_purpose',
  operator,
  values
})
const purposes = panels.flatMap(({ tabs }) => tabs).find(({ name }) => name === 'purpose')!
const hits = ['search, ai_training', 'search, ai_training', 'ai_training', 'ai_search', null]

let pair: Pair
beforeAll(async () => {
  pair = await openPair(
    hits.map((bot_purpose, seq) => ({
      seq,
      kind: 'request',
      time: start + seq,
      path: '/',
      method: 'GET',
      status: 200,
      is_bot: bot_purpose !== null,
      bot_purpose,
      visitor: seq + 1
    }))
  )
}, 60_000)
afterAll(() => pair.close())

test('a request counts with each purpose of its bot, and once in all', { timeout: 60_000 }, async () => {
  const rows = (await expectParity(pair, breakdownOf(purposes, 'now'), under())) as unknown as Value[]
  expect(rows.map(({ value, counted, slots }) => [value, counted, slots?.length])).toEqual([
    ['ai_training', 3, 1],
    ['search', 2, 1],
    ['ai_search', 1, 1]
  ])
  expect(rows[0]).toMatchObject({ listed: 3, all_requests: 4, all_counted: 4 })
})

test.each([
  [clause('is', 'ai_training'), 3],
  [clause('is', 'search'), 2],
  [clause('is', 'search', 'ai_search'), 3],
  [clause('is', 'search', null), 3],
  [clause('is', 'train'), 0],
  [clause('not', 'search'), 3],
  [clause('not', 'search', null), 2],
  [clause('has', 'train'), 3],
  [clause('unset'), 1]
])('the clause %j keeps %i', { timeout: 60_000 }, async (filter, kept) => {
  const sql = `SELECT count(*)::DOUBLE AS n FROM selected('', 'now')`
  expect(await expectParity(pair, sql, under(filter))).toEqual([{ n: kept }])
})

test('the values that one may filter by are single purposes', { timeout: 60_000 }, async () => {
  const rows = await expectParity(pair, suggestSql('bot_purpose'), under())
  expect(rows.map(({ value, requests }) => [value, requests])).toContainEqual(['ai_training', 3])
  expect(rows.map(({ value }) => value)).not.toContain('search, ai_training')
})

test.each([
  ['all', under(), [5, ['ai_training', 3]]],
  ['those of a purpose', under(clause('is', 'ai_search')), [5, ['ai_training', 3]]],
  ['none', { ...under(), from: 0, to: 1 }, [0]]
])(
  'the table of %s has a total in which no request counts twice',
  { timeout: 60_000 },
  async (_, selection, wanted) => {
    const top = { column: 'bot_purpose', traffic: 'all', isSearched: false, isAscending: false } as const
    const sql = topSql({ ...top, sort: 'requests', limit: 1 })
    const rows = (await expectParity(pair, sql, selection)) as unknown as TopRow[]
    const [total, ...others] = rows
    expect(total).toMatchObject({ is_total: true, requests: wanted[0] })
    expect(others.map(({ value, requests }) => [value, requests])).toEqual(wanted.slice(1))
  }
)
