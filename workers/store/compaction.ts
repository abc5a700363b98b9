import { columns } from '#lib/schema/hit.ts'
import type { ManifestChange } from '#lib/schema/manifest.ts'
import { Checksum } from './checksum.ts'
import type { Compaction } from './compaction-plan.ts'
import { partKey } from './keys.ts'
import { describe, findPart, intend, swap, type Swap } from './manifest.ts'
import { merge, planGroups, type Plan } from './merge.ts'
import { isCopy, PartReader } from './parquet.ts'
import { hashInBucket, openRuns, runsOf, type Run } from './part-file.ts'
import { union } from './ranges.ts'
import { putOnce, sha256, type Surroundings } from './storage.ts'

/**
 * Merges parts of a day into one and swaps it for them.
 * Null when somebody else was faster. Throws when a parent is missing or damaged, or the child is not the same rows.
 */
export async function compact(around: Surroundings, compaction: Compaction): Promise<ManifestChange | null> {
  const runs = await openParents(around, compaction)
  return rewrite(around, compaction, { runs, changes: false })
}

/** The row groups of all parents. */
async function openParents(around: Surroundings, { parents }: Compaction): Promise<Run[]> {
  const runs: Run[] = []
  for (const { id } of parents) {
    const part = findPart(around.storage, id)
    if (!part) throw new Error(`part ${id} of site ${around.site} is not known`)
    runs.push(...(await openRuns(around, part)))
  }
  return runs
}

interface Rewrite extends Pick<Swap, 'also'> {
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
  const parts = removed.flatMap((parent) => findPart(storage, parent) ?? [])
  for (const part of parts) {
    const hash = await hashInBucket(around, part)
    if (hash !== part.sha256)
      throw new Error(`part ${part.id} of site ${site} is damaged: its sha256 is ${hash}`)
  }
  const id = around.name()
  const ranges = union(parents.flatMap((part) => part.ranges))
  const revision = Math.max(0, ...parts.map((part) => part.revision)) + (changes ? 1 : 0)
  intend(storage, 'compact', [{ id, step: 'compact', day, ranges, revision, rows }], around.now())
  const plan = await planGroups(around, runs, Date.parse(day))
  const bytes = await merge(around, plan)
  await verify(around, plan, bytes, rows)
  const built = {
    bytes: bytes.length,
    sha256: await sha256(bytes),
    min_time: Math.min(...plan.groups.map((group) => group.min_time)),
    max_time: Math.max(...plan.groups.map((group) => group.max_time))
  }
  describe(storage, id, built)
  await putOnce(bucket, partKey(site, { day, id }), bytes, built.sha256)
  return swap(around, { added: [id], removed, also })
}

/**
 * Compares the child, read back from its bytes, with its parents, read again: what is copied to the byte, and of what is
 * made anew the same rows with the same values, whatever the order.
 */
async function verify(
  around: Surroundings,
  { groups, merged }: Plan,
  bytes: Uint8Array,
  rows: number
): Promise<void> {
  const child = PartReader.of(bytes)
  if (child.rows !== rows) throw new Error(`compaction made ${child.rows} rows of ${rows}`)
  const made: Run[] = []
  for (const [place, run] of runsOf(child).entries()) {
    const { copied } = groups[place]!
    if (!copied) made.push(run)
    else if (!isCopy(await run.stored(), await copied.stored()))
      throw new Error(`compaction changed row group ${place} where it was to be copied`)
    await around.pause()
  }
  const [before, after] = [await checksum(around, merged), await checksum(around, made)]
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
