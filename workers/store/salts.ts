import type { Storage } from './storage.ts'
import { unflushed } from './unflushed.ts'

const lifetime = 48 * 3_600_000

/**
 * The salt of each UTC day in `days`, made where there is none. While a salt lives, the visitors of its day can be
 * counted again; once it is gone nobody can tell who they were.
 */
export function useSalts(
  storage: Storage,
  days: string[],
  now: number,
  random: (bytes: number) => Uint8Array
): Map<string, Uint8Array> {
  return storage.transaction(() => {
    const salts = new Map<string, Uint8Array>()
    for (const day of days) {
      storage.sql('insert or ignore into salt (day, salt, used) values (?, ?, ?)', day, random(32), now)
      storage.sql('update salt set used = ? where day = ?', now, day)
      const [row] = storage.sql<{ salt: ArrayBuffer }>('select salt from salt where day = ?', day)
      salts.set(day, new Uint8Array(row!.salt))
    }
    return salts
  })
}

/** Longer than this no hit waits in the log, unless the bucket is away. */
const patience = 600_000

/**
 * Deletes salts unused for 48 h, but none while hits wait in the log that could not be flushed: they could be of any
 * day. A busy site always has some that have just come.
 */
export function forgetSalts(storage: Storage, now: number): void {
  if (isStuck(storage, now)) return
  storage.sql('delete from salt where used <= ?', now - lifetime)
}

/** When there is a salt to delete; null while there is none, or it has to wait for the log. */
export function nextForgetting(storage: Storage, now: number): number | null {
  const [row] = storage.sql<{ oldest: number | null }>('select min(used) as oldest from salt')
  return row?.oldest == null || isStuck(storage, now) ? null : row.oldest + lifetime
}

function isStuck(storage: Storage, now: number): boolean {
  const { oldest } = unflushed(storage)
  // By a clock that was ahead it came in some days.
  return oldest !== null && Math.abs(now - oldest) > patience
}
