import type { Key, Ladder } from './ladder.ts'
import type { Told } from './log.ts'

/** Where the errors and the matches are in the list as it is shown, from 0 to 1. */
export function mapOf(
  { starts, lines }: Ladder,
  told: readonly Told[],
  isOldestFirst: boolean
): { errors: number[]; found: number[] } {
  const place = (rung: number) => {
    const middle = (starts[rung]! + starts[rung + 1]!) / 2 / (lines || 1)
    return isOldestFirst ? middle : 1 - middle
  }
  const known = told.filter(({ rung }) => rung >= 0 && rung + 1 < starts.length)
  return {
    errors: known.filter(({ errors }) => errors).map(({ rung }) => place(rung)),
    found: known.filter(({ found }) => found).map(({ rung }) => place(rung))
  }
}

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
