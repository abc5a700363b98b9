import type { Period } from '#lib/time/period.ts'
import { dayOf } from '#lib/schema/day.ts'

const dayLength = 86_400_000

/** Whether all hits of a period are on this device; `missing` are the UTC days of the site that are not. */
export const isHere = ({ from, to }: Period, missing: readonly string[]): boolean =>
  !missing.some((name) => name >= dayOf(from) && name <= dayOf(to - 1))

/** Days as the stretches they make up, ascending. */
export function stretchesOf(days: readonly string[]): Period[] {
  const stretches: Period[] = []
  for (const from of days.map((day) => Date.parse(day)).sort((a, b) => a - b)) {
    const last = stretches.at(-1)
    if (last?.to === from) last.to += dayLength
    else stretches.push({ from, to: from + dayLength })
  }
  return stretches
}
