import type { Values } from './parquet.ts'

/** 32-bit FNV-1a over UTF-16 units, finished by a mix so that near strings lie apart. */
function hash(text: string): number {
  let h = 0x811c9dc5
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  return mix(h)
}

function mix(h: number): number {
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/**
 * A sum over rows that does not depend on their order: each value is hashed together with its column and its row's
 * `seq`, so a lost, doubled, changed or moved value shows. 2 × 32 bits; against accidents, not against an attacker.
 */
export class Checksum {
  #low = 0
  #high = 0

  add(column: string, seq: Values, values: Values): void {
    const salt = hash(column)
    const known = new Map<unknown, number>()
    for (let i = 0; i < values.length; i++) {
      const value = values[i]
      let valueHash = known.get(value)
      if (valueHash === undefined) {
        valueHash = hash(value === null ? '\0null' : String(value))
        known.set(value, valueHash)
      }
      const row = Number(seq[i])
      const place = mix((row >>> 0) ^ Math.imul(Math.floor(row / 0x1_0000_0000) + 1, 0x9e3779b1))
      const h = mix(valueHash ^ mix(place ^ salt))
      this.#low = (this.#low + h) >>> 0
      this.#high = (this.#high + mix(h ^ 0x5bd1e995)) >>> 0
    }
  }

  toString(): string {
    return [this.#high, this.#low].map((word) => word.toString(16).padStart(8, '0')).join('')
  }
}
