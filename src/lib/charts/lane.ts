import { text, tick, type Quantity } from '#lib/format/number.ts'
import { across, highest, line, plot, ribbon, size, type Drawn, type Series } from './plot.ts'
import { logTicks, valueTicks } from './scale.ts'

/** One drawing of several above the same times. */
export interface Lane {
  name: string
  /** Series that add up stand on each other; quantiles lie within each other, on a scale of powers. */
  kind: 'stack' | 'bars' | 'lines' | 'ribbon'
  series: readonly Series[]
  format: (value: number) => Quantity
  /** The same of another range, dashed. */
  before?: readonly (number | null)[]
}

export interface DrawnLane {
  ticks: { at: number; label: string }[]
  drawn: Drawn[]
  before: string
  /** The highest of `before` where it leaves the drawing at the top: how far across, and how much. */
  beyond: { at: number; label: string } | null
}

/** A ninth decile: what a series comes to, but for its spikes. */
const usual = (values: readonly (number | null)[]) => {
  const known = values.filter((value) => value !== null).toSorted((a, b) => a - b)
  return known[Math.floor(known.length * 0.9)] ?? 0
}

const label = (format: Lane['format'], value: number) => text(format(value))

/** What a lane looks like in a square that is stretched over its room. */
export function drawLane(edges: readonly number[], { kind, series, format, before = [] }: Lane): DrawnLane {
  if (kind === 'ribbon') {
    const scale = logTicks(series.flatMap(({ values }) => values.filter((value) => value !== null)))
    const ticks = scale.ticks.map((value) => ({ at: scale.at(value), label: tick(format(value)) }))
    return { ticks, drawn: ribbon(edges, series, scale.at), before: '', beyond: null }
  }
  const isStack = kind !== 'lines'
  const own = highest(series, isStack)
  const peak = Math.max(0, ...before.map((value) => value ?? 0))
  // A spike of another range does not press this one down: it goes out at the top, and a word says how far.
  const room = 1.5 * Math.max(own, usual(before))
  const isBeyond = own > 0 && peak > 2 * room
  const most = isBeyond ? room : Math.max(own, peak)
  // What is only ever told as a whole number has no half on its axis.
  const least = label(format, 1.5) === label(format, 2) ? 1 : 0
  const { top, ticks } = valueTicks(most, kind === 'bars' ? 1 : 4, least)
  return {
    ticks: ticks.map((value) => ({ at: value / top, label: tick(format(value)) })),
    drawn: plot(edges, series, isStack, top, kind === 'bars'),
    before: line(edges, before, (value) => size - (value / top) * size),
    beyond: isBeyond
      ? { at: across(edges)(edges[before.indexOf(peak)] ?? 0), label: label(format, peak) }
      : null
  }
}
