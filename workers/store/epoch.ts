import { objectsOf } from './garbage.ts'
import { parsePartKey } from './keys.ts'
import { giveUp } from './manifest.ts'
import { readState, writeState } from './state.ts'
import type { Storage, Surroundings } from './storage.ts'

/** A store that has committed nothing for so long may be an old one: then it looks, which costs what a put costs. */
const quiet = 180_000
const minute = 60_000
const day = 86_400_000

/**
 * Notices that storage was put back to an older point in time, before anything is committed: the bucket then holds
 * objects that no part knows, because each is announced before it is stored. Versions and positions of the log come a
 * second time, so a new epoch begins. `isClaimed`: a reader says that it has seen a later version.
 */
export async function noticeRestore(around: Surroundings, isClaimed = false): Promise<void> {
  const { storage, now } = around
  const last = lastCommit(storage)
  if (!isClaimed && last !== null && Math.abs(now() - last) < quiet) return
  const noticed = readState(storage, 'foreign') ?? 0
  let newest = noticed
  for await (const objects of objectsOf(around))
    for (const { key, uploaded } of objects)
      if (uploaded > newest && isForeign(storage, key)) newest = uploaded
  if (newest === noticed) return
  beginEpoch(storage, now(), Math.max(newest - (lastCommit(storage) ?? 0), 0) + day)
  writeState(storage, 'foreign', newest)
}

const lastCommit = (storage: Storage) =>
  storage.sql<{ last: number | null }>('select max(since) as last from part')[0]?.last ?? null

function isForeign(storage: Storage, key: string): boolean {
  const name = parsePartKey(key)
  return name !== null && !storage.sql('select 1 from part where id = ?', name.id).length
}

/**
 * Every part gets a revision at which nobody holds anything, so that readers begin anew. Nobody commits more often than
 * once a millisecond, so `ahead` of them, with a day for clocks that differ, is more than what was given before.
 */
function beginEpoch(storage: Storage, now: number, ahead: number): void {
  const epoch = Math.max(Math.floor(now / minute), (readState(storage, 'epoch') ?? 0) + 1)
  storage.transaction(() => {
    writeState(storage, 'epoch', epoch)
    writeState(storage, 'version', (readState(storage, 'version') ?? 0) + ahead)
    storage.sql(`update part set revision = ? where state = 'live'`, epoch)
    // Whoever is at work goes by revisions of before.
    giveUp(storage, now)
  })
}
