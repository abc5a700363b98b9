import type { Refusal } from '#lib/accept/accept.ts'
import type { Storage } from './storage.ts'
import { decompress } from './zstd.ts'

/** A record refused by `accept`, or by a later step for a reason of its own. */
export type Refused = Omit<Refusal, 'reason'> & { reason: string }

const maxAge = 7 * 86_400_000
const maxBytes = 16 << 20

/** Keeps refused records verbatim (scrubbed), with the reason. */
export function quarantine(
  storage: Storage,
  { received, token, refusals }: { received: number; token: string | null; refusals: Refused[] }
): void {
  for (const { reason, message, raw } of refusals)
    storage.sql(
      'insert into quarantine (received, token, reason, message, raw) values (?, ?, ?, ?, ?)',
      received,
      token,
      reason,
      message,
      raw
    )
}

export interface Quarantined {
  id: number
  received: number
  token: string | null
  reason: string
  message: string
  raw: string
}

/** Refused records, newest first; `before` is the id of the last one seen. */
export function readQuarantine(
  storage: Storage,
  limit: number,
  before = Number.MAX_SAFE_INTEGER
): Quarantined[] {
  return storage.sql<Quarantined>(
    'select * from quarantine where id < ? order by id desc limit ?',
    before,
    limit
  )
}

/** Some refused records, for another try. */
export function findQuarantined(storage: Storage, ids: readonly number[]): Quarantined[] {
  return ids.flatMap((id) => storage.sql<Quarantined>('select * from quarantine where id = ?', id))
}

/** Takes records out that were accepted after all; call it in the transaction that takes them in. */
export function release(storage: Storage, ids: readonly number[]): void {
  for (const id of ids) storage.sql('delete from quarantine where id = ?', id)
}

/** Takes out what names one of these words. Rows of the log that could not be built are packed: they are opened. */
export function purgeQuarantine(storage: Storage, words: readonly string[]): void {
  for (const word of words)
    storage.sql('delete from quarantine where instr(raw, ?) > 0 or instr(message, ?) > 0', word, word)
  const packed = storage.sql<{ id: number; raw: string }>(
    `select id, raw from quarantine where reason = 'flush'`
  )
  const named = packed.filter(({ raw }) => words.some((word) => unpack(raw)?.includes(word) ?? true))
  release(
    storage,
    named.map(({ id }) => id)
  )
}

/** Null for what cannot be opened. */
function unpack(raw: string): string | null {
  try {
    return new TextDecoder().decode(decompress(Buffer.from(raw, 'base64')))
  } catch {
    return null
  }
}

/** Holds the quarantine to 7 days and 16 MiB; the oldest go first. */
export function boundQuarantine(storage: Storage, now: number): void {
  storage.sql('delete from quarantine where received < ?', now - maxAge)
  storage.sql(
    `delete from quarantine where id in (
       select id from (select id, sum(length(raw)) over (order by id desc) as total from quarantine) where total > ?
     )`,
    maxBytes
  )
}
