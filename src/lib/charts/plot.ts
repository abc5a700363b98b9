import { area, bar, line as path, type Point } from './shape.ts'

export interface Series {
  name: string
  color: string
  /** One a bucket; null where there is nothing to draw. */
  values: readonly (number | null)[]
}

/** The drawing's own square: stretched to whatever room it gets. */
export const size = 1000

export interface Drawn {
  color: string
  fill: string
  stroke: string
  /** How much of its color the filling has. */
  weight: number
}

const mostBars = 62

/** Where each time lies, from 0 to 1. */
export const across = (edges: readonly number[]) => {
  const from = edges[0] ?? 0
  const length = (edges.at(-1) ?? 1) - from || 1
  return (ms: number) => (ms - from) / length
}

/** Each series on top of those before it. */
function levels(series: readonly Series[], isStack: boolean) {
  let below = (series[0]?.values ?? []).map(() => 0)
  return series.map(({ values }) => {
    const base = isStack ? below : below.map(() => 0)
    const tops = values.map((value, i) => (value === null ? null : value + (base[i] ?? 0)))
    below = tops.map((top, i) => top ?? base[i] ?? 0)
    return { base, tops }
  })
}

export const highest = (series: readonly Series[], isStack: boolean) =>
  Math.max(0, ...levels(series, isStack).flatMap(({ tops }) => tops.map((top) => top ?? 0)))

/** Bars while there is room for them, then areas; what cannot be added up is a line. */
export function plot(
  edges: readonly number[],
  series: readonly Series[],
  isStack: boolean,
  top: number,
  isBarred = false
): Drawn[] {
  const y = (value: number) => size - (value / top) * size
  const buckets = bucketsOf(edges)
  const isBars = isBarred || (isStack && buckets.length <= mostBars)

  return levels(series, isStack).map(({ base, tops }, which) => {
    const color = series[which]?.color ?? ''
    if (isBars) {
      const fill = buckets.map(([left, right], i) => {
        const gap = (right - left) * 0.09
        const value = tops[i] ?? null
        return value === null ? '' : bar(left + gap, right - left - 2 * gap, y(value), y(base[i] ?? 0))
      })
      return { color, fill: fill.join(''), stroke: '', weight: 0.86 }
    }
    const along = (values: readonly (number | null)[]) =>
      spread(
        buckets,
        values.map((v) => (v === null ? null : y(v)))
      )
    const above = along(tops)
    const floor = along(tops.map((value, i) => (value === null ? null : (base[i] ?? 0))))
    return isStack
      ? { color, fill: area(above, floor), stroke: path(above), weight: 0.86 }
      : { color, fill: area(above, size), stroke: path(above), weight: 0.12 }
  })
}

function bucketsOf(edges: readonly number[]) {
  const at = across(edges)
  return edges.slice(0, -1).map((from, i) => [at(from) * size, at(edges[i + 1] ?? from) * size] as const)
}

/** A line alone, at the heights that `y` gives. */
export const line = (
  edges: readonly number[],
  values: readonly (number | null)[],
  y: (value: number) => number
) =>
  path(
    spread(
      bucketsOf(edges),
      values.map((value) => (value === null ? null : y(value)))
    )
  )

/** From quantile to quantile, paler as it goes up; the lowest is the line. `at` is a value's height, 0 to 1. */
export function ribbon(
  edges: readonly number[],
  series: readonly Series[],
  at: (value: number) => number
): Drawn[] {
  const buckets = bucketsOf(edges)
  const along = series.map(({ values }) =>
    spread(
      buckets,
      values.map((value) => (value === null ? null : size - at(value) * size))
    )
  )
  return series.map(({ color }, i) => {
    const [floor, above] = [along[i - 1], along[i] ?? []]
    if (!floor) return { color, fill: '', stroke: path(above), weight: 0 }
    return { color, fill: bands(above, floor), stroke: '', weight: i === 1 ? 0.42 : 0.2 }
  })
}

/** The area between two lines, broken where they are. */
function bands(above: readonly Point[], floor: readonly Point[]) {
  const whole: [Point[], Point[]][] = [[[], []]]
  above.forEach((point, i) => {
    if (point) whole.at(-1)?.forEach((side, which) => side.push(which ? (floor[i] ?? null) : point))
    else if (whole.at(-1)?.[0].length) whole.push([[], []])
  })
  return whole.map(([upper, lower]) => area(upper, lower)).join('')
}

/** Through the middle of each bucket, and level to the outer edges of the first and the last. */
function spread(
  buckets: readonly (readonly [number, number])[],
  heights: readonly (number | null)[]
): Point[] {
  const points: Point[] = buckets.map(([left, right], i) => {
    const height = heights[i] ?? null
    return height === null ? null : [(left + right) / 2, height]
  })
  const [first, last] = [heights[0] ?? null, heights.at(-1) ?? null]
  if (first !== null && buckets[0]) points.unshift([buckets[0][0], first])
  if (last !== null && buckets.at(-1)) points.push([buckets.at(-1)![1], last])
  return points
}
