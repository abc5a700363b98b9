import { dayOf } from '#lib/schema/day.ts'
import type { Storage } from './storage.ts'

/** Counts records of a UTC day by what became of them; fewer where some became something else. */
export function addToCounter(storage: Storage, now: number, outcome: string, records: number): void {
  if (!records) return
  storage.sql(
    `insert into counter (day, outcome, records) values (?, ?, ?)
     on conflict do update set records = records + excluded.records`,
    dayOf(now),
    outcome,
    records
  )
}

export function readCounters(storage: Storage): Map<string, number> {
  const rows = storage.sql<{ outcome: string; records: number }>(
    'select outcome, sum(records) as records from counter group by outcome'
  )
  return new Map(rows.map(({ outcome, records }) => [outcome, records]))
}
