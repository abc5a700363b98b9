import type { Key, Ladder } from './ladder.ts'
import type { RungCount } from './log.ts'

/** Where counted lines are in the list as it is shown, from 0 to 1. */
export const placesOf = (
  { starts, lines }: Ladder,
  counts: readonly RungCount[],
  isOldestFirst: boolean
): number[] =>
  counts
    .filter(({ rung }) => rung >= 0 && rung + 1 < starts.length)
    .map(({ rung }) => {
      const middle = (starts[rung]! + starts[rung + 1]!) / 2 / (lines || 1)
      return isOldestFirst ? middle : 1 - middle
    })

/** Where marked lines are in the list, from 0 to 1: those of its time. */
export function marksOf(ladder: Ladder, marks: readonly Key[], isOldestFirst: boolean): number[] {
  const { from, to } = ladder.stretch.times
  return marks
    .filter(({ time }) => time >= from && time < to)
    .map(({ time }) => {
      const rung = Math.floor((time - ladder.scale.from) / ladder.scale.width)
      const place = (ladder.starts[rung] ?? 0) / (ladder.lines || 1)
      return isOldestFirst ? place : 1 - place
    })
}
