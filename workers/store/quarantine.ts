import type { Refusal } from '#lib/accept/accept.ts'
import type { Storage } from './storage.ts'

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

/** The newest refused records. */
export function readQuarantine(storage: Storage, limit: number): Quarantined[] {
  return storage.sql<Quarantined>('select * from quarantine order by id desc limit ?', limit)
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
