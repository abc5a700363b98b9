import type { Key, Ladder } from './ladder.ts'
import type { RungCount } from './log.ts'
import type { Period } from '#lib/time/period.ts'

/** A place of the list as it is shown, from 0 to 1, and how many lines are counted there. */
export interface MapPlace {
  readonly at: number
  readonly lines: number
}

/** Where counted lines are in the list. */
export const placesOf = (
  { starts, lines }: Ladder,
  counts: readonly RungCount[],
  isOldestFirst: boolean
): MapPlace[] =>
  counts
    .filter(({ rung }) => rung >= 0 && rung + 1 < starts.length)
    .map(({ rung, lines: counted }) => {
      const middle = (starts[rung]! + starts[rung + 1]!) / 2 / (lines || 1)
      return { at: isOldestFirst ? middle : 1 - middle, lines: counted }
    })

/**
 * The slots of a map that have any of the places, for each of `levels` shades: a shade has at least its share of the
 * most lines that a slot has, so a list with errors everywhere shows where most are.
 */
export function shadesOf(places: readonly MapPlace[], slots: number, levels: number): number[][] {
  const sums = new Map<number, number>()
  for (const { at, lines } of places) {
    const slot = Math.min(slots - 1, Math.floor(at * slots))
    sums.set(slot, (sums.get(slot) ?? 0) + lines)
  }
  const most = [...sums.values()].reduce((a, b) => Math.max(a, b), 1)
  const shades = Array.from({ length: levels }, (): number[] => [])
  for (const [slot, lines] of sums) shades[Math.ceil((lines / most) * levels) - 1]!.push(slot)
  return shades
}

/** Where marked lines are in the list: those of its time. */
export function marksOf(ladder: Ladder, marks: readonly Key[], isOldestFirst: boolean): MapPlace[] {
  const { from, to } = ladder.stretch.times
  return marks
    .filter(({ time }) => time >= from && time < to)
    .map(({ time }) => {
      const rung = Math.floor((time - ladder.scale.from) / ladder.scale.width)
      const place = (ladder.starts[rung] ?? 0) / (ladder.lines || 1)
      return { at: isOldestFirst ? place : 1 - place, lines: 1 }
    })
}

/** The rung of a ladder that a time is in, whether it is one of its times or not. */
const rungOf = ({ scale }: Ladder, time: number) => Math.floor((time - scale.from) / scale.width)

/** The times in which counted lines have the next one beyond a key: its own rung to the nearest that has any. */
export function timesOfNext(
  ladder: Ladder,
  counts: readonly RungCount[],
  { time }: Key,
  isLater: boolean
): Period {
  const { scale, stretch } = ladder
  if (scale.by !== 'time') return stretch.times
  const own = rungOf(ladder, time)
  const nearest = counts.reduce((nearest, { rung, lines }) => {
    const isBeyond = lines > 0 && (isLater ? rung > own : rung < own)
    return isBeyond && (nearest === own || Math.abs(rung - own) < Math.abs(nearest - own)) ? rung : nearest
  }, own)
  return {
    from: scale.from + Math.min(own, nearest) * scale.width,
    to: scale.from + (Math.max(own, nearest) + 1) * scale.width
  }
}

/** How many counted lines are in the rungs before that of a key, and the time at which its rung begins. */
export function rungBefore(
  ladder: Ladder,
  counts: readonly RungCount[],
  { time }: Key
): { before: number; from?: number } {
  const { scale } = ladder
  if (scale.by !== 'time') return { before: 0 }
  const own = rungOf(ladder, time)
  const before = counts.reduce((sum, { rung, lines }) => sum + (rung < own ? lines : 0), 0)
  return { before, from: scale.from + own * scale.width }
}
