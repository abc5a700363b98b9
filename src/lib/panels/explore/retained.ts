import type { Part } from '#lib/schema/manifest.ts'
import type { Period } from '#lib/time/period.ts'

const dayLength = 86_400_000

/** A UTC day that a site keeps. */
export interface Retained {
  day: string
  rows: number
  bytes: number
  isHere: boolean
}

/** The days of which a site has parts, newest first; `missing` are those that are not on this device. */
export function retainedDays(parts: readonly Part[], missing: readonly string[]): Retained[] {
  const days = Map.groupBy(parts, ({ day }) => day)
  return [...days]
    .map(([day, some]) => ({
      day,
      rows: some.reduce((sum, { rows }) => sum + rows, 0),
      bytes: some.reduce((sum, { bytes }) => sum + bytes, 0),
      isHere: !missing.includes(day)
    }))
    .sort((a, b) => (a.day < b.day ? 1 : -1))
}

export const dayPeriod = (day: string): Period => {
  const from = Date.parse(day)
  return { from, to: from + dayLength }
}

/** What a click on a day shows: it and all later ones, or it alone if `isAlone` or if that is on screen already. */
export function periodFrom(day: string, days: readonly Retained[], shown: Period, isAlone: boolean): Period {
  const one = dayPeriod(day)
  const onwards = { from: one.from, to: dayPeriod(days[0]?.day ?? day).to }
  const isAgain = shown.from === onwards.from && shown.to === onwards.to
  return isAlone || isAgain ? one : onwards
}
