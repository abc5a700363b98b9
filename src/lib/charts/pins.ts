import { across } from './plot.ts'

/** What is marked on a time axis. Times are ms since 1970. */
export interface Pin {
  readonly id: string
  readonly kind: 'annotation' | 'alert'
  readonly from: number
  /** The end of a span, `Infinity` while it goes on; null for a moment. */
  readonly to: number | null
}

/** Pins that are so close that they share a mark. */
export interface Cluster<P extends Pin> {
  /** How far across, 0 to 1. */
  readonly at: number
  readonly pins: readonly P[]
}

/** A stretch that spans of one kind cover, each end 0 to 1. */
export interface Band {
  readonly kind: Pin['kind']
  readonly from: number
  readonly to: number
}

type Edges = readonly number[]

/** Pins that lie in a chart, or reach into it, by time. */
export function pinsWithin<P extends Pin>(pins: readonly P[], edges: Edges): P[] {
  const [first, last] = [edges[0] ?? 0, edges.at(-1) ?? 0]
  return pins
    .filter(({ from, to }) => from < last && (to === null ? from >= first : to > first))
    .toSorted((a, b) => a.from - b.from || (a.to ?? a.from) - (b.to ?? b.from))
}

/** Marks for the pins of a chart of so many pixels, no two closer than `gap`. A span that began before stands at the edge. */
export function clustersOf<P extends Pin>(
  pins: readonly P[],
  edges: Edges,
  width: number,
  gap: number
): Cluster<P>[] {
  const at = across(edges)
  const clusters: { at: number; pins: P[] }[] = []
  for (const pin of pinsWithin(pins, edges)) {
    const place = Math.max(0, at(pin.from))
    const last = clusters.at(-1)
    if (last && (place - last.at) * width < gap) last.pins.push(pin)
    else clusters.push({ at: place, pins: [pin] })
  }
  return clusters
}

/** The stretches that spans cover. Those of a kind that meet are one, so that no color is laid on twice. */
export function bandsOf(pins: readonly Pin[], edges: Edges): Band[] {
  const at = across(edges)
  const bands = new Map<Pin['kind'], { kind: Pin['kind']; from: number; to: number }[]>()
  for (const { kind, from, to } of pinsWithin(pins, edges)) {
    if (to === null) continue
    const own = bands.get(kind) ?? []
    bands.set(kind, own)
    const [start, end] = [Math.max(0, at(from)), Math.min(1, at(to))]
    const last = own.at(-1)
    if (last && start <= last.to) last.to = Math.max(last.to, end)
    else own.push({ kind, from: start, to: end })
  }
  return [...bands.values()].flat()
}
