import { columns, type ColumnName } from '#lib/schema/hit.ts'
import type { ManifestChange, Part } from '#lib/schema/manifest.ts'
import { Checksum } from './checksum.ts'
import { partKey } from './keys.ts'
import { describe, intend, swap } from './manifest.ts'
import { PartReader, PartWriter, type Values } from './parquet.ts'
import { union } from './ranges.ts'
import { putOnce, sha256, type Surroundings } from './storage.ts'

/** Rows of a part at most: what the device loads at once and a compaction holds as bytes, about 12 MB. */
const partLimit = 480_000
/** Rows of a row group; DuckDB's own are 122,880, and smaller ones take twice the time to load. */
const groupLimit = 120_000
/** How long after its end a day is finished: forwarders may be late. */
const settling = 2 * 3_600_000
const day = 86_400_000

/** A live part as the planner sees it; `since` is when it went live. */
export type Candidate = Pick<Part, 'id' | 'day' | 'ranges' | 'revision' | 'rows'> & { since: number }

/** Parts of one day that are to become one. */
export interface Compaction {
  day: string
  parents: Candidate[]
}

/**
 * What to merge now: in a day that goes on, `fanIn` parts of one size; in a finished day, all that fit together.
 * A finished day with late rows is merged again once that is worth the rewrite or nothing came for a while.
 */
export function planCompactions(parts: Candidate[], now: number, fanIn = 8): Compaction[] {
  return [...groupBy(parts, (part) => part.day)].flatMap(([day, ofDay]) => {
    const open = ofDay.filter((part) => part.rows <= partLimit / 2).sort(byPosition)
    const groups = isFinished(day, now)
      ? fill(open).filter((group) => isWorth(group, now))
      : [...groupBy(open, (part) => tier(part.rows)).values()]
          .filter((group) => group.length >= fanIn)
          .map((group) => fill(group.slice(0, fanIn))[0]!)
    return groups.filter((group) => group.length > 1).map((parents) => ({ day, parents }))
  })
}

/** When the next day with something to merge is finished; null when there is none. */
export function nextFinish(parts: Candidate[], now: number): number | null {
  const ends = [...groupBy(parts, (part) => part.day)]
    .filter(([day, ofDay]) => ofDay.length > 1 && !isFinished(day, now))
    .map(([day]) => finishOf(day))
  return ends.length ? Math.min(...ends) : null
}

const finishOf = (utcDay: string) => Date.parse(utcDay) + day + settling
const isFinished = (utcDay: string, now: number) => finishOf(utcDay) <= now
const tier = (rows: number) => Math.floor(Math.log(Math.max(rows, 1) / 500) / Math.log(8))
const byPosition = (a: Candidate, b: Candidate) => a.ranges[0]!.from - b.ranges[0]!.from

function isWorth(group: Candidate[], now: number): boolean {
  const rows = group.map((part) => part.rows)
  const largest = Math.max(...rows)
  const rest = rows.reduce((sum, n) => sum + n, 0) - largest
  const newest = Math.max(...group.map((part) => part.since))
  return rest * 8 >= largest || group.length >= 8 || now - newest >= settling
}

/** Neighbours together, as many as fit into a part. */
function fill(parts: Candidate[]): Candidate[][] {
  const groups: Candidate[][] = []
  let room = 0
  for (const part of parts) {
    if (part.rows > room) {
      groups.push([])
      room = partLimit
    }
    groups.at(-1)!.push(part)
    room -= part.rows
  }
  return groups
}

function groupBy<T, K>(items: T[], key: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>()
  for (const item of items) {
    const group = groups.get(key(item))
    if (group) group.push(item)
    else groups.set(key(item), [item])
  }
  return groups
}

/** One row group of a parent. */
interface Run {
  reader: PartReader
  group: number
  rows: number
}

/** Where each row of the child comes from, in its order. */
interface Order {
  run: Uint32Array
  row: Uint32Array
  min_time: number
  max_time: number
}

/**
 * Merges parts of a day into one, by time, then `seq`, and swaps it for them.
 * Null when somebody else was faster. Throws when a parent is missing or damaged, or the child is not the same rows.
 */
