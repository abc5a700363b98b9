import type { LogRow } from './log-row.ts'
import { readState, writeState } from './state.ts'
import type { Storage } from './storage.ts'

/** How long a line is known again: 48 hours in which lines came, or 2 M lines, whichever ends first. */
const maxHours = 48
const maxLines = 2_000_000
const hour = 3_600_000
/** Lines of one blob. The last one of an hour is written anew at each flush. */
const blobLines = 32_768
const smallest = 1 << 16

/**
 * Which lines were here before. Hashes lie in the rows of the log they came with, later many to a blob; what is held in
 * memory is a filter before them: a word a line, 16 MB for all of 2 M, made at the first batch that has ids.
 */
export class SeenLines {
  readonly #storage: Storage
  #slots: Uint32Array | null = null
  #count = 0

  constructor(storage: Storage) {
    this.#storage = storage
  }

  /**
   * For each row the places of hits that are known: from an earlier batch, or from further up in these rows. The others
   * are in the filter from now on, which may know too much, but never too little: rows that are not appended after all are
   * looked for in storage.
   */
  find(rows: readonly LogRow[]): number[][] {
    if (rows.every(({ lines }) => !lines)) return rows.map(() => [])
    const coming = rows.reduce((sum, { lines }) => sum + (lines?.length ?? 0) / 2, 0)
    // The forgotten stay in the filter until it is made anew.
    if (!this.#slots || this.#count + coming > this.#slots.length * 0.75) this.#slots = this.#load(coming)
    const maybe = new Hashes()
    for (const { lines } of rows)
      eachLine(lines, (low, high) => {
        if (this.#mayHold(low, high)) maybe.add(low, high)
        else this.#put(low, high)
      })
    if (!maybe.size) return rows.map(() => [])
    const known = this.#confirm(maybe)
    return rows.map(({ lines }) => {
      const places: number[] = []
      eachLine(lines, (low, high, place) => {
        if (known.has(low, high)) places.push(place)
        else known.add(low, high)
      })
      return places
    })
  }

  #mayHold(low: number, high: number): boolean {
    const slots = this.#slots!
    for (let at = low & (slots.length - 1); slots[at]; at = (at + 1) & (slots.length - 1))
      if (slots[at] === high) return true
    return false
  }

  #put(low: number, high: number): void {
    const slots = this.#slots!
    let at = low & (slots.length - 1)
    while (slots[at]) at = (at + 1) & (slots.length - 1)
    slots[at] = high
    this.#count++
  }

  /** With room for so many more. */
  #load(coming: number): Uint32Array {
    const [sizes] = this.#storage.sql<{ bytes: number }>(
      `select (select coalesce(sum(length(lines)), 0) from log)
         + (select coalesce(sum(length(hashes)), 0) from line_hash) as bytes`
    )
    let size = smallest
    while (size * 0.5 < sizes!.bytes / 8 + coming) size *= 2
    this.#slots = new Uint32Array(size)
    this.#count = 0
    for (const words of this.#blobs()) eachLine(words, (low, high) => this.#put(low, high))
    return this.#slots
  }

  /** Of lines the filter may hold, those that are there; a line sent again is mostly among the newest. */
  #confirm(maybe: Hashes): Hashes {
    const known = new Hashes()
    if (!maybe.size) return known
    for (const words of this.#blobs()) {
      eachLine(words, (low, high) => {
        if (maybe.has(low, high)) known.add(low, high)
      })
      if (known.size === maybe.size) break
    }
    return known
  }

  /** Newest first, one at a time. */
  *#blobs(): Generator<Uint32Array> {
    for (const { table, id, column } of places) {
      const ids = this.#storage.sql<{ id: number }>(
        `select ${id} as id from ${table} where ${column} is not null order by ${id} desc`
      )
      for (const row of ids) {
        const [found] = this.#storage.sql<{ blob: ArrayBuffer }>(
          `select ${column} as blob from ${table} where ${id} = ?`,
          row.id
        )
        yield readLines(found!.blob)
      }
    }
  }
}

/** A set of hashes of 64 bits in two words. Of many lines some have one word in common. */
class Hashes {
  readonly #first = new Map<number, number>()
  readonly #others = new Map<number, Set<number>>()
  size = 0

  has(low: number, high: number): boolean {
    return this.#first.get(low) === high || (this.#others.get(low)?.has(high) ?? false)
  }

