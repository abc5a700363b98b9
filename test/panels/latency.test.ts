import { expect, onTestFinished, test } from 'vitest'
import { Query } from '../../src/lib/ask/query.ts'
import { Store } from '../../src/lib/device/store.ts'
import type { Selection } from '../../src/lib/filter/filter.ts'
import { figuresOf, splits, type FiguresRow } from '../../src/lib/panels/figures.ts'
import { rollUpsOf } from '../../src/lib/ask/roll.ts'
import { measures } from '../../src/lib/panels/measures/measures.ts'
import { routesOf, type Route } from '../../src/lib/panels/routes.ts'
import { decoded, rowGroupOf } from '../star/incoming.ts'
import { openNative } from '../engine/native.ts'
import { partOf } from './rolled-copy.ts'
import { openWasm } from '../engine/node-engine.ts'
import { randomOf } from '../device/site.ts'

const start = Date.UTC(2026, 10, 2)
const day = 86_400_000
const selection: Selection = { from: start, to: start + 8 * day, traffic: 'all', clauses: [] }
const timing = { zone: 'Asia/Kathmandu', interval: '1 day' } as const
const quantiles = [0.5, 0.95, 0.99]

const random = randomOf(5)
/** As `accept` takes them: from nothing to thirty years, to the microsecond. */
const wild = () =>
  random.pick([
    () => null,
    () => 0,
    () => 0.3,
    () => 0.001,
    () => random.below(50),
    () => 50 + random.below(3_000),
    () => random.below(40_000) / 1000,
    () => random.below(100_000_000) / 1000,
    () => 999_999_999_999.999
  ])()

const durations = Array.from({ length: 4_000 }, () => ({
  time: start + random.below(8 * day),
  duration: wild(),
  path: random.pick(['/', '/orders/1', '/orders/22/lines/7', '/about'])
}))
/** Few of a route, where a quantile lies between two hits far apart. */
const few = [0, 49, 49.5, 50, 1_000_000].map((duration, i) => ({
  time: start + i * 1_000,
  duration,
  path: '/few'
}))

/** As `quantile_cont` has it. */
function exactly(found: readonly (number | null)[]): (number | null)[] {
  const sorted = found.filter((ms) => ms !== null).sort((a, b) => a - b)
  return quantiles.map((q) => {
    const at = q * (sorted.length - 1)
    const [low, high] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]]
    return low === undefined || high === undefined ? null : low + (high - low) * (at - Math.floor(at))
  })
}

function expectNear(found: readonly (number | null)[], wanted: readonly (number | null)[]) {
  found.forEach((ms, i) => {
    const exact = wanted[i]!
    if (exact === null) return expect(ms).toBeNull()
    // A sum of two that are each within it may miss it by what a double cannot tell.
    expect(Math.abs(ms! - exact)).toBeLessThanOrEqual(exact * (0.01 + 1e-12))
  })
}

test.each([
  ['native DuckDB', openNative],
  ['the page’s engine', openWasm]
])('bins tell latency within a hundredth on %s', { timeout: 120_000 }, async (_, open) => {
  const connection = await open()
  onTestFinished(() => connection.close())
  const store = new Store(connection)
  await store.open('test')
  await store.openRolls(rollUpsOf(measures))
  const hits = [...durations, ...few]
  const rows = hits.map((hit, seq) => ({
    ...hit,
    seq,
    is_bot: seq % 3 === 0,
    is_asset: false,
    visitor: Math.floor(hit.time / day) * 100 + (seq % 50),
    shape: 'ballcone'
  }))
  await store.load([partOf(start, 0, rows.length)], () => decoded([rowGroupOf(rows)]))
  const plain = new Query(connection)
  await plain.select(selection, timing)
  const figures = await plain.ask<FiguresRow>(figuresOf('chart', null, true))
  const starts = [...new Set(figures.map(({ bucket }) => bucket))].filter((at) => at !== null)
  const { total, each } = splits(figures, starts)
  const isIn = (from: number) => (hit: { time: number }) => hit.time >= from && hit.time < from + day
  expectNear([total.p50, total.p95, total.p99], exactly(hits.map(({ duration }) => duration)))
  each.forEach(({ p50, p95, p99 }, i) =>
    expectNear([p50, p95, p99], exactly(hits.filter(isIn(starts[i]!)).map(({ duration }) => duration)))
  )
  const routes = await plain.ask<Route & { route: string }>(routesOf(true))
  expect(routes.map(({ route }) => route).sort()).toEqual([
    '/',
    '/about',
    '/few',
    '/orders/:id',
    '/orders/:id/lines/:id'
  ])
  for (const { route, requests, p50, p95, p99 } of routes) {
    const own = hits.filter(
      ({ path, duration }) => path.replaceAll(/\d+/g, ':id') === route && duration !== null
    )
    expect(requests).toBe(own.length)
    expectNear([p50, p95, p99], exactly(own.map(({ duration }) => duration)))
  }

  const whole = { from: start, to: start + 8 * day }
  await store.roll(whole, rollUpsOf(measures))
  const rolled = new Query(connection, () => store.rolled)
  await rolled.select(selection, timing)
  expect(splits(await rolled.ask<FiguresRow>(figuresOf('chart', null, true)), starts)).toEqual({
    total,
    each
  })
  expect(await rolled.ask(routesOf(true))).toEqual(routes)
})
