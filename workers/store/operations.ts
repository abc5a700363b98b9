import { dayOf } from '#lib/schema/day.ts'
import { operations, type Operation, type Status } from '#lib/schema/status.ts'
import type { Storage } from './storage.ts'

const day = 86_400_000
/** Rates are of the last week. */
const remembered = 7 * day

/** Counts in memory what Cloudflare bills for; `keepOperations` writes it down now and then. */
export class Meter {
  counts = new Map<Operation, number>()

  add(operation: Operation, times = 1): void {
    this.counts.set(operation, (this.counts.get(operation) ?? 0) + times)
  }
}

/** Adds what was counted to the row of its UTC day, and forgets days past the week. The meter keeps what fails. */
export function keepOperations(storage: Storage, meter: Meter, now: number): void {
  const counted = meter.counts
  meter.counts = new Map()
  try {
    writeOperations(storage, counted, now)
  } catch (error) {
    for (const [operation, times] of counted) meter.add(operation, times)
    throw error
  }
}

function writeOperations(storage: Storage, counted: ReadonlyMap<Operation, number>, now: number): void {
  storage.transaction(() => {
    const name = dayOf(now)
    const [known] = storage.sql<{ counts: string }>('select counts from operation where day = ?', name)
    const counts = known ? (JSON.parse(known.counts) as Partial<Record<Operation, number>>) : {}
    for (const [operation, times] of counted) counts[operation] = (counts[operation] ?? 0) + times
    storage.sql(
      `insert into operation (day, since, counts) values (?, ?, ?)
       on conflict do update set counts = excluded.counts`,
      name,
      now,
      JSON.stringify(counts)
    )
    storage.sql('delete from operation where day < ?', dayOf(now - remembered))
  })
}

/** What was counted in the last week, and since when; what is only in memory yet counts too. */
export function readOperations(storage: Storage, meter: Meter, now: number): Status['operations'] {
  const days = storage.sql<{ day: string; since: number; counts: string }>(
    'select day, since, counts from operation order by day'
  )
  const counts = Object.fromEntries(operations.map((name) => [name, meter.counts.get(name) ?? 0])) as Record<
    Operation,
    number
  >
  for (const kept of days) {
    const own = JSON.parse(kept.counts) as Partial<Record<Operation, number>>
    for (const name of operations) counts[name] += own[name] ?? 0
  }
  return { since: days[0]?.since ?? now, counts }
}
