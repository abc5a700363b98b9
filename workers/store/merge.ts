import type { ColumnName } from '#lib/schema/hit.ts'
import { join, type Column } from './coded.ts'
import { PartWriter } from './parquet.ts'
import type { Run } from './part-file.ts'
import { groupLimit } from './row-group.ts'
import type { Surroundings } from './storage.ts'

/** Row groups read from the bucket at once. */
const reads = 4

/** A row group of a part that is made of others: one of theirs as it stands, or rows of several of them by time. */
export interface Group {
  copied: Run | null
  /** Rows counted through all runs that are made anew; empty where one is copied. */
  rows: Uint32Array
  /** Milliseconds since 1970, UTC. */
  min_time: number
  max_time: number
}

/** What a part is made of. */
export interface Plan {
  /** They follow each other by their first hits. */
  groups: Group[]
  /** The runs of which no group is a copy. */
  merged: Run[]
}

/** Only small row groups are worth making anew: one that is at least half full, and kept as a whole, is copied. */
export async function planGroups(around: Surroundings, runs: Run[], dayStart: number): Promise<Plan> {
  const { copied = [], merged = [] } = Object.groupBy(runs, (run) =>
    run.isWhole && run.rows * 2 >= groupLimit ? 'copied' : 'merged'
  )
  const groups: Group[] = []
  for (const run of copied) {
    const order = await sortByTime(around, [run], dayStart)
    groups.push({ copied: run, rows: new Uint32Array(), ...spanOf(order, dayStart) })
  }
  const order = await sortByTime(around, merged, dayStart)
  for (let start = 0; start < order.length; start += groupLimit) {
    const keys = order.subarray(start, start + groupLimit)
    groups.push({ copied: null, rows: Uint32Array.from(keys, rowOf), ...spanOf(keys, dayStart) })
  }
  return { groups: groups.sort((a, b) => a.min_time - b.min_time), merged }
}

/** Times of a day and row numbers fit into one number together, which sorts ten times as fast as a pair. */
const rowSpace = 2 ** 24
const rowOf = (key: number) => key % rowSpace
const spanOf = (keys: Float64Array, dayStart: number) => ({
  min_time: dayStart + Math.floor(keys[0]! / rowSpace),
  max_time: dayStart + Math.floor(keys.at(-1)! / rowSpace)
})

async function sortByTime(around: Surroundings, runs: Run[], dayStart: number): Promise<Float64Array> {
  const keys = new Float64Array(runs.reduce((sum, run) => sum + run.rows, 0))
  let row = 0
  for (const run of runs) {
    for (const time of await run.values('time')) keys[row] = (Number(time) - dayStart) * rowSpace + row++
    await around.pause()
  }
  return keys.sort()
}

/** What a row group takes from a run: some of its rows, and where they go. */
interface Draw {
  run: Run
  rows: number[]
  places: number[]
}

/** The bytes of the part. */
export async function merge(around: Surroundings, { groups, merged }: Plan): Promise<Uint8Array> {
  const sources = [...merged, ...groups.flatMap(({ copied }) => copied ?? [])]
  const writer = new PartWriter(
    'fine',
    sources.reduce((sum, run) => sum + run.bytes, 1 << 16)
  )
  for (const { copied, rows } of groups) {
    await around.pause()
    if (copied) writer.copy(await copied.stored())
    else {
      const draws = planDraws(merged, rows)
      await holdOnly(
        merged,
        draws.map(({ run }) => run)
      )
      await writer.group(rows.length, (name) => gather(around, draws, rows.length, name))
    }
  }
  await holdOnly(merged, [])
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
