import { isDimension } from '#lib/filter/dimension.ts'
import type { AlertRule } from '#lib/schema/alerts.ts'
import { matcherOf, readerOf, type Known, type Seen } from './matches.ts'
import { binOf } from './ranks.ts'

/** A row of a tally without its second. */
export interface Row {
  readonly hits: number
  readonly base: number
  readonly key: number
}

/** What a rule counts of a hit; null is nothing. `second` only goes on, or little back. */
export type Counter = (hit: Seen, second: number) => Row | null

const one: Row = { hits: 1, base: 0, key: 0 }
const part: Row = { hits: 1, base: 1, key: 0 }
const rest: Row = { hits: 0, base: 1, key: 0 }

/**
 * How a rule counts the requests of a log. `memory` is for how many seconds a value is known again. Throws an error that
 * says why a log is not enough.
 */
export function counterOf(rule: AlertRule, known: Known, memory: number): Counter {
  const { metric, where, field } = rule
  if (metric === 'change') throw new Error('it compares with earlier weeks, which a log does not hold')
  if (metric === 'new') throw new Error('it wants all values of earlier weeks, which a log does not hold')
  if (metric === 'attacks') throw new Error('it looks for families of attacks, which only a page knows')
  const matches = matcherOf(where, known)
  if (metric === 'share') return (hit) => (matches(hit) ? part : rest)
  if (metric === 'latency')
    return (hit) =>
      hit.duration !== null && matches(hit) ? { hits: 1, base: 0, key: binOf(hit.duration) } : null
  const isByValue = metric === 'distinct' || metric === 'most' || (metric === 'silence' && field !== null)
  if (!isByValue) return (hit) => (matches(hit) ? one : null)
  if (!isDimension(field ?? '')) throw new Error(`there is no field ${field}`)
  const valueOf = readerOf(field as Parameters<typeof readerOf>[0], known)
  if (metric === 'silence')
    return (hit) => {
      const value = matches(hit) ? valueOf(hit) : null
      return value === null ? null : { hits: 1, base: 0, key: hashOf(String(value)) }
    }
  const codes = new Codes(memory)
  return (hit, second) => {
    const value = matches(hit) ? valueOf(hit) : null
    return value === null ? null : { hits: 1, base: 0, key: codes.of(String(value), second) }
  }
}

/** A number for a text that is the same wherever and whenever it is counted; 53 bits of two hashes of 32. */
function hashOf(text: string): number {
  let [high, low] = [0xdeadbeef, 0x41c6ce57]
  for (let at = 0; at < text.length; at++) {
    high = Math.imul(high ^ text.charCodeAt(at), 2_654_435_761)
    low = Math.imul(low ^ text.charCodeAt(at), 1_597_334_677)
  }
  return 2 ** 32 * ((high ^ (high >>> 16)) & 0x1fffff) + ((low ^ (low >>> 13)) >>> 0)
}

const manyCodes = 65_536

/** Numbers values. It forgets those that were not seen for as long as its memory is. */
class Codes {
  readonly #memory: number
  readonly #known = new Map<string, { code: number; last: number }>()
  #next = 0
  #room = manyCodes

  constructor(memory: number) {
    this.#memory = memory
  }

  of(value: string, second: number): number {
    const known = this.#known.get(value)
    if (known) {
      known.last = Math.max(known.last, second)
      return known.code
    }
    if (this.#known.size >= this.#room) this.#forget(second - this.#memory)
    this.#known.set(value, { code: this.#next, last: second })
    return this.#next++
  }

  #forget(before: number): void {
    for (const [value, { last }] of this.#known) if (last < before) this.#known.delete(value)
    this.#room = Math.max(manyCodes, 2 * this.#known.size)
  }
}
