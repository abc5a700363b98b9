import type { Contents } from './metrics.ts'

/** Bins: whole milliseconds up to 49, then 51 to each factor e. */
const firstWide = 200
const bins = 1_024
const narrow = 50

/** The bin of a duration in milliseconds. */
export const binOf = (ms: number): number =>
  ms < narrow
    ? Math.max(0, Math.floor(ms))
    : Math.min(bins - 1, narrow - firstWide + Math.round(51 * Math.log(ms)))

/** The duration that stands for a bin. */
export const durationOf = (bin: number): number =>
  bin < narrow ? bin : Math.exp((bin - narrow + firstWide) / 51)

/** A quantile of durations that come and go, in a binary indexed tree over bins: each step looks at ten of them. */
export class Ranks implements Contents {
  readonly #tree = new Float64Array(bins + 1)
  readonly #quantile: number
  #hits = 0

  constructor(quantile: number) {
    this.#quantile = quantile
  }

  add(hits: number, _base: number, bin: number): void {
    this.#hits += hits
    for (let at = bin + 1; at <= bins; at += at & -at) this.#tree[at]! += hits
  }

  value(): number | null {
    if (!this.#hits) return null
    let rest = Math.floor(this.#quantile * (this.#hits - 1))
    let at = 0
    for (let width = bins; width; width >>= 1)
      if (at + width <= bins && this.#tree[at + width]! <= rest) {
        at += width
        rest -= this.#tree[at]!
      }
    return durationOf(at)
  }
}
