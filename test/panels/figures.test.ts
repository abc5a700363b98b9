import { expect, onTestFinished, test } from 'vitest'
import { figuresOf, splits, type FiguresRow } from '../../src/lib/panels/figures.ts'
import { expectParity, openPair } from '../ask/parity.ts'
import { randomOf } from '../device/site.ts'

const start = Date.UTC(2026, 10, 20)
const [hour, minute] = [3_600_000, 60_000]
const selection = { from: start, to: start + 24 * hour, traffic: 'all' as const, clauses: [] }

// Some come once, some stay for hours, some are gone for half an hour and a little.
function hitsOf(seed: number) {
  const random = randomOf(seed)
  return Array.from({ length: 60 }, (_, visitor) => {
    const is_bot = random.below(5) === 0
    let time = start + random.below(20 * hour)
    return Array.from({ length: 1 + random.below(6) }, () => {
      time += random.pick([0, minute, 29 * minute, 30 * minute, 31 * minute])
      return {
        kind: 'request',
        visitor,
        is_bot,
        is_asset: false,
        time,
        path: '/',
        status: 200,
        shape: 'ballcone'
      }
    })
  })
    .flat()
    .map((hit, seq) => ({ ...hit, seq }))
}

test('visits are what half an hour of silence parts', { timeout: 60_000 }, async () => {
  const hits = hitsOf(3)
  const pair = await openPair(hits)
  onTestFinished(() => pair.close())
  const last = new Map<number, number>()
  const begun = hits
    .filter(({ is_bot }) => !is_bot)
    .sort((a, b) => a.time - b.time)
    .filter(({ visitor, time }) => {
      const silence = time - (last.get(visitor) ?? -Infinity)
      last.set(visitor, time)
      return silence > 30 * minute
    })
  const rows = await expectParity(pair, figuresOf('chart', null), selection, {
    zone: 'UTC',
    interval: '1 hour'
  })
  const starts = Array.from({ length: 24 }, (_, i) => start + i * hour)
  const { total, each } = splits(rows as unknown as FiguresRow[], starts)
  expect(each.map(({ people }) => people.visits)).toEqual(
    starts.map((from) => begun.filter(({ time }) => time >= from && time < from + hour).length)
  )
  expect(total.people.visits).toBe(begun.length)
  expect(total.people.visitors).toBe(last.size)
  expect(begun.length).toBeGreaterThan(last.size)
})

test('in the totals is what lies in a part of the chart', { timeout: 60_000 }, async () => {
  const hits = hitsOf(4)
  const pair = await openPair(hits)
  onTestFinished(() => pair.close())
  const counted = { from: start + 6 * hour, to: start + 9 * hour }
  const rows = await expectParity(pair, figuresOf('chart', counted), { ...selection, traffic: 'bots' })
  const bots = hits.filter(({ is_bot, time }) => is_bot && time >= counted.from && time < counted.to)
  const { total } = splits(rows as unknown as FiguresRow[], [])
  expect(total.bots.visitors).toBe(new Set(bots.map(({ visitor }) => visitor)).size)
  expect(total.bots.requests).toBe(bots.length)
})

test('where nothing is, there is no row', { timeout: 60_000 }, async () => {
  const pair = await openPair(hitsOf(5))
  onTestFinished(() => pair.close())
  const nowhere = { ...selection, from: start - 48 * hour, to: start - 24 * hour }
  expect(await expectParity(pair, figuresOf('chart', null), nowhere)).toEqual([])
  expect(await expectParity(pair, figuresOf('chart', nowhere), nowhere)).toEqual([])
})