  add(low: number, high: number): void {
    if (this.has(low, high)) return
    this.size++
    const others = this.#others.get(low)
    if (!this.#first.has(low)) this.#first.set(low, high)
    else if (others) others.add(high)
    else this.#others.set(low, new Set([high]))
  }
}

/** Where hashes lie. */
const places = [
  { table: 'log', id: 'position', column: 'lines' },
  { table: 'line_hash', id: 'id', column: 'hashes' }
]

/** Calls `each` for every hit that has an id. */
function eachLine(
  lines: Uint32Array | null | undefined,
  each: (low: number, high: number, place: number) => void
): void {
  if (!lines) return
  for (let i = 0; i < lines.length; i += 2) if (lines[i + 1]) each(lines[i]!, lines[i + 1]!, i / 2)
}

export function readLines(blob: ArrayBuffer | Uint8Array): Uint32Array {
  return new Uint32Array(new Uint8Array(blob).slice().buffer)
}

export const writeLines = (lines: Uint32Array) =>
  new Uint8Array(lines.buffer, lines.byteOffset, lines.byteLength)

/** Keeps the hashes of rows of the log that are about to be trimmed. */
export function keepLines(storage: Storage, before: number): void {
  const rows = storage.sql<{ received: number; lines: ArrayBuffer }>(
    'select received, lines from log where position < ? and lines is not null order by position',
    before
  )
  const byHour = new Map<number, number[]>()
  for (const { received, lines } of rows) {
    const at = Math.floor(received / hour)
    const words = byHour.get(at) ?? []
    byHour.set(at, words)
    eachLine(readLines(lines), (low, high) => words.push(low, high))
  }
  for (const [at, words] of byHour) keepInHour(storage, at, words)
}

function keepInHour(storage: Storage, at: number, words: number[]): void {
  const [last] = storage.sql<{ id: number; hashes: ArrayBuffer }>(
    'select id, hashes from line_hash where hour = ? and length(hashes) < ? order by id desc limit 1',
    at,
    blobLines * 8
  )
  if (last) {
    words = [...readLines(last.hashes), ...words]
    storage.sql('delete from line_hash where id = ?', last.id)
  }
  for (let start = 0; start < words.length; start += blobLines * 2)
    storage.sql(
      'insert into line_hash (hour, hashes) values (?, ?)',
      at,
      writeLines(Uint32Array.from(words.slice(start, start + blobLines * 2)))
    )
}

/**
 * Forgets lines of more than 48 h ago, and all but the newest 2 M. The last 48 hours in which lines came stay however
 * old they seem: a clock that was days off, or is now, must not make a line that comes again a new one.
 */
export function forgetLines(storage: Storage, now: number): void {
  storage.sql(
    `delete from line_hash where hour < ? and hour not in (
       select hour from line_hash group by hour order by max(id) desc limit ?
     )`,
    Math.floor(now / hour) - maxHours,
    maxHours
  )
  storage.sql(
    `delete from line_hash where id in (
       select id from (select id, sum(length(hashes)) over (order by id desc) as total from line_hash) where total > ?
     )`,
    maxLines * 8
  )
}

/** Forgets that some lines were ever here. */
export function forgetHashes(storage: Storage, gone: readonly Uint32Array[]): void {
  const wanted = new Hashes()
  for (const lines of gone) eachLine(lines, (low, high) => wanted.add(low, high))
  if (!wanted.size) return
  for (const { table, id, column } of places) {
    const ids = storage.sql<{ id: number }>(`select ${id} as id from ${table} where ${column} is not null`)
    for (const row of ids) {
      const [found] = storage.sql<{ blob: ArrayBuffer }>(
        `select ${column} as blob from ${table} where ${id} = ?`,
        row.id
      )
      const lines = readLines(found!.blob)
      let isChanged = false
      eachLine(lines, (low, high, place) => {
        if (!wanted.has(low, high)) return
        lines.fill(0, place * 2, place * 2 + 2)
        isChanged = true
      })
      if (isChanged)
        storage.sql(`update ${table} set ${column} = ? where ${id} = ?`, writeLines(lines), row.id)
    }
  }
}

/** What lines are known by; a store holds hashes of one kind only. */
const kind = 2

/** Forgets hashes that an earlier version made of other columns: no line is known by them, no erasure finds them. */
export function forgetOtherKinds(storage: Storage): void {
  if (readState(storage, 'line_hashes') === kind) return
  storage.transaction(() => {
    storage.sql('delete from line_hash')
    storage.sql('update log set lines = null')
    writeState(storage, 'line_hashes', kind)
  })
}
