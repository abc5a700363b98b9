import { countRefusals } from '#lib/accept/refusals.ts'
import type { Range } from '#lib/schema/manifest.ts'
import { addToCounter } from './counters.ts'
import { noteForwarder } from './forwarders.ts'
import { writePlaces, type Logged, type LogRow } from './log-row.ts'
import { quarantine, reclaim, type Refused } from './quarantine.ts'
import { keepLines, SeenLines, writeLines } from './seen-lines.ts'
import { readState } from './state.ts'
import type { Storage, Surroundings } from './storage.ts'
import { endOfLog, unflushed, type End, type Unflushed } from './unflushed.ts'

/** One POST of a forwarder, as far as it concerns one site. */
export interface Batch {
  /** Makes the batch exactly-once; null where nothing tells two batches apart. */
  key: string | null
  /** The key of the batch that a record run again first came with: this site then knows that batch, too. */
  also?: string | null
  /** The key of the batch that this call is a part of, and whether it is the last part. */
  whole?: { key: string; isLast: boolean }
  /** Milliseconds since 1970, UTC. */
  received: number
  token: string | null
  /** The URL named the site, so that records could not; missing from a Worker of before. */
  isSiteNamed?: boolean
  rows: LogRow[]
  refusals: Refused[]
  /** Refused records beyond `refusals`, by reason; missing from a Worker of before. */
  more?: Record<string, number>
  /** When the newest of its hits happened; missing from a Worker of before. */
  newest?: number | null
  /** Of the list of hosts that chose the site, its version; 0 or missing where none did. */
  hosts?: number
  /** Tells a call that the Worker repeats from a batch that came again; missing from a Worker of before. */
  delivery?: string
}

/** What became of a batch: `received = accepted + duplicate + rejected`. */
export interface Outcome {
  received: number
  accepted: number
  duplicate: number
  rejected: number
  /** Rejected records that quarantine could not keep; missing where it kept all. */
  unkept?: number
}

/**
 * Appends a batch in one transaction. Of a batch whose key was here before all records are left out, and so is a hit
 * with an id that was here before, in whatever batch. Each record left out is counted as a duplicate.
 */
export function append(
  storage: Storage,
  batch: Batch,
  seen = new SeenLines(storage)
): Outcome & { known: boolean } {
  return storage.transaction(() => {
    const known =
      batch.key === null ? null : (outcomeOf(storage, batch.key) ?? outcomeOfWhole(storage, batch))
    if (known && !isReadAgain(storage, batch, known)) return repeat(storage, batch, known)
    const dropped = seen.find(batch.rows)
    const outcome = outcomeFor(batch, dropped)
    insertRows(storage, batch, dropped)
    quarantine(storage, batch)
    count(storage, batch, outcome)
    if (batch.key !== null) keepOutcome(storage, batch, batch.key, outcome)
    if (batch.also) keepOutcome(storage, batch, batch.also, outcome)
    if (batch.whole?.isLast) keepOutcome(storage, batch, batch.whole.key, outcome)
    return { ...outcome, known: false }
  })
}

/** What is kept of a batch under its key. */
type Stored = Outcome & Pick<Batch, 'delivery' | 'hosts'>

function keepOutcome(
  storage: Storage,
  { received, delivery, hosts }: Batch,
  key: string,
  outcome: Outcome
): void {
  storage.sql(
    'insert or ignore into batch (key, received, outcome) values (?, ?, ?)',
    key,
    received,
    JSON.stringify({ ...outcome, delivery, ...(hosts && { hosts }) } satisfies Stored)
  )
}

/** Other settings may cut the same batch into other calls. */
const outcomeOfWhole = (storage: Storage, { whole }: Batch) => (whole ? outcomeOf(storage, whole.key) : null)

function outcomeOf(storage: Storage, key: string): Stored | null {
  const [row] = storage.sql<{ outcome: string }>('select outcome from batch where key = ?', key)
  return row ? (JSON.parse(row.outcome) as Stored) : null
}

/** The version of the list of hosts by which a batch, or a call of it, came here; null if it did not, or by none. */
export function hostsOf(storage: Storage, key: string): number | null {
  // A call has the key of its batch, a space and its stretch.
  const [row] = storage.sql<{ hosts: number | null }>(
    `select json_extract(outcome, '$.hosts') as hosts from batch where key = ?1 or (key > ?1 || ' ' and key < ?1 || '!')
     limit 1`,
    key
  )
  return row?.hosts ?? null
}

/** A batch that was refused as a whole is read again: its site may have a format for it by now. */
function isReadAgain(storage: Storage, { key, rows, delivery }: Batch, known: Stored): boolean {
  const isSame = delivery !== undefined && delivery === known.delivery
  return !isSame && rows.length > 0 && known.rejected === known.received && reclaim(storage, key!)
}

/** A call that the Worker repeats is answered as the first one, and counted once. */
function repeat(
  storage: Storage,
  batch: Batch,
  { delivery, ...first }: Stored
): Outcome & { known: boolean } {
  if (delivery !== undefined && delivery === batch.delivery) return { ...first, known: false }
  const { received } = outcomeFor(batch, [])
  const { unkept } = first
  const outcome = { received, accepted: 0, duplicate: received, rejected: 0, ...(unkept && { unkept }) }
  count(storage, { ...batch, refusals: [], more: {} }, outcome)
  return { ...outcome, known: true }
}

