import { dayOf } from '#lib/schema/day.ts'
import type { Manifest, ManifestChange, Part, Range } from '#lib/schema/manifest.ts'
import type { Period } from '#lib/time/period.ts'
import { covers, overlaps, subtract } from '#lib/time/ranges.ts'

/** A stretch of the log whose hits of a day are on the device, as of a revision; kept in the table `held`. */
export interface Held extends Range {
  day: string
  revision: number
  part: string
}

/** What a device may hold without asking. */
export interface Limits {
  rows: number
  bytes: number
}

const defaultLimits: Limits = { rows: 2_000_000, bytes: 100_000_000 }

/** A range, and what it is compared with; or those of the chart, when only a stretch of it is looked at. */
export interface Wanted extends Period {
  previous?: Period
  chart?: Omit<Wanted, 'chart'>
}

export interface Plan {
  /** Parts to load in place of what is held of their ranges, newest first. */
  fetch: Part[]
  /** Held ranges that no part of the manifest vouches for: their hits were erased, or rewritten elsewhere. */
  drop: { day: string; ranges: Range[] }[]
  /** Cached parts that are no longer in the manifest. */
  forget: string[]
}

/**
 * What brings a device to a manifest, for the days that a period touches.
 *
 * A part is skipped only if every (day, range) of it is held at its revision; compaction therefore costs nothing,
 * and hits that were erased go, whatever period is on screen.
 */
export function planSync(
  held: readonly Held[],
  cached: readonly string[],
  manifest: Manifest,
  want: Wanted,
  limits: Limits = defaultLimits
): Plan {
  const isHeld = isHeldIn(held)
  const fetch = withinLimits(wantedParts(manifest, want), limits).filter((part) => !isHeld(part))
  const fetching = new Set(fetch)
  const live = new Set(manifest.parts.map(({ id }) => id))
  return {
    fetch,
    drop: planDrop(held, manifest, (part) => fetching.has(part)),
    forget: cached.filter((id) => !live.has(id))
  }
}

/** What of a range is not held, whatever the limits. */
export const partsNotHeld = (held: readonly Held[], manifest: Manifest, want: Wanted): Part[] =>
  wantedParts(manifest, want).filter((part) => !isHeldIn(held)(part))

/** Parts as the page tells of them. */
export interface Tally {
  parts: number
  rows: number
  bytes: number
  days: string[]
}

export const tallyOf = (parts: readonly Part[]): Tally => ({
  parts: parts.length,
  rows: parts.reduce((sum, { rows }) => sum + rows, 0),
  bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0),
  days: [...new Set(parts.map(({ day }) => day))]
})

/** The days with a part that is neither held nor cached: what cannot be asked without a network. */
export function missingDays(
  held: readonly Held[],
  cached: readonly string[],
  parts: readonly Part[]
): string[] {
  const here = new Set(cached)
  const missing = parts.filter((part) => !here.has(part.id) && !isHeldIn(held)(part))
  return [...new Set(missing.map(({ day }) => day))].sort()
}

const isHeldIn =
  (held: readonly Held[]) =>
  ({ day, revision, ranges }: Part): boolean =>
    covers(
      held.filter((range) => range.day === day && range.revision === revision),
      ranges
    )

// What is looked at comes before what it is compared with, and that counts against the limits too.
function wantedParts({ parts }: Manifest, { chart, ...want }: Wanted): Part[] {
  const { previous, ...range } = chart ?? want
  const isNow = touches(range)
  const isThen = previous ? touches(previous) : () => false
  const then = parts.filter((part) => isThen(part) && !isNow(part))
  return [...parts.filter(isNow).sort(newestFirst), ...then.sort(newestFirst)]
}

const touches =
  ({ from, to }: Period) =>
  ({ day }: Part) =>
    from < to && day >= dayOf(from) && day <= dayOf(to - 1)

const newestFirst = (a: Part, b: Part) =>
  b.day.localeCompare(a.day) || b.max_time - a.max_time || a.id.localeCompare(b.id)

// What is held of the period counts too: the limit is what the engine has to hold.
function withinLimits(parts: readonly Part[], limits: Limits): Part[] {
  let [rows, bytes] = [0, 0]
  const end = parts.findIndex((part) => {
    rows += part.rows
    bytes += part.bytes
    return rows > limits.rows || bytes > limits.bytes
  })
  return end < 0 ? [...parts] : parts.slice(0, end)
}

function planDrop(
  held: readonly Held[],
  manifest: Manifest,
  isFetched: (part: Part) => boolean
): Plan['drop'] {
  const days = Map.groupBy(manifest.parts, ({ day }) => day)
  const drops = held.map((range) => {
    const parts = days.get(range.day) ?? []
    const vouching = parts.filter((part) => part.revision === range.revision || isFetched(part))
    const ranges = subtract(
      [range],
      vouching.flatMap((part) => part.ranges)
    )
    return { day: range.day, ranges }
  })
  return drops.filter(({ ranges }) => ranges.length)
}

/** What is held once some ranges of a day are gone. */
export const withoutRanges = (held: readonly Held[], day: string, ranges: readonly Range[]): Held[] =>
  held.flatMap((range) =>
    range.day === day ? subtract([range], ranges).map((left) => ({ ...range, ...left })) : [range]
  )

/** What is held once a part is loaded. */
export const withPart = (held: readonly Held[], { id, day, revision, ranges }: Part): Held[] => [
  ...withoutRanges(held, day, ranges),
  ...ranges.map(({ from, to }) => ({ day, revision, from, to, part: id }))
]

/** Splits parts before each one that replaces hits of an earlier one: those must be inserted before they are deleted. */
export function disjointRuns(parts: readonly Part[]): Part[][] {
  const runs: Part[][] = []
  for (const part of parts) {
    const run = runs.at(-1)
    const replaces = (other: Part) =>
      other.day === part.day && other.ranges.some((range) => overlaps(part.ranges, range))
    if (!run || run.some(replaces)) runs.push([part])
    else run.push(part)
  }
  return runs
}

/** The engine compresses so many rows at a time; what a transaction has beyond that is written twice. */
const groupRows = 122_880
/** Until they are saved they are in memory, with what they are judged by. */
const batchRows = 2 * groupRows
/** Of more than one group the newest hits are on screen first: to ask of them and again of all takes a second more. */
const firstBatchRows = 50_000

/** Small parts are loaded together, one transaction a batch. */
export function planBatches(parts: readonly Part[]): Part[][] {
  const batches: Part[][] = []
  const rows = parts.reduce((sum, part) => sum + part.rows, 0)
  const first = rows > groupRows ? firstBatchRows : rows
  let room = 0
  for (const part of parts) {
    if (room <= 0) {
      room = batches.length ? batchRows : first
      batches.push([])
    }
    batches.at(-1)!.push(part)
    room -= part.rows
  }
  return batches
}

/** The manifest after a change, or null when a version between was missed. */
export function applyChange(manifest: Manifest | null, change: ManifestChange): Manifest | null {
  if (manifest?.version !== change.version - 1) return null
  const gone = new Set([...change.removed, ...change.added.map(({ id }) => id)])
  const parts = manifest.parts.filter(({ id }) => !gone.has(id))
  return { ...manifest, version: change.version, parts: [...parts, ...change.added] }
}
