import { Stretch, type Counted, type Statistics } from '../../src/lib/alert/statistics.ts'

/** Statistics of one interval after another, each once all its seconds are over. */
export class Periods {
  readonly #from: number
  readonly #interval: number
  readonly #patience: number
  readonly #open = new Map<number, Stretch>()
  #next = 0

  /** Of a quiet time that is longer than `patience` only the first interval is printed. */
  constructor(from: number, interval: number, patience: number) {
    this.#from = from
    this.#interval = interval
    this.#patience = patience
  }

  /** Counts a request; false if the statistics of its time are printed already. */
  add({ second, ...request }: Counted): boolean {
    const at = Math.floor((second - this.#from) / this.#interval)
    if (at < this.#next) return false
    let stretch = this.#open.get(at)
    if (!stretch) this.#open.set(at, (stretch = new Stretch(this.#startOf(at), this.#interval)))
    stretch.add(request)
    return true
  }

  #startOf(at: number): number {
    return this.#from + at * this.#interval
  }

  /** The statistics of intervals that are over with this second, in their order. */
  *close(to: number): Generator<Statistics> {
    const end = Math.floor((to + 1 - this.#from) / this.#interval)
    while (this.#next < end) {
      const stretch = this.#open.get(this.#next) ?? new Stretch(this.#startOf(this.#next), this.#interval)
      this.#open.delete(this.#next)
      yield stretch.statistics()
      this.#next++
      if (this.#open.has(this.#next)) continue
      const first = Math.min(end, ...this.#open.keys())
      if ((first - this.#next) * this.#interval > this.#patience) this.#next = first
    }
  }

  /** The statistics of the interval that this second cuts short, if it has begun. */
  *end(to: number): Generator<Statistics> {
    yield* this.close(to)
    const seconds = to + 1 - this.#startOf(this.#next)
    const stretch = this.#open.get(this.#next)
    if (stretch && seconds > 0) yield stretch.statistics(seconds)
  }
}
