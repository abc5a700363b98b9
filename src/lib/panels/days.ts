import type { Period } from '#lib/time/period.ts'
import days from './days.sql?raw'
import most from './days-most.sql?raw'
import { fill } from '#lib/engine/fill.ts'
import { namesOf } from '#lib/star/star.ts'

/** A row of days.sql: a UTC day. */
export interface DayRow {
  /** How many days with requests there are, these among them. */
  days: number
  /** Its midnight, in milliseconds. */
  day: number
  /** All requests, bots included. */
  visits: number
  unique_clients: number
  /** Average generation time. */
  seconds: number | null
  paths: (string | null)[]
  path_visits: number[]
  browsers: (string | null)[]
  browser_visits: number[]
}

/** The last days of the period, so many at most. */
export const daysSql = (limit: number) =>
  fill(days, {
    limit: String(limit),
    near: `(getvariable('now_to') - INTERVAL ${limit + 1} DAY)::DATE`,
    paths: fill(most, {
      column: 'path',
      shown: 'shown',
      visits: 'count(*)',
      tab: 'visited',
      names: namesOf('path')
    }),
    browsers: fill(most, {
      column: 'browser',
      shown: 'asking',
      visits: 'sum(visits)',
      tab: 'browser',
      names: namesOf('browser')
    })
  })

/** The whole UTC day as a period. */
export const periodOf = (day: number): Period => ({ from: day, to: day + 86_400_000 })

export const pairs = (values: readonly (string | null)[], visits: readonly number[]) =>
  values.map((value, i) => ({ value, visits: visits[i] ?? 0 }))
