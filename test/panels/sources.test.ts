import { expect, onTestFinished, test } from 'vitest'
import { breakdownOf, type Value } from '../../src/lib/panels/breakdowns.ts'
import { panels } from '../../src/lib/panels/ledger.ts'
import { expectParity, openPair } from '../ask/parity.ts'

const start = Date.UTC(2026, 10, 20)
const minute = 60_000
const selection = { from: start, to: start + 86_400_000, traffic: 'all' as const, clauses: [] }
const tabOf = (name: string) => panels.flatMap(({ tabs }) => tabs).find((tab) => tab.name === name)!

const from: Record<string, object> = {
  direct: { referrer_kind: 'direct' },
  google: { referrer: 'https://google.com/', referrer_domain: 'google.com', referrer_kind: 'search' },
  social: { referrer: 'https://t.co/', referrer_domain: 't.co', referrer_kind: 'social' },
  self: { referrer: 'https://own.example/', referrer_domain: 'own.example', referrer_kind: 'internal' }
}

/** Pages that visitors asked for, each with the minute and where it was linked from. */
const asked: [visitor: number, at: number, source: string, query?: string][] = [
  [1, 0, 'google', 'utm_source=news'],
  [1, 1, 'self'],
  [1, 2, 'direct'],
  [2, 0, 'direct'],
  [2, 5, 'self'],
  // Back after an hour, and once more from another page of the site.
  [2, 70, 'social'],
  [2, 200, 'self'],
  [3, 10, 'self']
]

async function listed(name: string): Promise<Value[]> {
  const pair = await openPair(
    asked.map(([visitor, at, source, query], seq) => ({
      seq,
      kind: 'request',
      time: start + at * minute,
      path: '/',
      query: query ?? null,
      method: 'GET',
      status: 200,
      is_asset: false,
      is_bot: false,
      visitor,
      shape: 'combined',
      ...from[source]
    }))
  )
  onTestFinished(() => pair.close())
  return (await expectParity(pair, breakdownOf(tabOf(name), 'now'), selection)) as unknown as Value[]
}

test(
  'a visit has one source, where it came from, and shares are of visitors',
  { timeout: 60_000 },
  async () => {
    const rows = await listed('referrer')
    expect(rows.map(({ value, counted }) => [value, counted])).toEqual([
      [null, 2],
      ['google.com', 1],
      ['t.co', 1]
    ])
    expect(rows[0]!.all_counted).toBe(3)
  }
)

test('what goes on from a page of the site itself came directly', { timeout: 60_000 }, async () => {
  const rows = await listed('kind')
  expect(rows.map(({ value, counted }) => [value, counted])).toEqual([
    ['direct', 2],
    ['search', 1],
    ['social', 1]
  ])
})

test('a campaign is that of the first page of a visit', { timeout: 60_000 }, async () => {
  const rows = await listed('utm_source')
  expect(rows.map(({ value, counted }) => [value, counted])).toEqual([['news', 1]])
})
