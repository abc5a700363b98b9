import type { Question } from '#lib/ask/counted.ts'
import { dayIn, type Measure } from '#lib/ask/measure.ts'
import { Superseded, type Query } from '#lib/ask/query.ts'
import { noteSource } from '#lib/ask/stated.ts'
import { fill } from '#lib/engine/fill.ts'
import { namesOf } from '#lib/star/star.ts'
import { instantOf, later } from '#lib/time/clock.ts'
import type { Period } from '#lib/time/period.ts'
import days from './days.sql?raw'
import most from './days-most.sql?raw'
import values from './days-values.sql?raw'
import { panels } from './ledger.ts'
import { addresses, browsers, ofTab, requests } from './measures/measures.ts'

/** A row of days.sql. */
interface Day {
  /** How many days with requests there are, these among them. */
  days: number
  /** Its date, as midnight in UTC, in milliseconds. */
  day: number
  /** Those of bots, too. */
  requests: number
  /** Average response time, in milliseconds. */
  duration: number | null
}

/** A row of days-values.sql. */
interface DayValues {
  day: number
  addresses: number
  paths: (string | null)[]
  path_requests: number[]
  browsers: (string | null)[]
  browser_requests: number[]
}

export type DayRow = Day & DayValues

const paths = ofTab(panels[0]!.tabs[0])

export const daysOf =
  (limit: number, zone: string): Question =>
  (counted) =>
    fill(days, { limit: String(limit), requests: counted(requests, { period: 'now', at: dayIn(zone) }) })

/** Of the days from one on. */
export const dayValuesOf =
  (day: number, zone: string): Question =>
  (counted) => {
    const where = `time >= epoch_ms(${instantOf(day, zone)})`
    const ask = (measure: Measure) => counted(measure, { period: 'now', at: dayIn(zone), where })
    return fill(values, {
      addresses: ask(addresses),
      paths: fill(most, { counted: ask(paths), names: namesOf('path') }),
      browsers: fill(most, { counted: ask(browsers), names: namesOf('browser') })
    })
  }

/** The last days of the period, so many at most. */
export async function askDays(
  query: Pick<Query, 'ask' | 'selection'>,
  limit: number,
  zone: string
): Promise<DayRow[]> {
  const { selection } = query
  const listed = await query.ask<Day>(daysOf(limit, zone))
  if (query.selection !== selection) throw new Superseded()
  if (!listed.length) return []
  const values = await query.ask<DayValues>(dayValuesOf(listed.at(-1)!.day, zone))
  const byDay = new Map(values.map((row) => [row.day, row]))
  const rows = listed.flatMap((row) => {
    const found = byDay.get(row.day)
    return found ? { ...found, ...row } : []
  })
  return noteSource(rows, listed)
}

/** The whole day as a period. */
export function periodOf(day: number, zone: string): Period {
  const from = instantOf(day, zone)
  return { from, to: later(from, zone, 1) }
}

export const pairs = (values: readonly (string | null)[], requests: readonly number[]) =>
  values.map((value, i) => ({ value, requests: requests[i] ?? 0 }))