function outcomeFor({ rows, refusals, more = {} }: Batch, dropped: number[][]): Outcome {
  const rejected = countRefusals({ refusals, more })
  const hits = rows.reduce((sum, row) => sum + row.rows, 0)
  const duplicate = dropped.reduce((sum, places) => sum + places.length, 0)
  // Some reasons keep no text, and then no sample either.
  const unkept = rejected - refusals.filter(({ raw, sample }) => raw !== '' || sample === '').length
  return {
    received: hits + rejected,
    accepted: hits - duplicate,
    duplicate,
    rejected,
    ...(unkept > 0 && { unkept })
  }
}

function insertRows(storage: Storage, { rows, received }: Batch, dropped: number[][]): void {
  let end = endOfLog(storage)
  for (const [i, { rows: all, hits, lines, days }] of rows.entries()) {
    const kept = {
      rows: all - dropped[i]!.length,
      hits,
      lines: lines ? writeLines(lines) : null,
      dropped: writePlaces(dropped[i]!),
      days: days ? JSON.stringify(days) : null
    }
    if (kept.rows) end = insertRow(storage, end, received, kept)
  }
}

/** A row of the log as storage has it. */
interface Row {
  rows: number
  hits: Uint8Array
  lines: Uint8Array | null
  dropped: Uint8Array | null
  days: string | null
}

/** Adds a row at the end of the log; returns where the next one goes. */
export function insertRow(storage: Storage, { position, rows, bytes }: End, received: number, row: Row): End {
  storage.sql(
    `insert into log (position, rows, received, rows_before, bytes_before, hits, lines, dropped, days)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    position,
    row.rows,
    received,
    rows,
    bytes,
    row.hits,
    row.lines,
    row.dropped,
    row.days
  )
  return { position: position + 1, rows: rows + row.rows, bytes: bytes + row.hits.length }
}

function count(storage: Storage, batch: Batch, outcome: Outcome): void {
  const { received, refusals, more = {} } = batch
  const counts = new Map<string, number>([
    ['accepted', outcome.accepted],
    ['duplicate', outcome.duplicate],
    ...Object.entries(more)
  ])
  for (const { reason } of refusals) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  for (const [name, records] of counts) addToCounter(storage, received, name, records)
  noteForwarder(storage, batch, outcome.received)
}

/** Six hours of a thousand lines a second: what waits while the bucket is away, of the 10 GB an object may have. */
const mostUnflushed = { rows: 40_000_000, bytes: 4 * 2 ** 30 }

/** So much waits to be flushed that the log takes no more. On the way to the Worker only the message is kept. */
class LogFull extends Error {
  constructor({ rows, bytes }: Unflushed) {
    super(`log is full: ${rows} hits in ${bytes} bytes wait for the bucket`)
  }
}

export function refuseWhenFull(storage: Storage, most = mostUnflushed): void {
  const waiting = unflushed(storage)
  if (waiting.rows > most.rows || waiting.bytes > most.bytes) throw new LogFull(waiting)
}

/** Parts that a flush makes, one a UTC day: more would keep an append waiting. */
const mostDays = 64

/** The next rows of the log that are in no part yet: whole rows, at least one, about `limit` hits of a few UTC days. */
export function nextLogged(storage: Storage, limit: number): Logged[] {
  const flushed = readState(storage, 'flushed') ?? 0
  const sizes = storage.sql<{ position: number; rows: number; days: string | null }>(
    'select position, rows, days from log where position >= ? order by position limit 1000',
    flushed
  )
  let hits = 0
  let last = flushed - 1
  const touched = new Set<number>()
  for (const { position, rows, days } of sizes) {
    // Nobody knows the days of a row from before this column.
    for (const day of JSON.parse(days ?? '[]') as number[]) touched.add(day)
    if (hits > 0 && (hits + rows > limit || touched.size > mostDays)) break
    hits += rows
    last = position
  }
  return readLogged(storage, { from: flushed, to: last + 1 })
}

/** The rows of a stretch of the log, as far as they are kept. */
export function readLogged(storage: Storage, { from, to }: Range): Logged[] {
  return storage.sql<Logged>(
    'select position, rows, hits, dropped, days from log where position >= ? and position < ? order by position',
    from,
    to
  )
}

/** Forgets rows that are in parts for good, but not their lines. */
export function trimLog(around: Surroundings): void {
  const { storage } = around
  const first = firstNeeded(around)
  keepLines(storage, first)
  storage.sql('delete from log where position < ?', first)
}

/** The first position that is in no part yet, or in one that a power cut may take. */
function firstNeeded({ storage, boot }: Surroundings): number {
  const flushed = readState(storage, 'flushed') ?? 0
  if (boot === null) return flushed
  const [row] = storage.sql<{ first: number | null }>(
    `select min(json_extract(ranges, '$[0].from')) as first from part
     where unsynced is not null and step = 'flush'`
  )
  return Math.min(row?.first ?? flushed, flushed)
}

const day = 86_400_000

/** Forgets batch keys older than 7 days, but never the newest 100,000. */
export function forgetBatches(storage: Storage, now: number): void {
  storage.sql(
    `delete from batch where received < ? and key not in (select key from batch order by received desc limit 100000)`,
    now - 7 * day
  )
}
