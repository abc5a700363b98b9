import type { Part } from '#lib/schema/manifest.ts'

/** Rows of a part at most: what the device loads at once and a compaction holds as bytes, about 12 MB. */
const partLimit = 480_000
/** How long after its end a day is finished: forwarders may be late. */
const settling = 2 * 3_600_000
const day = 86_400_000

/** A part of fewer rows is not worth packing tighter by itself. */
const worthPacking = 1_000

/** A live part as the planner sees it; `since` is when it went live, `step` what made it. */
export type Candidate = Pick<Part, 'id' | 'day' | 'ranges' | 'revision' | 'rows'> & {
  since: number
  step: 'flush' | 'compact'
}

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
    const isDue = isFinished(day, now) ? canImprove : (group: Candidate[]) => group.length > 1
    return groups.filter(isDue).map((parents) => ({ day, parents }))
  })
}

/** When there may be something to merge that is not yet: a day is finished, or its late rows have settled. */
export function nextFinish(parts: Candidate[], now: number): number | null {
  const times = [...groupBy(parts, (part) => part.day)]
    .filter(([, ofDay]) => canImprove(ofDay))
    .map(([day, ofDay]) => {
      const settled = Math.max(...ofDay.map(({ since }) => since)) + settling
      return isFinished(day, now) ? settled : finishOf(day)
    })
    .filter((time) => time > now)
  return times.length ? Math.min(...times) : null
}

const finishOf = (utcDay: string) => Date.parse(utcDay) + day + settling
const isFinished = (utcDay: string, now: number) => finishOf(utcDay) <= now
const tier = (rows: number) => Math.floor(Math.log(Math.max(rows, 1) / 500) / Math.log(8))
/** A flush is in a hurry; what it wrote alone for its day is written once more, tighter. */
const canImprove = (group: Candidate[]) =>
  group.length > 1 || group.some(({ step, rows }) => step === 'flush' && rows >= worthPacking)
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
