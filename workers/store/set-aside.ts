import { addToCounter } from './counters.ts'
import { writePlaces, readPlaces, type Logged } from './log-row.ts'
import { insertRow, trimLog } from './log.ts'
import { quarantine } from './quarantine.ts'
import { readState, writeState } from './state.ts'
import type { Storage, Surroundings } from './storage.ts'
import { endOfLog } from './unflushed.ts'
import { decompress } from './zstd.ts'

/** The reason under which a row of the log lies in quarantine. */
export const setAsideReason = 'flush'

/** Puts a row of the log that cannot be built out of the way, so that it neither blocks the site nor is lost. */
export function setAside(around: Surroundings, row: Logged, error: unknown): void {
  const { storage, now } = around
  storage.transaction(() => {
    // Somebody else was faster: what is flushed never goes back.
    if ((readState(storage, 'flushed') ?? 0) > row.position) return
    quarantine(storage, {
      key: null,
      received: now(),
      token: null,
      refusals: [
        { index: row.position, reason: setAsideReason, message: String(error), sample: '', raw: pack(row) }
      ]
    })
    addToCounter(storage, now(), 'set_aside', row.rows)
    writeState(storage, 'flushed', row.position + 1)
    writeState(storage, 'flush_failures', 0)
    trimLog(around)
  })
}

/** Puts rows that were set aside at the end of the log, to be built again. Returns the ids of those that were there. */
export function putBack(storage: Storage, ids: readonly number[], now: number): number[] {
  return storage.transaction(() =>
    ids.filter((id) => {
      const query = 'delete from quarantine where id = ? and reason = ? returning raw'
      const [record] = storage.sql<{ raw: string }>(query, id, setAsideReason)
      if (!record) return false
      const { rows, hits, dropped, days } = unpack(record.raw)
      const row = { rows, hits, lines: null, dropped: writePlaces(dropped), days }
      insertRow(storage, endOfLog(storage), now, row)
      addToCounter(storage, now, 'put_back', rows)
      return true
    })
  )
}

/** Takes out rows that name one of these words, and what cannot be opened. */
export function purgeSetAside(storage: Storage, words: readonly string[]): void {
  const query = 'select id, raw from quarantine where reason = ?'
  for (const { id, raw } of storage.sql<{ id: number; raw: string }>(query, setAsideReason))
    if (isNamedIn(raw, words)) storage.sql('delete from quarantine where id = ?', id)
}

function isNamedIn(raw: string, words: readonly string[]): boolean {
  try {
    const text = new TextDecoder().decode(decompress(unpack(raw).hits))
    return words.some((word) => text.includes(word))
  } catch {
    return true
  }
}

interface Packed {
  rows: number
  hits: string
  dropped: number[]
  days?: string | null
}

function pack({ rows, hits, dropped, days }: Logged): string {
  const packed: Packed = {
    rows,
    hits: Buffer.from(hits as Uint8Array).toString('base64'),
    dropped: dropped ? Array.from(readPlaces(dropped)) : [],
    days
  }
  return JSON.stringify(packed)
}

function unpack(raw: string) {
  const { rows, hits, dropped, days = null } = JSON.parse(raw) as Packed
  return { rows, hits: new Uint8Array(Buffer.from(hits, 'base64')), dropped, days }
}
