import { parsePartKey, partKey } from './keys.ts'
import { readState, writeState } from './state.ts'
import type { Listed, Storage, Surroundings } from './storage.ts'

const hour = 3_600_000
/** A reader may hold an older manifest for so long, and finds every part of it. */
const grace = 24 * hour
/** For so long the name of a deleted object stays known: a put may land late, and recovery goes back 30 days. */
const tombstones = 35 * 24 * hour
const sweepEvery = 7 * 24 * hour
/** Objects deleted in one go: the most R2 takes. */
const most = 1_000

/** Deletes objects of parts that have been dead for a day, and forgets those deleted long ago. */
export async function collect({ storage, bucket, site, now }: Surroundings): Promise<number> {
  const dead = storage.sql<{ id: string; day: string }>(
    `select id, day from part where state = 'dead' and deleted is null and since <= ? limit ?`,
    now() - grace,
    most
  )
  if (dead.length) {
    await bucket.delete(dead.map((part) => partKey(site, part)))
    // Between the two a crash only deletes again what is gone.
    storage.transaction(() => {
      for (const { id } of dead)
        storage.sql(`update part set deleted = ? where id = ? and state = 'dead'`, now(), id)
    })
  }
  storage.sql('delete from part where deleted <= ?', now() - tombstones)
  return dead.length
}

/** When there is an object to delete or a sweep to make; null while there are no parts. */
export function nextCollection(storage: Storage): number | null {
  const [row] = storage.sql<{ parts: number; oldest: number | null }>(
    `select count(*) as parts,
       min(since) filter (where state = 'dead' and deleted is null) as oldest from part`
  )
  if (!row?.parts) return null
  return Math.min((row.oldest ?? Infinity) + grace, (readState(storage, 'swept') ?? 0) + sweepEvery)
}

/**
 * Of some objects those that no part can need: not in the table, or deleted there, and a day old. A `pending` part is
 * never judged by the age of its object: its writer may be slow.
 */
function findOrphans(storage: Storage, objects: Listed[], now: number): string[] {
  return objects
    .filter(({ key, uploaded }) => {
      const name = parsePartKey(key)
      if (name === null || uploaded > now - grace) return false
      const [part] = storage.sql<{ deleted: number | null }>('select deleted from part where id = ?', name.id)
      return !part || part.deleted !== null
    })
    .map(({ key }) => key)
}

/** Every object of a site that no part can need. */
export async function listOrphans(around: Surroundings): Promise<string[]> {
  const orphans: string[] = []
  for await (const objects of objectsOf(around))
    orphans.push(...findOrphans(around.storage, objects, around.now()))
  return orphans
}

/** All objects under a site's keys, a page at a time. */
export async function* objectsOf({ bucket, site, pause }: Surroundings): AsyncGenerator<Listed[]> {
  let next: string | null = ''
  while (next !== null) {
    const page = await bucket.list(`site=${site}/`, next || undefined)
    yield page.objects
    next = page.next
    await pause()
  }
}

/** Once a week: deletes orphans. The first time it only counts them: a table restored to an older day knows less. */
export async function sweep(around: Surroundings): Promise<number | null> {
  const { storage, now } = around
  const last = readState(storage, 'swept')
  if (last !== null && now() < last + sweepEvery) return null
  const orphans = await listOrphans(around)
  if (last !== null) await deleteAll(around, orphans)
  writeState(storage, 'orphans', orphans.length)
  writeState(storage, 'swept', now())
  return orphans.length
}

export async function deleteAll({ bucket }: Surroundings, keys: string[]): Promise<void> {
  for (let i = 0; i < keys.length; i += most) await bucket.delete(keys.slice(i, i + most))
}
