import { across } from './plot.ts'

/** What is marked on a time axis. Times are ms since 1970. */
export interface Flag {
  readonly id: string
  readonly kind: 'annotation' | 'alert'
  readonly from: number
  /** The end of a span, `Infinity` while it goes on; null for a moment. */
  readonly to: number | null
}

/** Flags that are so close that they share a mark. */
export interface Cluster<P extends Flag> {
  /** How far across, 0 to 1. */
  readonly at: number
  readonly flags: readonly P[]
}

/** A stretch that spans of one kind cover, each end 0 to 1. */
export interface Band {
  readonly kind: Flag['kind']
  readonly from: number
  readonly to: number
}

type Edges = readonly number[]

/** Flags that lie in a chart, or reach into it, by time. */
export function flagsWithin<P extends Flag>(flags: readonly P[], edges: Edges): P[] {
  const [first, last] = [edges[0] ?? 0, edges.at(-1) ?? 0]
  return flags
    .filter(({ from, to }) => from < last && (to === null ? from >= first : to > first))
    .toSorted((a, b) => a.from - b.from || (a.to ?? a.from) - (b.to ?? b.from))
}

/** Marks for the flags of a chart of so many pixels, no two closer than `gap`. A span that began before stands at the edge. */
export function clustersOf<P extends Flag>(
  flags: readonly P[],
  edges: Edges,
  width: number,
  gap: number
): Cluster<P>[] {
  const at = across(edges)
  const clusters: { at: number; flags: P[] }[] = []
  for (const flag of flagsWithin(flags, edges)) {
    const place = Math.max(0, at(flag.from))
    const last = clusters.at(-1)
    if (last && (place - last.at) * width < gap) last.flags.push(flag)
    else clusters.push({ at: place, flags: [flag] })
  }
  return clusters
}

/** The stretches that spans cover. Those of a kind that meet are one, so that no color is laid on twice. */
export function bandsOf(flags: readonly Flag[], edges: Edges): Band[] {
  const at = across(edges)
  const bands = new Map<Flag['kind'], { kind: Flag['kind']; from: number; to: number }[]>()
  for (const { kind, from, to } of flagsWithin(flags, edges)) {
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
