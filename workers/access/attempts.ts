import type { Storage } from '../store/storage.ts'

const free = 5
const longest = 15 * 60_000
const remembered = 24 * 3_600_000

/** How long after the last of so many failures the next try may come, ms. */
export function delayAfter(failures: number): number {
  return failures < free ? 0 : Math.min(2 ** (failures - free + 1) * 1000, longest)
}

/**
 * Counts a try at each of the keys as failed, before anybody knows: tries at the same time do not share a free one.
 * Returns 0, or, counting nothing, the ms that one of the keys still has to wait.
 */
export function knock(storage: Storage, keys: readonly string[], now: number): number {
  return storage.transaction(() => {
    storage.sql('delete from attempt where last < ?', now - remembered)
    const wait = Math.max(0, ...keys.map((key) => waitOf(storage, key, now)))
    if (wait > 0) return wait
    for (const key of keys)
      storage.sql(
        `insert into attempt (key, failures, last) values (?, 1, ?)
         on conflict do update set failures = failures + 1, last = excluded.last`,
        key,
        now
      )
    return 0
  })
}

function waitOf(storage: Storage, key: string, now: number): number {
  const [row] = storage.sql<{ failures: number; last: number }>('select * from attempt where key = ?', key)
  return row ? row.last + delayAfter(row.failures) - now : 0
}

/** The try was good after all: the keys start afresh. */
export function forgive(storage: Storage, keys: readonly string[]): void {
  for (const key of keys) storage.sql('delete from attempt where key = ?', key)
}
