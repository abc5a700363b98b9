import { Random } from './random.ts'

/** Times in which the platform fails calls to the object, with errors that say nothing of the batch or the object. */
export class Illness {
  readonly #random: Random
  #until = 0
  #isOver = false

  /** Its chance is its own, so that it changes nothing else of a history. */
  constructor(seed: number) {
    this.#random = new Random(seed ^ 0x5bd1e9)
  }

  /** The error of a call at a time; null where it goes through. */
  errorAt(now: number): Error | null {
    if (this.#isOver) return null
    if (now >= this.#until && this.#random.chance(0.02))
      this.#until = now + this.#random.spread(1_000, 3_600_000)
    if (now >= this.#until) return null
    return Object.assign(new Error('internal error; reference = 0'), { remote: this.#random.chance(0.5) })
  }

  /** From now on calls go through. */
  end(): void {
    this.#isOver = true
  }
}
