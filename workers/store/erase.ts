import { columns, seqsPerPosition, type AcceptedHit } from '#lib/schema/hit.ts'
import type { ManifestChange, Part } from '#lib/schema/manifest.ts'
import type { ErasureCount } from '#lib/schema/status.ts'
import { rewrite } from './compaction.ts'
import { addToCounter } from './counters.ts'
import { toColumns } from './hit-columns.ts'
import { hashLines } from './line-hash.ts'
import { trimLog } from './log.ts'
import { candidates, findPart, liveParts } from './manifest.ts'
import { openRuns, type Run } from './part-file.ts'
import { purgeQuarantine } from './quarantine.ts'
import { forgetHashes } from './seen-lines.ts'
import { purgeSetAside } from './set-aside.ts'
import { readState } from './state.ts'
import type { Storage, Surroundings } from './storage.ts'
import { endOfLog, unflushed } from './unflushed.ts'

/** What can be erased by: a column and the one value of it. */
export const erasable = ['ip', 'client_name', 'visitor', 'path'] as const

export interface Erasure {
  by: (typeof erasable)[number]
  value: string
}

interface Waiting extends Erasure {
  id: number
  /** Hits of the log below this position are meant. */
  before: number
}

/** Asks for all hits so far with this value to go. It is done by the alarm, and survives restarts. */
export function requestErasure(storage: Storage, { by, value }: Erasure, now: number): void {
  const before = endOfLog(storage).position
  storage.sql(
    'insert into erasure (by, value, requested, before) values (?, ?, ?, ?)',
    by,
    value,
    now,
    before
  )
}

/** What is asked for and not done yet, oldest first. */
export function waitingErasures(storage: Storage): Waiting[] {
  return storage.sql<Waiting>('select id, by, value, before from erasure where done is null order by id')
}

/**
 * Does the oldest erasure whose hits are all in parts: rewrites every part that holds one of them, then clears the log,
 * the quarantine and the hashes of lines. What batches were answered is kept: counts and a digest, nothing of a hit.
 * Old objects are deleted with the garbage a day later, and rows that the log keeps in case of a power cut in ten minutes.
 */
export async function erase(
  around: Surroundings,
  tell: (change: ManifestChange) => void = () => {}
): Promise<boolean> {
  const { storage } = around
  const flushed = readState(storage, 'flushed') ?? 0
  const erasure = waitingErasures(storage).find(({ before }) => before <= flushed)
  if (!erasure) return false
  const words = new Set<string>(erasure.by === 'visitor' ? [] : [erasure.value])
  for (const part of liveParts(storage)) {
    const change = await erasePart(around, part, erasure, words)
    if (change === 'lost') return false
    if (change) tell(change)
    await around.pause()
  }
  words.delete('')
  storage.transaction(() => {
    trimLog(around)
    purgeQuarantine(storage, [...words])
    purgeSetAside(storage, [...words])
    if (around.boot === null) storage.sql('delete from erasure where id = ?', erasure.id)
    else storage.sql('update erasure set done = ? where id = ?', around.now(), erasure.id)
  })
  return true
}

/** A day's parts are counted together; after so many parts a call answers, and names the day to go on with. */
const partsPerCount = 32

/** Counts by day the hits in parts that an erasure would delete. `from` is the UTC day to begin with. */
export async function countErasure(
  around: Surroundings,
  { by, value }: Erasure,
  from: string
): Promise<ErasureCount> {
  const parts = liveParts(around.storage).filter(({ day }) => day >= from)
  const end = parts[partsPerCount - 1]?.day ?? ''
  const days = new Map<string, number>()
  for (const part of parts.filter(({ day }) => end === '' || day <= end)) {
    for (const run of await openRuns(around, part)) {
      const hits = (await run.values(by)).filter((held) => held !== null && String(held) === value).length
      if (hits) days.set(part.day, (days.get(part.day) ?? 0) + hits)
    }
    await around.pause()
  }
  const next = end === '' ? undefined : parts.find(({ day }) => day > end)
  return {
    days: [...days].map(([day, hits]) => ({ day, hits })),
    next: next?.day ?? null,
    unflushed: unflushed(around.storage).rows
  }
}

/** `words` gathers the addresses and host names of an erased visitor: refused records name no visitor. */
async function erasePart(
  around: Surroundings,
  part: Part,
  { by, value, before }: Waiting,
  words: Set<string>
): Promise<ManifestChange | 'lost' | null> {
  const { storage, now } = around
  const runs = await openRuns(around, part)
  let erased = 0
  const hashes: Uint32Array[] = []
  for (const run of runs) {
    const gone = await findRows(run, { by, value, before })
    if (!gone.length) continue
    erased += gone.length
    const hits = await readHits(run, gone)
    if (by === 'visitor') for (const { ip, client_name } of hits) words.add(ip ?? client_name ?? '')
    const lines = hashLines(toColumns(hits))
    if (lines) hashes.push(lines)
    const isGone = new Set(gone)
    run.kept = Uint32Array.from({ length: run.rows }, (_, row) => row).filter((row) => !isGone.has(row))
  }
  if (!erased) return null
  const [parent] = candidates(storage).filter(({ id }) => id === part.id)
  if (!parent || !findPart(storage, part.id)) return 'lost'
  const also = () => {
    addToCounter(storage, now(), 'erased', erased)
    forgetHashes(storage, hashes)
  }
  const compaction = { day: part.day, parents: [parent] }
  return (await rewrite(around, compaction, { runs, changes: true, also })) ?? 'lost'
}

/** Hits that came after the order are not meant by it, however late it is carried out. */
async function findRows(run: Run, { by, value, before }: Omit<Waiting, 'id'>): Promise<number[]> {
  const rows: number[] = []
  for (const [row, held] of (await run.values(by)).entries())
    if (held !== null && String(held) === value) rows.push(row)
  if (!rows.length) return rows
  const seq = await run.values('seq')
  return rows.filter((row) => Number(seq[row]) < before * seqsPerPosition)
}

const accepted = columns.filter((column) => column.from === 'accept')

/** Some rows as the hits they were accepted as. */
async function readHits(run: Run, rows: number[]): Promise<AcceptedHit[]> {
  const hits = rows.map((): Record<string, unknown> => ({}))
  for (const { name } of accepted) {
    const values = await run.values(name)
    for (const [i, row] of rows.entries()) {
      const value = values[row]
      hits[i]![name] = typeof value === 'bigint' ? Number(value) : value
    }
  }
  return hits as unknown as AcceptedHit[]
}
