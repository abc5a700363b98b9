/** A metric over time: from each second on it has a value, until the next; null is none. */
export interface Course {
  readonly second: Float64Array
  /** NaN where there is no value. */
  readonly value: Float64Array
  /** What a value grows by with each second until the next one is listed: 1 for silence, else 0. */
  readonly slope: 0 | 1
}

/** The value of a course at a second, which is not before its last one; null if it has none. */
export function valueAt({ second, value, slope }: Course, at: number): number | null {
  const last = value.at(-1) ?? NaN
  return Number.isNaN(last) ? null : last + slope * (at - second.at(-1)!)
}

/** Writes a course. */
export class Steps {
  readonly #second: Float64Array
  readonly #value: Float64Array
  readonly #slope: Course['slope']
  #length = 0

  constructor(most: number, slope: Course['slope']) {
    this.#second = new Float64Array(most)
    this.#value = new Float64Array(most)
    this.#slope = slope
  }

  /** Adds a value unless it is what the course has by then anyway. */
  add(second: number, value: number): void {
    const last = this.#length - 1
    if (last >= 0) {
      const expected = this.#value[last]! + this.#slope * (second - this.#second[last]!)
      if (Object.is(expected, value)) return
    }
    this.#second[this.#length] = second
    this.#value[this.#length++] = value
  }

  end(): Course {
    const [second, value] = [this.#second.slice(0, this.#length), this.#value.slice(0, this.#length)]
    return { second, value, slope: this.#slope }
  }
}
