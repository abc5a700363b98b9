import { isOwnTime } from '#lib/accept/fields.ts'
import { columns as listed, type Column } from '#lib/schema/hit.ts'
import type { HitColumn } from './hit-columns.ts'

const identity = (listed as readonly Column[]).filter((column) => column.identity).map(({ name }) => name)

/**
 * 64 bits a hit over what the line is: its `request_id`, when it happened, and what was asked and answered; null when no
 * hit has an id. A hit without one has two zeros: two equal health checks of one second are two hits. More than the id
 * counts, because a client may be able to choose it and must not hide its own hits behind it. Nothing counts that a
 * setting, the clock or the way to us may change, and parts hold all that counts, so that an erasure can tell which
 * hashes to forget. Against accidents, not against an attacker.
 *
 * A hit's hash is a sum over its columns, so that a column is read in one go and what all hits share but once. Texts are
 * read as the bytes of their JSON, which the log needs anyway: half the time of reading them as strings.
 */
export function hashLines(columns: readonly HitColumn[]): Uint32Array | null {
  const columnOf = (name: string) => columns.find((column) => column.name === name)!
  const ids = columnOf('request_id').values
  if (ids.every((id) => id === null)) return null
  const sums = new Sums(ids.length)
  const shared = new Sums(1)
  for (const [place, name] of identity.entries()) {
    const { values, isMixed, json } = columnOf(name)
    const sum = isMixed || name === 'time' ? sums : shared
    sum.salt = Math.imul(place + 1, 0x27d4eb2f)
    const isText = typeof values.find((value) => value !== null) === 'string'
    if (isText) addTexts(sum, json)
    else addNumbers(sum, name === 'time' ? ownTimes(values, columnOf('flags').values) : values)
  }
  const words = new Uint32Array(ids.length * 2)
  for (let i = 0; i < ids.length; i++) if (ids[i] !== null) write(words, i, sums, shared)
  return words
}

/** A hit that has no time of its own gets another one each time it comes. */
const ownTimes = (times: readonly unknown[], flags: readonly unknown[]) =>
  flags.every((flag) => flag === null)
    ? times
    : times.map((time, i) => (isOwnTime(flags[i] as string | null) ? time : null))

/** Two 32-bit lanes a hit. */
class Sums {
  readonly lows: Int32Array
  readonly highs: Int32Array
  /** Tells columns apart. */
  salt = 0

  constructor(hits: number) {
    this.lows = new Int32Array(hits)
    this.highs = new Int32Array(hits)
  }

  add(i: number, low: number, high: number): void {
    const a = Math.imul(low ^ this.salt, 0x85ebca6b)
    const b = Math.imul((a ^ (a >>> 13)) + high, 0xc2b2ae35)
    const c = Math.imul(high ^ this.salt, 0x9e3779b1)
    const d = Math.imul((c ^ (c >>> 15)) + low, 0x5f356495)
    this.lows[i]! += b ^ (b >>> 16)
    this.highs[i]! += d ^ (d >>> 13)
  }
}

const number = new Float64Array(1)
const halves = new Int32Array(number.buffer)

function addNumbers(sums: Sums, values: readonly unknown[]): void {
  for (let i = 0; i < sums.lows.length; i++) {
    const value = values[i]
    if (typeof value !== 'number') continue
    number[0] = value
    sums.add(i, halves[0]!, halves[1]!)
  }
}

const quote = 0x22
const backslash = 0x5c
const nullAndComma = 5

/** Strings and nulls of a JSON array without spaces, four bytes at a time. */
function addTexts(sums: Sums, json: Uint8Array): void {
  for (let at = 1, i = 0; at < json.length; i++) {
    if (json[at] !== quote) {
      at += nullAndComma
      continue
    }
    let low = 0xdeadbeef | 0
    let high = 0x41c6ce57
    let word = 0
    let taken = 0
    for (let byte = json[++at]!; byte !== quote; byte = json[++at]!) {
      word = (word << 8) | byte
      // What follows it is no end, whatever it is.
      if (byte === backslash) high = Math.imul(high ^ json[++at]!, 0x2c1b3c6d)
      if ((++taken & 3) !== 0) continue
      low = Math.imul(low ^ word, 0x9e3779b1)
      low ^= low >>> 15
      high = Math.imul(high + word, 0x5f356495)
      high ^= high >>> 13
      word = 0
    }
    sums.add(i, Math.imul(low ^ word ^ taken, 0x9e3779b1), Math.imul(high + word, 0x5f356495))
    at += 2
  }
}

/** Never two zeros: these stand for no id. */
function write(words: Uint32Array, i: number, sums: Sums, shared: Sums): void {
  const low = sums.lows[i]! + shared.lows[0]!
  const high = sums.highs[i]! + shared.highs[0]!
  words[i * 2] = low ^ (high >>> 15)
  words[i * 2 + 1] = (high ^ (low >>> 13)) | 1
}
