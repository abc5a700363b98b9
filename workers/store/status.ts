import type { Month, Status } from '#lib/schema/status.ts'
import { readCounters } from './counters.ts'
import { waitingErasures } from './erase.ts'
import { readForwarders } from './forwarders.ts'
import { readMended } from './mend.ts'
import { readOperations, type Meter } from './operations.ts'
import { countQuarantined } from './quarantine.ts'
import { readState } from './state.ts'
import type { Storage } from './storage.ts'
import { unflushed } from './unflushed.ts'

/** What the store knows of itself; `database` is the size of its SQLite, which only the platform can tell. */
export function readStatus(storage: Storage, meter: Meter, now: number, database: number): Status {
  const [live] = storage.sql<{ rows: number; bytes: number; parts: number; last_time: number | null }>(
    `select coalesce(sum(rows), 0) as rows, coalesce(sum(bytes), 0) as bytes, count(*) as parts,
       max(max_time) as last_time from part where state = 'live'`
  )
  const [held] = storage.sql<{ bytes: number }>(
    'select coalesce(sum(bytes), 0) as bytes from part where deleted is null'
  )
  const waiting = unflushed(storage)
  return {
    at: now,
    version: readState(storage, 'version') ?? 0,
    ...live!,
    unflushed_rows: waiting.rows,
    oldest_unflushed: waiting.oldest,
    outcomes: Object.fromEntries(readCounters(storage)),
    forwarders: readForwarders(storage, now),
    quarantined: countQuarantined(storage),
    erasures: waitingErasures(storage).length,
    mended: readMended(storage),
    months: readMonths(storage),
    stored: { objects: held!.bytes, database },
    operations: readOperations(storage, meter, now)
  }
}

function readMonths(storage: Storage): Month[] {
  return storage.sql<Month>(
    `select substr(day, 1, 7) as month, sum(rows) as rows, sum(bytes) as bytes, count(*) as parts
     from part where state = 'live' group by month order by month desc`
  )
}
