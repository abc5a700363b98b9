/** What is dated in seconds since 1970. */
interface Dated {
  readonly second: number
}

/** So many lines in a row that are far ahead of those before them show that the log went on there. */
const enough = 5

/**
 * Lets the lines of a log that is read at once through in their order, without those that a wrong clock dates ahead of
 * the lines around them: one such line would make all that follow it late.
 */
export class Sieve<T extends Dated> {
  readonly #lateness: number
  #latest = -Infinity
  #held: T[] = []
  /** Lines that were left out. */
  ahead = 0

  /** Lines may come so many seconds late. */
  constructor(lateness: number) {
    this.#lateness = lateness
  }

  /** What is let through now that this line is known. */
  take(line: T): readonly T[] {
    if (line.second > this.#latest + this.#lateness) {
      this.#held.push(line)
      return this.#held.length < enough ? [] : this.end()
    }
    this.#latest = Math.max(this.#latest, line.second)
    if (this.#held.length === 0) return [line]
    const held = this.#held.filter(({ second }) => second <= this.#latest + this.#lateness)
    return this.#release([line, ...held])
  }

  /** What was held back and is let through, since no more lines come. */
  end(): readonly T[] {
    let earliest = Infinity
    const passing = this.#held.toReversed().filter(({ second }) => {
      earliest = Math.min(earliest, second)
      return second <= earliest + this.#lateness
    })
    return this.#release(passing.reverse())
  }

  #release(passing: T[]): readonly T[] {
    const known = passing.filter((line) => this.#held.includes(line)).length
    this.ahead += this.#held.length - known
    this.#held = []
    for (const { second } of passing) this.#latest = Math.max(this.#latest, second)
    return passing
  }
}
