import type { AlertRule } from '#lib/schema/alerts.ts'
import { Ranks } from './ranks.ts'

/** What stands in the window of a metric, as rows enter and leave it. */
export interface Contents {
  add(hits: number, base: number, key: number): void
  /** Null where it has no value: a share of nothing. */
  value(): number | null
}

export interface Metric {
  readonly title: string
  /** What stands behind a value. */
  readonly unit: string
  /** Missing from silence, whose value grows while no row enters or leaves. */
  readonly open?: (rule: AlertRule) => Contents
}

/** Metrics by name. What leaves a window is added with its counts negative. */
export const metrics: { readonly [N in AlertRule['metric']]: Metric } = {
  rate: { title: 'requests a second', unit: 'req/s', open: ({ window }) => sum((hits) => hits / window) },
  count: { title: 'requests', unit: 'requests', open: () => sum((hits) => hits) },
  share: { title: 'share of requests', unit: '%', open: () => sum(percent) },
  latency: { title: 'response time', unit: 'ms', open: ({ quantile }) => new Ranks(quantile ?? 0.95) },
  distinct: { title: 'different values', unit: 'values', open: different },
  new: { title: 'new values', unit: 'new values', open: () => sum((hits) => hits) },
  change: { title: 'requests against earlier weeks', unit: '%', open: () => sum(percent) },
  silence: { title: 'time without a request', unit: 's' },
  most: { title: 'requests of the busiest value', unit: 'requests', open: busiest },
  attacks: { title: 'attack requests', unit: 'requests', open: () => sum((hits) => hits) }
}

const percent = (hits: number, base: number) => (base ? (100 * hits) / base : null)

function sum(value: (hits: number, base: number) => number | null): Contents {
  let [allHits, allBase] = [0, 0]
  return {
    add(hits, base) {
      allHits += hits
      allBase += base
    },
    value: () => value(allHits, allBase)
  }
}

function different(): Contents {
  const hitsOf = new Map<number, number>()
  return {
    add(hits, _, key) {
      const left = (hitsOf.get(key) ?? 0) + hits
      if (left) hitsOf.set(key, left)
      else hitsOf.delete(key)
    },
    value: () => hitsOf.size
  }
}

/** The hits of the value that has most of them. */
function busiest(): Contents {
  const hitsOf = new Map<number, number>()
  /** How many values have so many hits. */
  const valuesWith = new Map<number, number>()
  let most = 0
  const count = (hits: number, by: 1 | -1) => {
    const left = (valuesWith.get(hits) ?? 0) + by
    if (left) valuesWith.set(hits, left)
    else valuesWith.delete(hits)
  }
  return {
    add(hits, _, key) {
      const before = hitsOf.get(key) ?? 0
      const after = before + hits
      if (before) count(before, -1)
      if (after) count(after, 1)
      if (after) hitsOf.set(key, after)
      else hitsOf.delete(key)
      most = Math.max(most, after)
      // The busiest value itself stops it, as it still has `after`.
      while (most > 0 && !valuesWith.has(most)) most--
    },
    value: () => most
  }
}
