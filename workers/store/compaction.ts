import { columns, type ColumnName } from '#lib/schema/hit.ts'
import type { ManifestChange } from '#lib/schema/manifest.ts'
import { Checksum } from './checksum.ts'
import { join, type Column } from './coded.ts'
import type { Compaction } from './compaction-plan.ts'
import { partKey } from './keys.ts'
import { describe, findPart, intend, swap, type Swap } from './manifest.ts'
import { PartReader, PartWriter } from './parquet.ts'
import { openRuns, runsOf, type Run } from './part-file.ts'
import { union } from './ranges.ts'
import { putOnce, sha256, type Surroundings } from './storage.ts'

/** Rows of a row group; DuckDB's own are 122,880, and smaller ones take twice the time to load. */
const groupLimit = 120_000
/** Row groups read from the bucket at once. */
const reads = 4

/**
 * Merges parts of a day into one, by time, and swaps it for them.
 * Null when somebody else was faster. Throws when a parent is missing or damaged, or the child is not the same rows.
 */
export async function compact(around: Surroundings, compaction: Compaction): Promise<ManifestChange | null> {
  const runs = await openParents(around, compaction)
  return rewrite(around, compaction, { runs, changes: false })
}

/** The row groups of all parents. */
export async function openParents(around: Surroundings, { parents }: Compaction): Promise<Run[]> {
  const runs: Run[] = []
  for (const { id } of parents) {
    const part = findPart(around.storage, id)
    if (!part) throw new Error(`part ${id} of site ${around.site} is not known`)
    runs.push(...(await openRuns(around, part)))
  }
  return runs
}

export interface Rewrite extends Pick<Swap, 'also'> {
  /** Row groups of the parents; what of them is not kept is gone after. */
  runs: Run[]
  /** Whether hits are other than before, so that readers have to load them again. */
  changes: boolean
}

/** Puts one part in the place of others. */
export async function rewrite(
  around: Surroundings,
  { day, parents }: Compaction,
  { runs, changes, also }: Rewrite
): Promise<ManifestChange | null> {
  const { storage, bucket, site } = around
  const removed = parents.map((part) => part.id)
  const rows = runs.reduce((sum, run) => sum + run.rows, 0)
  if (!rows) return swap(around, { added: [], removed, also })
  const id = around.name()
  const ranges = union(parents.flatMap((part) => part.ranges))
  const revisions = removed.map((parent) => findPart(storage, parent)?.revision ?? 0)
  const revision = Math.max(...revisions) + (changes ? 1 : 0)
  intend(storage, 'compact', [{ id, step: 'compact', day, ranges, revision, rows }], around.now())
  const order = await sortByTime(around, runs, Date.parse(day))
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
  return swap(around, { added: [id], removed, also })
}

/** Rows of all runs, counted through, in the order of the child. */
interface Order {
  rows: Uint32Array
  min_time: number
  max_time: number
}

/** Times of a day and row numbers fit into one number together, which sorts ten times as fast as a pair. */
const rowSpace = 2 ** 24

async function sortByTime(around: Surroundings, runs: Run[], dayStart: number): Promise<Order> {
  const keys = new Float64Array(runs.reduce((sum, run) => sum + run.rows, 0))
  let row = 0
  for (const run of runs) {
    for (const time of await run.values('time')) keys[row] = (Number(time) - dayStart) * rowSpace + row++
    await around.pause()
  }
  keys.sort()
  return {
    rows: Uint32Array.from(keys, (key) => key % rowSpace),
    min_time: dayStart + Math.floor(keys[0]! / rowSpace),
    max_time: dayStart + Math.floor(keys.at(-1)! / rowSpace)
  }
}

/** What a row group takes from a run: some of its rows, and where they go. */
interface Draw {
  run: Run
  rows: number[]
  places: number[]
}

async function merge(around: Surroundings, runs: Run[], order: Order): Promise<Uint8Array> {
  const writer = new PartWriter(
    'fine',
    runs.reduce((sum, run) => sum + run.bytes, 1 << 16)
  )
  for (let start = 0; start < order.rows.length; start += groupLimit) {
    const rows = order.rows.subarray(start, start + groupLimit)
    const draws = planDraws(runs, rows)
    await holdOnly(
      runs,
      draws.map(({ run }) => run)
    )
    await writer.group(rows.length, (name) => gather(around, draws, rows.length, name))
  }
  await holdOnly(runs, [])
  return writer.finish()
}

/** Only the runs a row group draws from: parents lie behind each other in time, so that is few of them. */
function planDraws(runs: Run[], rows: Uint32Array): Draw[] {
  const draws = runs.map((run): Draw => ({ run, rows: [], places: [] }))
  const starts: number[] = []
  let start = 0
  for (const run of runs) {
    starts.push(start)
    start += run.rows
  }
  for (const [place, row] of rows.entries()) {
    const index = lastAtMost(starts, row)
    draws[index]!.rows.push(row - starts[index]!)
    draws[index]!.places.push(place)
  }
  return draws.filter((draw) => draw.rows.length)
}

function lastAtMost(starts: readonly number[], row: number): number {
  let [low, high] = [0, starts.length - 1]
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (starts[middle]! <= row) low = middle
    else high = middle - 1
  }
  return low
}

async function holdOnly(runs: Run[], needed: Run[]): Promise<void> {
  const kept = new Set(needed)
  for (const run of runs) if (!kept.has(run)) run.release()
  for (let i = 0; i < needed.length; i += reads)
    await Promise.all(needed.slice(i, i + reads).map((run) => run.hold()))
}

async function gather(around: Surroundings, draws: Draw[], rows: number, name: ColumnName): Promise<Column> {
  await around.pause()
  const taken = []
  for (const { run, rows, places } of draws) taken.push({ column: await run.column(name), rows, places })
  return join(taken, rows)
}

/** Compares the child, read back from its bytes, with its parents: same rows, same values, whatever the order. */
async function verify(around: Surroundings, parents: Run[], bytes: Uint8Array, rows: number): Promise<void> {
  const child = PartReader.of(bytes)
  if (child.rows !== rows) throw new Error(`compaction made ${child.rows} rows of ${rows}`)
  const [before, after] = [await checksum(around, parents), await checksum(around, runsOf(child))]
  if (before !== after) throw new Error(`compaction changed rows: checksum ${before} became ${after}`)
}

async function checksum(around: Surroundings, runs: Run[]): Promise<string> {
  const sum = new Checksum()
  for (const run of runs) {
    await run.hold()
    sum.rows(await run.values('seq'))
    for (const { name } of columns) {
      sum.add(name, await run.column(name))
      await around.pause()
    }
    run.release()
  }
  return sum.toString()
}
