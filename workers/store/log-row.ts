import { Buffer } from 'node:buffer'
import { loggedQuery } from '#lib/accept/drop.ts'
import { columns, seqsPerPosition, type AcceptedHit } from '#lib/schema/hit.ts'
import { toColumns, type HitColumn } from './hit-columns.ts'
import { hashLines } from './line-hash.ts'
import { compress, decompress } from './zstd.ts'

/** Accepted hits as the log keeps them: one compressed blob a row of SQLite. */
export interface LogRow {
  rows: number
  hits: Uint8Array
  /** Two words a hit by which it is known again; null when none has an id, missing from a Worker of before. */
  lines?: Uint32Array | null
  /** The UTC days that its hits touch, counted from 1970; missing from a Worker of before. */
  days?: number[]
}

/** A SQLite value may have 2 MB in production; local workerd would take more. */
const blobLimit = 1 << 20
/** Hits in one row: what a flush decodes at a time, and far below `seqsPerPosition`. */
const rowLimit = 8_192
/** UTC days in one row: a flush makes a part for each, and takes whole rows. */
const dayLimit = 32

const text = new TextDecoder()
const utf8 = new TextEncoder()
const accepted = columns.filter((column) => column.from === 'accept').map((column) => column.name)

/** A column as JSON: a value a hit, or one value that stands for all of them. */
type Stored = Partial<Record<keyof AcceptedHit, { all: unknown } | unknown[]>>

/** Hits → rows of the log, none larger than a row may be. Columns, because a flush needs columns. */
export function toLogRows(hits: AcceptedHit[]): LogRow[] {
  if (!hits.length) return []
  const days = daysOf(hits)
  if (days.size > dayLimit) return splitByDay(hits)
  if (hits.length > rowLimit) return split(hits, rowLimit)
  const columns = toColumns(hits)
  const blob = compress(spell(columns), 'least')
  if (blob.length > blobLimit && hits.length > 1) return split(hits, Math.ceil(hits.length / 2))
  return [{ rows: hits.length, hits: blob, lines: hashLines(asLogged(columns, hits)), days: [...days] }]
}

/** The columns with the queries that a site drops: a line is known by them, or it would be another when that changes. */
function asLogged(columns: HitColumn[], hits: readonly AcceptedHit[]): HitColumn[] {
  const kept = columns.find(({ name }) => name === 'query')!
  if (kept.isMixed || kept.values[0] !== null) return columns
  const [logged] = toColumns(hits.map((hit) => ({ query: loggedQuery(hit) })))
  return columns.map((column) => (column === kept ? logged! : column))
}

const dayOf = ({ time }: AcceptedHit) => Math.floor(time / 86_400_000)

/** In the order in which they come: hits of one day mostly follow each other. */
function daysOf(hits: AcceptedHit[]): Set<number> {
  const days = new Set<number>()
  let last = NaN
  for (const hit of hits) {
    const day = dayOf(hit)
    if (day !== last) days.add(day)
    last = day
  }
  return days
}

/** Neighboring days share a row, so that a day lies in few rows. */
function splitByDay(hits: AcceptedHit[]): LogRow[] {
  const days = [...Map.groupBy(hits, dayOf)].sort(([a], [b]) => a - b)
  const rows = []
  for (let start = 0; start < days.length; start += dayLimit)
    rows.push(...toLogRows(days.slice(start, start + dayLimit).flatMap(([, hits]) => hits)))
  return rows
}

function split(hits: AcceptedHit[], size: number): LogRow[] {
  const slices = []
  for (let start = 0; start < hits.length; start += size) slices.push(hits.slice(start, start + size))
  return slices.flatMap(toLogRows)
}

/** JSON of an object of columns. */
const spell = (columns: HitColumn[]) =>
  Buffer.concat(
    columns.flatMap(({ name, isMixed, json }, i) => [
      utf8.encode(`${i ? ',' : '{'}"${name}":${isMixed ? '' : '{"all":'}`),
      isMixed ? json : json.subarray(1, -1),
      utf8.encode(`${isMixed ? '' : '}'}${i < columns.length - 1 ? '' : '}'}`)
    ])
  )

/** The columns of some rows of the log, joined; `seq` numbers the hits. */
export type LogColumns = Record<keyof AcceptedHit, unknown[]> & { seq: number[] }

/** A row as it is read back: `rows` hits of those it holds, all but the `dropped`. */
export interface Logged {
  position: number
  rows: number
  hits: ArrayBuffer | Uint8Array
  dropped?: ArrayBuffer | Uint8Array | null
  /** As `LogRow` has them, in JSON. */
  days?: string | null
}

/** Rows of the log → columns, in the order of the log. */
export function fromLogRows(log: Omit<Logged, 'days'>[]): LogColumns {
  const total = log.reduce((sum, { rows }) => sum + rows, 0)
  const joined = Object.fromEntries(
    [...accepted, 'seq'].map((name) => [name, Array(total).fill(null)])
  ) as LogColumns
  let start = 0
  for (const row of log) {
    const stored = JSON.parse(text.decode(decompress(new Uint8Array(row.hits)))) as Stored
    const places = keptPlaces(row)
    for (const name of accepted) {
      const values = stored[name]
      const column = joined[name]
      if (Array.isArray(values)) for (const [i, place] of places.entries()) column[start + i] = values[place]
      else if (values) column.fill(values.all, start, start + row.rows)
    }
    for (const [i, place] of places.entries()) joined.seq[start + i] = row.position * seqsPerPosition + place
    start += row.rows
  }
  return joined
}

/** Where in its blob the hits of a row lie that are not dropped. */
function keptPlaces({ rows, dropped }: Pick<Logged, 'rows' | 'dropped'>): number[] {
  const gone = new Set(dropped ? readPlaces(dropped) : [])
  return Array.from({ length: rows + gone.size }, (_, i) => i).filter((i) => !gone.has(i))
}

export function readPlaces(blob: ArrayBuffer | Uint8Array): Uint16Array {
  return new Uint16Array(new Uint8Array(blob).slice().buffer)
}

export function writePlaces(places: readonly number[]): Uint8Array | null {
  return places.length ? new Uint8Array(Uint16Array.from(places).buffer) : null
}
