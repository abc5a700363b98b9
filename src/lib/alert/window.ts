import type { AlertRule } from '#lib/schema/alerts.ts'
import { metrics } from './metrics.ts'
import type { PerSecond } from './per-second.ts'

/** A metric over time: from each second on it has a value, until the next; null is none. */
export interface Course {
  readonly second: Float64Array
  /** NaN where there is no value. */
  readonly value: Float64Array
}

/**
 * The value of a rule's metric at each second from `from` to `to`, over the window that ends with it. Rows before
 * `from` count where the window reaches them. Only seconds at which the value changes are listed, and `from`.
 */
export function courseOf(rule: AlertRule, counts: PerSecond, from: number, to: number): Course {
  const contents = metrics[rule.metric].open(rule)
  const { second, hits, base, key } = counts
  const rows = second.length
  const steps = new Steps(2 * rows + 1)
  let [head, tail] = [0, 0]
  const pass = (at: number) => {
    for (; head < rows && second[head]! <= at; head++) contents.add(hits[head]!, base[head]!, key[head]!)
    for (; tail < head && second[tail]! + rule.window <= at; tail++)
      contents.add(-hits[tail]!, -base[tail]!, key[tail]!)
  }
  for (let at = from; at <= to; at = next()) {
    pass(at)
    steps.add(at, contents.value() ?? NaN)
  }
  return steps.end()

  function next(): number {
    const comes = head < rows ? second[head]! : Infinity
    const goes = tail < head ? second[tail]! + rule.window : Infinity
    return Math.min(comes, goes)
  }
}

class Steps {
  readonly #second: Float64Array
  readonly #value: Float64Array
  #length = 0

  constructor(most: number) {
    this.#second = new Float64Array(most)
    this.#value = new Float64Array(most)
  }

  add(second: number, value: number): void {
    if (this.#length && Object.is(this.#value[this.#length - 1], value)) return
    this.#second[this.#length] = second
    this.#value[this.#length++] = value
  }

  end(): Course {
    return { second: this.#second.slice(0, this.#length), value: this.#value.slice(0, this.#length) }
  }
}