export async function compact(
  around: Surroundings,
  { day, parents }: Compaction
): Promise<ManifestChange | null> {
  const { storage, bucket, site } = around
  const id = around.name()
  const rows = parents.reduce((sum, part) => sum + part.rows, 0)
  const revision = Math.max(...parents.map((part) => part.revision))
  const ranges = union(parents.flatMap((part) => part.ranges))
  intend(storage, 'compact', [{ id, step: 'compact', day, ranges, revision, rows }], around.now())
  const readers = await Promise.all(parents.map((part) => read(around, part)))
  const runs = readers.flatMap((reader) =>
    reader.groups.map(({ rows }, group): Run => ({ reader, group, rows }))
  )
  const order = await sortRuns(runs)
  const bytes = await merge(around, runs, order)
  await verify(around, runs, bytes, rows)
  const built = {
    bytes: bytes.length,
    sha256: await sha256(bytes),
    min_time: order.min_time,
    max_time: order.max_time
  }
  describe(storage, id, built)
  await putOnce(bucket, partKey(site, { day, id }), bytes, built.sha256)
  return swap(storage, { added: [id], removed: parents.map((part) => part.id) }, around.now())
}

async function read({ bucket, site }: Surroundings, { id, day, rows }: Candidate): Promise<PartReader> {
  const bytes = await bucket.get(partKey(site, { day, id }))
  if (!bytes) throw new Error(`part ${id} of site ${site} is missing in the bucket`)
  const reader = new PartReader(bytes)
  if (reader.rows !== rows) throw new Error(`part ${id} of site ${site} has ${reader.rows} rows, not ${rows}`)
  return reader
}

async function sortRuns(runs: Run[]): Promise<Order> {
  const total = runs.reduce((sum, run) => sum + run.rows, 0)
  const time = new Float64Array(total)
  const seq = new Float64Array(total)
  const run = new Uint32Array(total)
  const row = new Uint32Array(total)
  let at = 0
  for (const [index, { reader, group, rows }] of runs.entries()) {
    const [times, seqs] = [await reader.values('time', group), await reader.values('seq', group)]
    for (let i = 0; i < rows; i++, at++) {
      time[at] = Number(times[i])
      seq[at] = Number(seqs[i])
      run[at] = index
      row[at] = i
    }
  }
  const places = Uint32Array.from({ length: total }, (_, i) => i).sort(
    (a, b) => time[a]! - time[b]! || seq[a]! - seq[b]!
  )
  return {
    run: places.map((place) => run[place]!),
    row: places.map((place) => row[place]!),
    min_time: time[places[0]!]!,
    max_time: time[places.at(-1)!]!
  }
}

async function merge(around: Surroundings, runs: Run[], order: Order): Promise<Uint8Array> {
  const writer = new PartWriter()
  for (let start = 0; start < order.run.length; start += groupLimit) {
    const from = order.run.subarray(start, start + groupLimit)
    const row = order.row.subarray(start, start + groupLimit)
    await writer.group(from.length, async (name) => {
      await around.pause()
      const sources = await sourcesOf(runs, new Set(from), name)
      return Array.from(row, (place, i) => sources.get(from[i]!)![place])
    })
  }
  return writer.finish()
}

/** Only the runs a row group draws from: parents lie behind each other in time, so that is few of them. */
async function sourcesOf(runs: Run[], needed: Set<number>, name: ColumnName): Promise<Map<number, Values>> {
  const sources = new Map<number, Values>()
  for (const index of needed) sources.set(index, await runs[index]!.reader.values(name, runs[index]!.group))
  return sources
}

/** Compares the child, read back from its bytes, with its parents: same rows, same values, whatever the order. */
async function verify(around: Surroundings, parents: Run[], bytes: Uint8Array, rows: number): Promise<void> {
  const child = new PartReader(bytes)
  if (child.rows !== rows) throw new Error(`compaction made ${child.rows} rows of ${rows}`)
  const runs = child.groups.map(({ rows }, group): Run => ({ reader: child, group, rows }))
  const [before, after] = [await checksum(around, parents), await checksum(around, runs)]
  if (before !== after) throw new Error(`compaction changed rows: checksum ${before} became ${after}`)
}

async function checksum(around: Surroundings, runs: Run[]): Promise<string> {
  const sum = new Checksum()
  for (const { reader, group } of runs) {
    const seq = await reader.values('seq', group)
    for (const { name } of columns) {
      sum.add(name, seq, await reader.values(name, group))
      await around.pause()
    }
  }
  return sum.toString()
}
