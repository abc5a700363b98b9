import { dayOf } from '#lib/schema/day.ts'
import type { Period } from '#lib/time/period.ts'

const day = 86_400_000

/** The days of which something is held that are over and have no roll-ups, newest first. */
export const unrolledDays = (
  held: readonly { day: string }[],
  rolled: ReadonlySet<string>,
  now: number
): string[] =>
  [...new Set(held.map(({ day }) => day))]
    .filter((name) => name < dayOf(now) && !rolled.has(name))
    .sort()
    .reverse()

/** So many rows at once keep the engine for a tenth of a second a statement at most, or a day that has more. */
const mostRows = 120_000

/** Days, newest first, as runs without a gap that have few enough rows. */
export function runsOf(days: readonly string[], rowsOf: (day: string) => number): Period[] {
  const runs: (Period & { rows: number })[] = []
  for (const name of days) {
    const [from, rows, last] = [Date.parse(name), rowsOf(name), runs.at(-1)]
    if (last?.from === from + day && last.rows + rows <= mostRows) {
      last.from = from
      last.rows += rows
    } else runs.push({ from, to: from + day, rows })
  }
  return runs.map(({ from, to }) => ({ from, to }))
}

/** The names of the UTC days of a run. */
export function daysOf({ from, to }: Period): string[] {
  const days = []
  for (let instant = from; instant < to; instant += day) days.push(dayOf(instant))
  return days
}
