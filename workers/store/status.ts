import { unflushed } from './log.ts'
import { readState } from './state.ts'
import type { Storage } from './storage.ts'

/** What the store knows of itself. Times are ms since 1970, UTC. */
export interface Status {
  version: number
  rows: number
  bytes: number
  parts: number
  last_time: number | null
  unflushed_rows: number
  oldest_unflushed: number | null
  /** Records by what became of them: `accepted`, or the reason of a refusal. */
  outcomes: Record<string, number>
  forwarders: { token: string; last_seen: number; batches: number; records: number }[]
}

export function readStatus(storage: Storage): Status {
  const [live] = storage.sql<{ rows: number; bytes: number; parts: number; last_time: number | null }>(
    `select coalesce(sum(rows), 0) as rows, coalesce(sum(bytes), 0) as bytes, count(*) as parts,
       max(max_time) as last_time from part where state = 'live'`
  )
  const outcomes = storage.sql<{ outcome: string; records: number }>(
    'select outcome, sum(records) as records from counter group by outcome'
  )
  const waiting = unflushed(storage)
  return {
    version: readState(storage, 'version') ?? 0,
    ...live!,
    unflushed_rows: waiting.rows,
    oldest_unflushed: waiting.oldest,
    outcomes: Object.fromEntries(outcomes.map(({ outcome, records }) => [outcome, records])),
    forwarders: storage.sql(
      'select token, last_seen, batches, records from forwarder order by last_seen desc'
    )
  }
}
