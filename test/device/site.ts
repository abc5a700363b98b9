import { seqsPerPosition } from '../../src/lib/schema/hit.ts'
import type { Manifest, Part, Range } from '../../src/lib/schema/manifest.ts'

export interface Row {
  seq: number
  time: number
  path: string
}

/** Random numbers from a seed: mulberry32. */
export function randomOf(seed: number) {
  const next = () => {
    seed = (seed + 0x6d2b79f5) | 0
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (n: number) => Math.floor(next() * n)
  return { below, pick: <T>(items: readonly T[]) => items[below(items.length)]! }
}

const dayMs = 86_400_000
export const firstDay = Date.UTC(2026, 10, 20)
export const days = 3

/** A site as the server holds it, in memory: flushes, compactions and rewrites change its parts as the store does. */
export class Site {
  readonly rows = new Map<string, Row[]>()
  version = 0
  parts: Part[] = []
  #position = 0
  #epoch = 0
  readonly #saved: { position: number; parts: Part[] }[] = [{ position: 0, parts: [] }]
  #parts = 0
  readonly #random: ReturnType<typeof randomOf>

  constructor(random: ReturnType<typeof randomOf>) {
    this.#random = random
  }

  get manifest(): Manifest {
    return { site: 'test', version: this.version, parts: [...this.parts] }
  }

  /** Some positions of the log become a part for each day touched. */
  flush() {
    const from = this.#position
    this.#position += 1 + this.#random.below(3)
    const rows: Row[] = []
    for (let position = from; position < this.#position; position++) {
      const places = 1 + this.#random.below(3)
      for (let place = 0; place < places; place++) rows.push(this.#row(position * seqsPerPosition + place))
    }
    const added = [...Map.groupBy(rows, (row) => dayOf(row.time))].map(([day, of]) =>
      this.#part(day, [{ from, to: this.#position }], 0, of)
    )
    this.#commit(added, [])
  }

  /** Two or more parts of a day become one, with the highest of their revisions. */
  compact() {
    const day = dayOf(firstDay + this.#random.below(days) * dayMs)
    const parents = this.parts.filter((part) => part.day === day && this.#random.below(3))
    if (parents.length < 2) return
    const revision = Math.max(...parents.map((part) => part.revision))
    const rows = parents.flatMap(({ id }) => this.rows.get(id)!)
    const ranges = unite(parents.flatMap((part) => part.ranges))
    this.#commit([this.#part(day, ranges, revision, rows)], parents)
  }

  /** Erase: a part's rows change, or go, under a higher revision; a part left empty is not replaced. */
  rewrite() {
    if (!this.parts.length) return
    const part = this.#random.pick(this.parts)
    const kept = this.rows.get(part.id)!.filter(() => this.#random.below(2))
    const rows = kept.map((row) => ({ ...row, path: `${row.path}'` }))
    this.#commit(rows.length ? [this.#part(part.day, part.ranges, part.revision + 1, rows)] : [], [part])
  }

  /** Retention: a part goes with all it holds. */
  expire() {
    const gone = this.parts.toSorted((a, b) => a.min_time - b.min_time).slice(0, 1)
    this.#commit([], gone)
  }

  /** The store is put back to what it was some versions ago; a reader that has seen more makes it begin a new epoch. */
  restore() {
    const seen = this.version
    const before = this.#random.pick(this.#saved)
    this.#position = before.position
    this.#epoch += 100
    this.parts = before.parts.map((part) => ({ ...part, revision: this.#epoch }))
    this.version = seen + 1
  }

  #row(seq: number): Row {
    const time = firstDay + this.#random.below(days) * dayMs + this.#random.below(dayMs)
    return { seq, time, path: `/${this.#random.below(5)}` }
  }

  #part(day: string, ranges: Range[], revision: number, rows: Row[]): Part {
    const id = `part-${this.#parts++}`
    const times = rows.map(({ time }) => time)
    this.rows.set(id, rows)
    return {
      id,
      day,
      ranges,
      revision,
      rows: rows.length,
      bytes: rows.length * 30,
      sha256: '',
      min_time: Math.min(...times),
      max_time: Math.max(...times)
    }
  }

  #commit(added: Part[], removed: Part[]) {
    this.version++
    for (const part of added) part.revision = Math.max(part.revision, this.#epoch)
    this.parts = [...this.parts.filter((part) => !removed.includes(part)), ...added]
    this.#saved.push({ position: this.#position, parts: this.parts })
  }
}

const dayOf = (time: number) => new Date(time).toISOString().slice(0, 10)

function unite(ranges: readonly Range[]): Range[] {
  const united: Range[] = []
  for (const { from, to } of ranges.toSorted((a, b) => a.from - b.from)) {
    const last = united.at(-1)
    if (last && last.to >= from) last.to = Math.max(last.to, to)
    else united.push({ from, to })
  }
  return united
}
