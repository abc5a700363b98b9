import type { DatabaseSync } from 'node:sqlite'

const day = 86_400_000
/** Notes of a log that was not met for so long go. */
const longest = 365 * day

/** A note that was refreshed less than so many ms ago is not written again. */
export const refreshed = day

/** Columns that a ledger of before lacks. Its notes count as met now. */
const added = [
  ['cut', 'seen', 'integer not null default 0'],
  ['source', 'seen', 'integer not null default 0'],
  ['source', 'end', "text not null default ''"]
] as const

/** Gives a ledger of before its new columns. To be called in a transaction. */
export function addColumns(database: DatabaseSync, now: number): void {
  for (const [table, column, type] of added) {
    const columns = database.prepare('select name from pragma_table_info(?)').all(table)
    if (columns.some(({ name }) => name === column)) continue
    database.exec(`alter table ${table} add column "${column}" ${type}`)
    if (column === 'seen') database.prepare(`update ${table} set seen = ?`).run(now)
  }
}

/**
 * Deletes the notes of logs that were not met for a year. A batch that was met keeps all before it: without these its log
 * would be unknown.
 */
export function forgetOld(database: DatabaseSync, now: number): void {
  const limit = now - longest
  database.prepare('delete from source where seen < ?').run(limit)
  if (!database.prepare('select 1 from cut where seen < ? limit 1').get(limit)) return
  database
    .prepare(
      `with recursive needed (destination, before, after) as (
         select destination, before, after from cut where seen >= :limit
         union
         select earlier.destination, earlier.before, earlier.after from cut as earlier
         join needed on earlier.destination = needed.destination and earlier.after = needed.before
       )
       delete from cut
       where seen < :limit and (destination, before, after) not in (select destination, before, after from needed)`
    )
    .run({ limit })
}
