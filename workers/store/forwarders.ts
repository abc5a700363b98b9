import type { Forwarder } from '#lib/schema/status.ts'
import type { Batch } from './log.ts'
import type { Storage } from './storage.ts'

/** The rate is of this span: what came in the running one, and the share of the one before that still counts. */
const span = 300_000

/** Notes who sent a batch. One row a forwarder, whatever it sends. */
export function noteForwarder(storage: Storage, batch: Batch, records: number): void {
  const { token, received, newest = null } = batch
  if (token === null) return
  storage.sql(
    `insert into forwarder (token, last_seen, batches, records, lag, unkeyed, span, span_records, before_records)
     values (?, ?, 1, ?, ?, ?, ?, ?, 0)
     on conflict do update set
       last_seen = excluded.last_seen, batches = batches + 1, records = records + excluded.records,
       lag = coalesce(excluded.lag, lag), unkeyed = coalesce(unkeyed, 0) + excluded.unkeyed,
       before_records = case excluded.span - span when 0 then before_records when 1 then span_records else 0 end,
       span_records = excluded.span_records + case when span = excluded.span then span_records else 0 end,
       span = excluded.span`,
    token,
    received,
    records,
    newest === null ? null : Math.max(0, received - newest),
    isUnkeyed(batch) ? 1 : 0,
    Math.floor(received / span),
    records
  )
}

/** Nothing would tell the batch from its copy. */
function isUnkeyed({ key, rows }: Batch): boolean {
  return key === null && rows.some(({ lines }) => !lines)
}

interface Row extends Omit<Forwarder, 'rate'> {
  span: number | null
  span_records: number | null
  before_records: number | null
}

/** Who has sent something, the last first. */
export function readForwarders(storage: Storage, now: number): Forwarder[] {
  return storage
    .sql<Row>(
      `select token, last_seen, batches, records, lag, coalesce(unkeyed, 0) as unkeyed,
         span, span_records, before_records from forwarder order by last_seen desc`
    )
    .map(({ span: last, span_records, before_records, ...forwarder }) => {
      const spansAgo = Math.floor(now / span) - (last ?? -Infinity)
      const [running, before] =
        spansAgo <= 0 ? [span_records, before_records] : spansAgo === 1 ? [0, span_records] : [0, 0]
      const left = 1 - (now % span) / span
      return { ...forwarder, rate: ((running ?? 0) + (before ?? 0) * left) / (span / 1000) }
    })
}
