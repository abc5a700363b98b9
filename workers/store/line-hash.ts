import type { AcceptedHit } from '#lib/schema/hit.ts'

/**
 * 64 bits a hit over its `request_id` and all else it says, as two words each; null when no hit has an id. A hit
 * without one has two zeros: two equal health checks of one second are two hits. All else counts too, because a client
 * may be able to choose its id and must not hide its own hits behind it. Against accidents, not against an attacker.
 */
export function hashLines(hits: readonly AcceptedHit[]): Uint32Array | null {
  if (!hits.some((hit) => hit.request_id !== null)) return null
  const names = Object.keys(hits[0]!) as (keyof AcceptedHit)[]
  const [time, token] = [names.indexOf('time'), names.indexOf('token')]
  const words = new Uint32Array(hits.length * 2)
  const hasher = new Hasher(names.length)
  for (const [i, hit] of hits.entries()) {
    if (hit.request_id === null) continue
    hasher.start()
    // All hits have the same keys in the same order.
    const values = Object.values(hit) as Value[]
    // Whose batch brought it is not the record's; and one that says no time gets another one each time it comes.
    values[token] = null
    if (hit.flags !== null && untimed.test(hit.flags)) values[time] = null
    for (let column = 0; column < values.length; column++) hasher.add(column, values[column]!)
    hasher.write(words, i * 2)
  }
  return words
}

const untimed = /\b(?:no_time|no_zone|skew)\b/

type Value = string | number | null

/** Two 32-bit lanes. A text that is the same as in the hit before is not read again. */
class Hasher {
  readonly #last: (string | null)[]
  readonly #lows: Int32Array
  readonly #highs: Int32Array
  readonly #number = new Float64Array(1)
  readonly #halves = new Int32Array(this.#number.buffer)
  #low = 0
  #high = 0

  constructor(columns: number) {
    this.#last = Array<string | null>(columns).fill(null)
    this.#lows = new Int32Array(columns)
    this.#highs = new Int32Array(columns)
  }

  start(): void {
    this.#low = 0x9e3779b1
    this.#high = 0x85ebca6b
  }

  add(column: number, value: Value): void {
    if (value === null) return
    if (typeof value === 'number') {
      this.#number[0] = value
      this.#mix(column, this.#halves[0]!, this.#halves[1]!)
      return
    }
    if (this.#last[column] !== value) this.#read(column, value)
    this.#mix(column, this.#lows[column]!, this.#highs[column]!)
  }

  /** Never two zeros: these stand for no id. */
  write(words: Uint32Array, at: number): void {
    words[at] = this.#low ^ (this.#high >>> 15)
    words[at + 1] = (this.#high ^ (this.#low >>> 13)) | 1
  }

  #mix(column: number, low: number, high: number): void {
    this.#low = Math.imul(this.#low ^ low ^ column, 0x85ebca6b)
    this.#low ^= this.#low >>> 13
    this.#high = Math.imul(this.#high ^ high ^ (this.#low << 7), 0xc2b2ae35)
    this.#high ^= this.#high >>> 16
    this.#low = (this.#low + this.#high) | 0
  }

  #read(column: number, text: string): void {
    let low = 0xdeadbeef ^ text.length
    let high = 0x41c6ce57
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i)
      low = Math.imul(low ^ unit, 0x9e3779b1)
      high = Math.imul(high ^ unit, 0x5f356495)
    }
    this.#last[column] = text
    this.#lows[column] =
      Math.imul(low ^ (low >>> 16), 0x85ebca6b) ^ Math.imul(high ^ (high >>> 13), 0xc2b2ae35)
    this.#highs[column] =
      Math.imul(high ^ (high >>> 16), 0x85ebca6b) ^ Math.imul(low ^ (low >>> 13), 0xc2b2ae35)
  }
}
