import type { Refusal } from '#lib/accept/accept.ts'
import type { Quarantined, Reason } from '#lib/schema/status.ts'
import { addToCounter } from './counters.ts'
import type { Storage } from './storage.ts'

/** A record refused by `accept`, or by a later step for a reason of its own. */
export type Refused = Omit<Refusal, 'reason'> & { reason: string }

const maxAge = 7 * 86_400_000
const maxBytes = 16 << 20
/** Records whose text is short or missing take room, too. */
const maxRecords = 100_000

/** The batch that refused records came with. */
interface From {
  key: string | null
  received: number
  token: string | null
  refusals: readonly Refused[]
  isSiteNamed?: boolean
}

/** Keeps refused records verbatim (scrubbed), with the reason. */
export function quarantine(storage: Storage, { key, received, token, refusals, isSiteNamed }: From): void {
  for (const { reason, message, raw, is_cut } of refusals)
    storage.sql(
      `insert into quarantine (received, token, reason, message, raw, cut, batch, is_site_named)
       values (?, ?, ?, ?, ?, ?, ?, ?)`,
      received,
      token,
      reason,
      message,
      raw,
      is_cut ? 1 : null,
      key,
      isSiteNamed ? 1 : null
    )
}

/** Refused records, newest first; `before` is the id of the last one seen, `reason` the one that is looked for. */
export function readQuarantine(
  storage: Storage,
  limit: number,
  before = Number.MAX_SAFE_INTEGER,
  reason: string | null = null
): Quarantined[] {
  return storage
    .sql<Stored>(
      `select ${columns}, substr(raw, 1, ${longestShown}) as raw from quarantine
       where id < ? and reason = coalesce(?, reason) order by id desc limit ?`,
      before,
      reason,
      limit
    )
    .map(toQuarantined)
}

/** A poisoned batch or a row of the log that was set aside may be far longer than a line. */
const longestShown = 4_096
const columns = 'id, received, token, reason, message, coalesce(cut, 0) as cut, batch, is_site_named'

type Stored = Omit<Quarantined, 'is_cut' | 'is_site_named'> & { cut: number; is_site_named: number | null }

const toQuarantined = ({ cut, is_site_named, ...record }: Stored): Quarantined => ({
  ...record,
  is_cut: cut === 1,
  is_site_named: is_site_named === 1
})

export function countQuarantined(storage: Storage): number {
  return storage.sql<{ records: number }>('select count(*) as records from quarantine')[0]!.records
}

/** Why records are in quarantine, the most first. */
export function countReasons(storage: Storage): Reason[] {
  return storage.sql<Reason>(
    'select reason, count(*) as records from quarantine group by reason order by records desc, reason'
  )
}

/** Some refused records, for another try. */
export function findQuarantined(storage: Storage, ids: readonly number[]): Quarantined[] {
  return ids.flatMap((id) =>
    storage.sql<Stored>(`select ${columns}, raw from quarantine where id = ?`, id).map(toQuarantined)
  )
}

interface Taken {
  received: number
  reason: string
  batch: string | null
}

/** Takes records out that were accepted after all: they are refused no more. Twice is as once. */
export function release(storage: Storage, ids: readonly number[]): void {
  storage.transaction(() => {
    for (const id of ids) {
      const query = 'delete from quarantine where id = ? returning received, reason, batch'
      for (const record of storage.sql<Taken>(query, id)) {
        addToCounter(storage, record.received, record.reason, -1)
        storage.sql('update batch set is_settled = 1 where key = ?', record.batch)
      }
    }
  })
}

/**
 * Forgets a batch that came again and deletes its refused records, so that it can be read again. Returns false, and
 * changes nothing, if one of the records was accepted meanwhile. To be called in a transaction.
 */
export function reclaim(storage: Storage, key: string): boolean {
  const [known] = storage.sql<{ is_settled: number | null }>(
    'select is_settled from batch where key = ?',
    key
  )
  if (!known) return true
  if (known.is_settled) return false
  const query = 'delete from quarantine where batch = ? returning received, reason, batch'
  for (const { received, reason } of storage.sql<Taken>(query, key))
    addToCounter(storage, received, reason, -1)
  storage.sql('delete from batch where key = ?', key)
  return true
}

/** Takes out what was there up to a record and is of a reason (null: any); they were refused all the same. */
export function forgetQuarantined(storage: Storage, last: number, reason: string | null): number {
  const query = 'delete from quarantine where id <= ? and reason = coalesce(?, reason) returning id'
  return storage.sql(query, last, reason).length
}

/** Takes out what names one of these words, in plain text. */
export function purgeQuarantine(storage: Storage, words: readonly string[]): void {
  for (const word of words)
    storage.sql('delete from quarantine where instr(raw, ?) > 0 or instr(message, ?) > 0', word, word)
}

/** Holds the quarantine to 7 days, 100,000 records and 16 MiB of their text; the oldest go first. */
export function boundQuarantine(storage: Storage, now: number): void {
  storage.sql('delete from quarantine where received < ?', now - maxAge)
  storage.sql(
    'delete from quarantine where id in (select id from quarantine order by id desc limit -1 offset ?)',
    maxRecords
  )
  storage.sql(
    `delete from quarantine where id in (
       select id from (select id, sum(length(raw)) over (order by id desc) as total from quarantine) where total > ?
     )`,
    maxBytes
  )
}
