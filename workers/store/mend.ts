import type { Mended } from '#lib/schema/status.ts'
import type { ManifestChange, Part } from '#lib/schema/manifest.ts'
import { addToCounter } from './counters.ts'
import { rebuild, type Enrich } from './flush.ts'
import { partKey } from './keys.ts'
import { trimLog } from './log.ts'
import { findPart, takeBack } from './manifest.ts'
import { hashInBucket } from './part-file.ts'
import { readState, writeState } from './state.ts'
import type { Storage, Surroundings } from './storage.ts'

/** After so long a system has written to disk what it was given. */
const settling = 600_000

/** The runtime has started anew, and what it had not written to disk may be gone. */
export function isShaken({ storage, boot }: Surroundings): boolean {
  return boot !== null && readState(storage, 'boot') !== boot
}

/**
 * Once a run of the runtime: reads the objects that were not yet settled, as the disk has them. For one that is missing or
 * damaged its parents come back, or it is made again of the log, which keeps its rows for so long. What was erased
 * meanwhile is erased again.
 */
export async function mend(
  around: Surroundings,
  enrich: Enrich,
  tell: (change: ManifestChange) => void
): Promise<void> {
  if (!isShaken(around)) return
  const { storage, bucket, site, boot, now } = around
  const waiting = unsyncedParts(storage, 'live')
  for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
    const part = findPart(storage, id)!
    // Local R2 answers without giving way: while thousands of parts were read, no other request was served.
    await around.pause()
    if ((await hashInBucket(around, part)) === part.sha256) continue
    const change = isMerged(storage, id)
      ? takeBack(around, id, (parents) => undo(around, part, parents))
      : await rebuild(around, part, enrich)
    if (!change) continue
    writeState(storage, 'mended', (readState(storage, 'mended') ?? 0) + 1)
    writeState(storage, 'mended_at', now())
    waiting.push(...change.added.map((part) => part.id))
    tell(change)
    // A reader of the old manifest is to find nothing rather than half of it.
    await bucket.delete([partKey(site, part)])
    storage.sql('update part set deleted = ? where id = ?', now(), id)
  }
  await keepRows(around)
  writeState(storage, 'boot', boot!)
}

/**
 * A part that was merged may be lost while its child is not there for good either. The log then keeps the rows until
 * the child is, and a reader of an old manifest finds nothing rather than half of the part.
 */
async function keepRows(around: Surroundings): Promise<void> {
  const { storage, bucket, site, now } = around
  for (const id of unsyncedParts(storage, 'dead')) {
    const part = findPart(storage, id)
    if (!part) continue
    await around.pause()
    if ((await hashInBucket(around, part)) === part.sha256) continue
    await bucket.delete([partKey(site, part)])
    storage.sql('update part set unsynced = ? where id = ?', now(), id)
  }
}

const unsyncedParts = (storage: Storage, state: 'live' | 'dead') =>
  storage
    .sql<{ id: string }>('select id from part where state = ? and unsynced is not null', state)
    .map(({ id }) => id)

const isMerged = (storage: Storage, id: string) =>
  storage.sql(`select 1 from part where id = ? and step = 'compact'`, id).length > 0

/** What was mended so far. */
export function readMended(storage: Storage): Mended | null {
  const parts = readState(storage, 'mended')
  return parts === null ? null : { parts, at: readState(storage, 'mended_at') ?? 0 }
}

/** What the lost part was made without is there again. */
function undo({ storage, now }: Surroundings, lost: Part, parents: Part[]): void {
  const rows = parents.reduce((sum, parent) => sum + parent.rows, 0)
  addToCounter(storage, now(), 'erased', lost.rows - rows)
  storage.sql('update erasure set done = null')
}

/** What was given to the disk long ago is on it: the log forgets it. */
export function settle(around: Surroundings): void {
  const { storage, now } = around
  storage.transaction(() => {
    storage.sql('update part set unsynced = null where unsynced <= ?', now() - settling)
    storage.sql('delete from erasure where done <= ?', now() - settling)
    trimLog(around)
  })
}

/** When something has settled; null when nothing waits for it. */
export function nextSettled({ storage, boot }: Surroundings): number | null {
  if (boot === null) return null
  const [row] = storage.sql<{ first: number | null }>(
    `select min(at) as first from (select min(unsynced) as at from part union all select min(done) from erasure)`
  )
  return row?.first == null ? null : row.first + settling
}
