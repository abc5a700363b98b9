import { expect, test } from 'vitest'
import { count } from '#lib/format/number.ts'
import { drawLane } from '#lib/charts/lane.ts'
import { highest, plot, ribbon, type Series } from '#lib/charts/plot.ts'
import { logTicks, timeTicks, valueTicks } from '#lib/charts/scale.ts'
import { area, bar, line } from '#lib/charts/shape.ts'

const series = (...values: (number | null)[][]): Series[] =>
  values.map((of, i) => ({ name: String(i), color: `c${i}`, values: of }))

test('a stack is as high as its highest sum', () => {
  expect(highest(series([1, 5], [4, 2]), true)).toBe(7)
  expect(highest(series([1, 5], [4, 2]), false)).toBe(5)
  expect(highest(series([null]), true)).toBe(0)
})

test('few buckets are bars, each on the one below', () => {
  const [people, bots] = plot([0, 10, 20], series([2, null], [2, 4]), true, 4)
  expect(people?.fill).toBe('M45 1000V500h410V1000Z')
  expect(bots?.fill).toBe('M45 500V0h410V500ZM545 1000V0h410V1000Z')
})

test('a line breaks where there is no value', () => {
  const [drawn] = plot([0, 1, 2, 3, 4], series([1, null, 1, 2]), false, 2)
  expect(drawn?.stroke).toBe('M0 500L125 500M625 500L875 0L1000 0')
})

test('many buckets are areas down to the one below', () => {
  const edges = Array.from({ length: 101 }, (_, i) => i)
  const [people, bots] = plot(edges, series(edges.slice(1).fill(1), edges.slice(1).fill(1)), true, 2)
  expect(people?.fill.startsWith('M0 500L5 500')).toBe(true)
  expect(bots?.fill.startsWith('M0 0L5 0')).toBe(true)
  expect(bots?.fill.endsWith('L5 500L0 500Z')).toBe(true)
})

test('shapes of nothing are nothing', () => {
  expect(line([null])).toBe('')
  expect(area([], 10)).toBe('')
  expect(bar(0, 10, 5, 5)).toBe('')
  expect(line([[1, 2]])).toBe('M1 2h.01')
})

test.each([
  [0, 1, []],
  [1, 1, [0.25, 0.5, 0.75, 1]],
  [7, 8, [2, 4, 6, 8]],
  [1_790, 2_000, [500, 1_000, 1_500, 2_000]]
])('the axis of %d ends at %d', (max, top, ticks) => expect(valueTicks(max)).toEqual({ top, ticks }))

test('an axis of whole numbers has no halves', () => {
  expect(valueTicks(2, 4, 1)).toEqual({ top: 2, ticks: [1, 2] })
  expect(valueTicks(3, 4, 1)).toEqual({ top: 3, ticks: [1, 2, 3] })
  expect(valueTicks(40, 4, 1)).toEqual(valueTicks(40))
})

const utc = { wallOf: (ms: number) => ms, instantOf: (ms: number) => ms }
const oneAhead = { wallOf: (ms: number) => ms + 3_600_000, instantOf: (ms: number) => ms - 3_600_000 }
const at = (text: string) => Date.parse(`${text}Z`)

test('times are told in round hours of a clock, in its days, or in months', () => {
  const hours = timeTicks(at('2026-11-21T10:20'), at('2026-11-21T16:20'), 6, utc)
  expect(hours).toEqual({
    unit: 'time',
    ticks: [11, 12, 13, 14, 15, 16].map((h) => at(`2026-11-21T${h}:00`))
  })
  const days = timeTicks(at('2026-11-15T23:00'), at('2026-11-22T23:00'), 4, oneAhead)
  expect(days).toEqual({ unit: 'day', ticks: ['15', '17', '19', '21'].map((d) => at(`2026-11-${d}T23:00`)) })
  const months = timeTicks(at('2026-01-01T00:00'), at('2027-01-01T00:00'), 6, utc)
  expect(months).toEqual({
    unit: 'month',
    ticks: ['01', '03', '05', '07', '09', '11'].map((m) => at(`2026-${m}-01T00:00`))
  })
})

test('latency is told in powers of ten', () => {
  const scale = logTicks([12, 300, 2_400])
  expect(scale.ticks).toEqual([10, 100, 1_000])
  expect(scale.at(2_400)).toBeGreaterThan(scale.at(300))
  expect(logTicks([30, 60]).ticks).toEqual([50])
  expect(logTicks([]).ticks).toEqual([])
})

test('a ribbon is a line below and bands above it, broken where nothing is known', () => {
  const [p50, p95] = ribbon([0, 1, 2, 3], series([1, null, 1], [2, null, 2]), (value) => value / 2)
  expect(p50).toMatchObject({ fill: '', stroke: 'M0 500L166.67 500M833.33 500L1000 500' })
  expect(p95?.fill).toBe('M0 0L166.67 0L166.67 500L0 500ZM833.33 0L1000 0L1000 500L833.33 500Z')
})

test('a lane reaches as high as what it is compared with', () => {
  const lane = { name: 'Requests', kind: 'stack', series: series([1, 2]), format: count } as const
  const { ticks, before } = drawLane([0, 1, 2], { ...lane, before: [4, null] })
  expect(ticks.map(({ label }) => label)).toEqual(['1', '2', '3', '4'])
  expect(before).toBe('M0 0L250 0')
})

test('a spike of what it is compared with leaves a lane at the top, and is told there', () => {
  const edges = Array.from({ length: 21 }, (_, i) => i)
  const lane = {
    name: 'Requests',
    kind: 'stack' as const,
    series: series(edges.slice(1).fill(100)),
    format: count
  }
  const quiet = edges.slice(1).fill(90)
  const { ticks, before, beyond } = drawLane(edges, { ...lane, before: quiet.with(10, 5_000) })
  expect(ticks.at(-1)?.label).toBe('150')
  expect(beyond).toEqual({ at: 0.5, label: '5,000' })
  expect(before).toMatch(/L525 -\d{4,}/)
  expect(drawLane(edges, { ...lane, before: quiet.fill(5_000) }).beyond).toBe(null)
  expect(drawLane(edges, { ...lane, before: quiet.fill(90).with(10, 200) }).beyond).toBe(null)
})
