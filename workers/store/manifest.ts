import type { Manifest, ManifestChange, Part } from '#lib/schema/manifest.ts'
import type { Candidate } from './compaction-plan.ts'
import { readState, writeState } from './state.ts'
import type { Storage, Surroundings } from './storage.ts'

/** A part that is announced but not yet in the bucket. */
export interface Intent {
  id: string
  step: 'flush' | 'compact'
  day: string
  ranges: Part['ranges']
  revision: number
  rows: number
}

/** What is known of a part once its bytes are made. */
export type Built = Pick<Part, 'bytes' | 'sha256' | 'min_time' | 'max_time'>

interface PartRow extends Omit<Part, 'ranges'> {
  ranges: string
}

const partColumns = 'id, day, ranges, revision, rows, bytes, sha256, min_time, max_time'

function toPart(row: PartRow): Part {
  return { ...row, ranges: JSON.parse(row.ranges) as Part['ranges'] }
}

/** Every live part, oldest day first. */
export function liveParts(storage: Storage): Part[] {
  return storage
    .sql<PartRow>(`select ${partColumns} from part where state = 'live' order by day, min_time, id`)
    .map(toPart)
}

/** Live parts as compaction plans with them. */
export function candidates(storage: Storage): Candidate[] {
  return storage
    .sql<Omit<Candidate, 'ranges'> & { ranges: string }>(
      `select id, day, ranges, revision, rows, since, step from part where state = 'live'`
    )
    .map((row) => ({ ...row, ranges: JSON.parse(row.ranges) as Part['ranges'] }))
}

/** One part whatever its state: a reader may hold a manifest older than the last commit. */
export function findPart(storage: Storage, id: string): Part | null {
  const [row] = storage.sql<PartRow>(
    `select ${partColumns} from part where id = ? and sha256 is not null and state <> 'pending' and deleted is null`,
    id
  )
  return row ? toPart(row) : null
}

export function readManifest(storage: Storage, site: string): Manifest {
  return { site, version: readState(storage, 'version') ?? 0, parts: liveParts(storage) }
}

/** Gives up what was announced and never committed: call it when nobody is at work. */
export function giveUp(storage: Storage, now: number): void {
  storage.sql(`update part set state = 'dead', since = ? where state = 'pending'`, now)
}

/** Announces parts before a byte of them is stored. */
export function intend(storage: Storage, step: Intent['step'], intents: Intent[], now: number): void {
  storage.transaction(() => {
    for (const { id, day, ranges, revision, rows } of intents)
      storage.sql(
        `insert into part (id, state, since, step, day, ranges, revision, rows) values (?, 'pending', ?, ?, ?, ?, ?, ?)`,
        id,
        now,
        step,
        day,
        JSON.stringify(ranges),
        revision,
        rows
      )
  })
}

/** Notes what was made for an announced part, before its bytes go to the bucket. */
export function describe(storage: Storage, id: string, { bytes, sha256, min_time, max_time }: Built): void {
  storage.sql(
    'update part set bytes = ?, sha256 = ?, min_time = ?, max_time = ? where id = ?',
    bytes,
    sha256,
    min_time,
    max_time,
    id
  )
}

export interface Swap {
  added: string[]
  removed: string[]
  /** Checked in the same transaction; false gives up the swap. */
  holds?(): boolean
  /** What else is true from this version on. */
  also?(): void
}

/**
 * The commit: in one transaction, and only if every added part is still pending and every removed one still live,
 * the manifest moves to the next version. Null when somebody else was faster; the added parts are dead then.
 */
export function swap(
  { storage, boot, now }: Surroundings,
  { added, removed, holds, also }: Swap
): ManifestChange | null {
  return storage.transaction(() => {
    const count = (state: string, ids: string[]) =>
      ids.filter((id) => storage.sql('select 1 from part where id = ? and state = ?', id, state).length)
        .length
    const mark = (state: string, ids: string[]) =>
      ids.forEach((id) => storage.sql('update part set state = ?, since = ? where id = ?', state, now(), id))
    const unchanged =
      count('pending', added) === added.length &&
      count('live', removed) === removed.length &&
      (holds?.() ?? true)
    if (!unchanged) {
      mark('dead', added)
      return null
    }
    mark('live', added)
    mark('dead', removed)
    const epoch = readState(storage, 'epoch') ?? 0
    for (const id of added) {
      storage.sql('update part set revision = max(revision, ?) where id = ?', epoch, id)
      if (boot !== null) storage.sql('update part set unsynced = ? where id = ?', now(), id)
      for (const parent of removed) storage.sql('update part set child = ? where id = ?', id, parent)
    }
    const version = (readState(storage, 'version') ?? 0) + 1
    writeState(storage, 'version', version)
    also?.()
    return { version, added: added.map((id) => findPart(storage, id)!), removed }
  })
}

/**
 * Puts the parents of a part that is lost back in its place, at a revision that nobody holds. Null when it has none that
 * are whole as far as the table knows, or is live no more; `also` is told the parents.
 */
export function takeBack(
  { storage, now }: Surroundings,
  id: string,
  also: (parents: Part[]) => void
): ManifestChange | null {
  return storage.transaction(() => {
    const [lost] = storage.sql<{ revision: number }>(
      `select revision from part where id = ? and state = 'live'`,
      id
    )
    const parents = storage.sql<{ id: string; deleted: number | null }>(
      'select id, deleted from part where child = ?',
      id
    )
    if (!lost || !parents.length || parents.some(({ deleted }) => deleted !== null)) return null
    storage.sql(
      `update part set state = 'live', since = ?, revision = ?, child = null where child = ?`,
      now(),
      lost.revision + 1,
      id
    )
    storage.sql(`update part set state = 'dead', since = ? where id = ?`, now(), id)
    const version = (readState(storage, 'version') ?? 0) + 1
    writeState(storage, 'version', version)
    const added = parents.map((parent) => findPart(storage, parent.id)!)
    also(added)
    return { version, added, removed: [id] }
  })
}
