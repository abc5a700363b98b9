import { isCoded, type Column } from './coded.ts'
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
  #rows = new Uint32Array()

  /** The rows of which columns are added next. */
  rows(seq: Values): void {
    this.#rows = new Uint32Array(seq.length)
    for (let i = 0; i < seq.length; i++) {
      const row = Number(seq[i])
      this.#rows[i] = mix((row >>> 0) ^ Math.imul(Math.floor(row / 0x1_0000_0000) + 1, 0x9e3779b1))
    }
  }

  add(name: string, column: Column): void {
    const salt = hash(name)
    const hashOf = (value: unknown) => mix(hash(value === null ? '\0null' : String(value)) ^ salt)
    if (isCoded(column)) {
      const words = column.words.map(hashOf)
      this.#sum((row) => words[column.places[row]!]!)
    } else this.#sum((row) => hashOf(column[row]))
  }

  #sum(hashOf: (row: number) => number): void {
    const rows = this.#rows
    let [low, high] = [this.#low, this.#high]
    for (let row = 0; row < rows.length; row++) {
      const h = mix(hashOf(row) ^ rows[row]!)
      low = (low + h) | 0
      high = (high + mix(h ^ 0x5bd1e995)) | 0
    }
    this.#low = low
    this.#high = high
  }

  toString(): string {
    return [this.#high, this.#low].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('')
  }
}
