import type { Storage } from './storage.ts'

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

/** Deletes salts unused for 48 h, but none while the log holds a hit: it could be of any day. */
export function forgetSalts(storage: Storage, now: number): void {
  if (storage.sql('select 1 from log limit 1').length) return
  storage.sql('delete from salt where used < ?', now - lifetime)
}
