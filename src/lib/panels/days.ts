import type { Question } from '#lib/ask/counted.ts'
import { utcDay, type Measure } from '#lib/ask/measure.ts'
import type { Query } from '#lib/ask/query.ts'
import { fill } from '#lib/engine/fill.ts'
import { namesOf } from '#lib/star/star.ts'
import type { Period } from '#lib/time/period.ts'
import days from './days.sql?raw'
import most from './days-most.sql?raw'
import values from './days-values.sql?raw'
import { addresses, browsers, days as daysMeasure, ofTab } from './measures/measures.ts'
import { panels } from './ledger.ts'

/** A row of days.sql: a UTC day. */
interface Day {
  /** How many days with requests there are, these among them. */
  days: number
  /** Its midnight, in milliseconds. */
  day: number
  /** All requests, bots included. */
  visits: number
  /** Average generation time. */
  seconds: number | null
}

/** A row of days-values.sql. */
interface DayValues {
  day: number
  unique_clients: number
  paths: (string | null)[]
  path_visits: number[]
  browsers: (string | null)[]
  browser_visits: number[]
}

export type DayRow = Day & DayValues

const paths = ofTab(panels[0]!.tabs[0])

export const daysOf =
  (limit: number): Question =>
  (counted) =>
    fill(days, { limit: String(limit), days: counted(daysMeasure, { period: 'now', at: utcDay }) })

/** Of the days from one on. */
export const dayValuesOf =
  (from: number): Question =>
  (counted) => {
    const ask = (measure: Measure) =>
      counted(measure, { period: 'now', at: utcDay, where: `time >= epoch_ms(${from})` })
    return fill(values, {
      addresses: ask(addresses),
      paths: fill(most, { counted: ask(paths), names: namesOf('path') }),
      browsers: fill(most, { counted: ask(browsers), names: namesOf('browser') })
    })
  }

/** The last days of the period, so many at most. */
export async function askDays(query: Pick<Query, 'ask'>, limit: number): Promise<DayRow[]> {
  const listed = await query.ask<Day>(daysOf(limit))
  if (!listed.length) return []
  const values = await query.ask<DayValues>(dayValuesOf(listed.at(-1)!.day))
  const byDay = new Map(values.map((row) => [row.day, row]))
  return listed.flatMap((row) => ({ ...byDay.get(row.day)!, ...row }))
}

/** The whole UTC day as a period. */
export const periodOf = (day: number): Period => ({ from: day, to: day + 86_400_000 })

export const pairs = (values: readonly (string | null)[], visits: readonly number[]) =>
  values.map((value, i) => ({ value, visits: visits[i] ?? 0 }))
