import { placeOf, type ClassName } from '#lib/verdict/classes.ts'
import { fill } from '#lib/engine/fill.ts'
import { ownersOf, type Selection } from '#lib/filter/filter.ts'
import { dayOf } from '#lib/schema/day.ts'
import { intervals, isLong, type Timing } from '#lib/time/buckets.ts'
import type { Period } from '#lib/time/period.ts'
import { audienceOf, isOf } from './class-of.ts'
import type { Measure, Place } from './measure.ts'
import { nothing, periodsOf, periodVariables, type PeriodName, type Variables } from './selected.ts'

/** How a measure is asked. */
export interface Asked {
  period: PeriodName
  /** Whose clauses are left out, as in `selected(own, period)`. */
  own?: string
  /** Where a hit is counted. Roll-ups answer only if it is the same for all instants of a grain of theirs. */
  at: Place
  /** SQL: which instants, as `time`; all of a UTC day or none of it. */
  where?: string
  /** The period ends here, if it does not end earlier: an instant in milliseconds. */
  until?: number | undefined
  /** Part of the period that the question counts separately. Hits answer for the UTC days that its edges cut. */
  stretch?: Period | null
}

/** Gives SQL that can stand behind FROM: the rows of a measure, whether from hits or from roll-ups. */
export type Counted = (measure: Measure, asked: Asked) => string

/** One statement. `Query` replaces each measure in it by hits, or by hits and roll-ups. */
export type Question = string | ((counted: Counted) => string)

const day = 86_400_000

/** Whether roll-ups may answer: the period is long enough, and every clause is one that the panel leaves out. */
const mayBeRolled = (period: Period | undefined, { clauses }: Selection, own: string) =>
  period !== undefined &&
  isLong(period) &&
  clauses.every((clause) => clause.disabled || ownersOf(clause).includes(own))

/**
 * Gives the SQL of measures under a selection. Calls `onRolled` with each period that roll-ups may answer for; without it
 * only hits answer.
 */
export const countedUnder =
  (selection: Selection, onRolled?: (period: PeriodName) => void): Counted =>
  (measure, { period, own = '', at, where = 'true', until, stretch }) => {
    const isRolled =
      onRolled !== undefined &&
      measure.grain !== null &&
      at.by % measure.grain.by === 0 &&
      mayBeRolled(periodsOf(selection)[period], selection, own)
    const edged = stretch ?? (until === undefined ? null : { from: 0, to: until })
    const days = edged ? isWithin(wholeDaysOf(edged)) : 'true'
    const tests = [
      isRolled ? `(${isLeft(period)} OR NOT (${days}))` : 'true',
      until === undefined ? 'true' : `time < epoch_ms(${until})`,
      where
    ]
    const split = measure.isOfOneClass ? audienceOf(selection.traffic) : measure.isWhole ? 'none' : 'each'
    const sql = countSql(measure, { source: `selected('${own}', '${period}')`, tests, at, split })
    if (!isRolled) return `(${sql})`
    onRolled(period)
    const rolled = [isRolledIn(period), days, classTest(measure, selection), where]
    return `(FROM (${sql}) UNION ALL BY NAME ${rolledSql(measure, at)} WHERE ${rolled.join(' AND ')})`
  }

/** Which rows of a roll-up are asked for. */
function classTest({ isOfOneClass, isWhole }: Measure, { traffic }: Selection): string {
  if (isOfOneClass) return `class = ${placeOf(audienceOf(traffic))}`
  if (traffic !== 'all') return `class = ${placeOf(traffic)}`
  return isWhole ? 'class IS NULL' : 'true'
}

/** What is counted of which hits. */
interface Counts {
  source: string
  tests: readonly string[]
  at: Place
  /** Of each class apart, of all together, or of one class alone. */
  split: 'each' | 'none' | ClassName
}

/** SQL that counts hits by a measure. */
export function countSql(
  { sql, columns, isOfOneClass }: Measure,
  { source, tests, at, split }: Counts
): string {
  const all = split === 'each' || split === 'none' ? tests : [...tests, isOf(split)]
  const hits = `(SELECT *${split === 'none' ? ' REPLACE (NULL::UTINYINT AS class)' : ''} FROM ${source} WHERE ${all.join(' AND ')}) AS hit`
  const counted = fill(sql, { hits, at: at.of })
  if (!isOfOneClass) return counted
  return `SELECT slot, ${placeOf(split as ClassName)}::UTINYINT AS class, ${Object.keys(columns).join(', ')} FROM (${counted})`
}

const rolledSql = ({ name, columns }: Measure, at: Place) =>
  `SELECT ${[`${at.of('time')} AS slot`, 'class', ...Object.keys(columns)].join(', ')} FROM rolled_${name}`

const wholeDaysOf = ({ from, to }: Period): Period => ({
  from: Math.ceil(from / day) * day,
  to: Math.floor(to / day) * day
})

/** Whether roll-ups answer for an instant. */
const isRolledIn = (period: PeriodName) =>
  `time >= getvariable('${period}_rolled_from') AND time < getvariable('${period}_rolled_to')`

/** The opposite. With NOT the engine would read the hits of rolled days, too. */
const isLeft = (period: PeriodName) =>
  `(time < getvariable('${period}_rolled_from') OR time >= getvariable('${period}_rolled_to'))`

const isWithin = ({ from, to }: Period) => `time >= epoch_ms(${from}) AND time < epoch_ms(${to})`

/** Where the roll-ups of these days may stand for the hits: a run of whole days in each of the periods that has one. */
export function rolledVariables(
  selection: Selection,
  { interval }: Timing,
  days: ReadonlySet<string>
): { variables: Variables; periods: PeriodName[] } {
  const runs = Object.entries(periodsOf(selection)).map(([name, period]) => {
    const isTooFine = name.startsWith('chart') && intervals[interval] < intervals['15 minutes']
    return [name as PeriodName, isTooFine || !period ? nothing : wholeDays(period, days)] as const
  })
  return {
    variables: Object.assign(
      {},
      ...runs.map(([name, run]) => periodVariables(`${name}_rolled`, run))
    ) as Variables,
    periods: runs.filter(([, { from, to }]) => from < to).map(([name]) => name)
  }
}

/** The longest run of whole UTC days within a period that are all among these; empty where there is none. */
export function wholeDays(period: Period, days: ReadonlySet<string>): Period {
  let longest: Period = { from: 0, to: 0 }
  if (!days.size || !isLong(period)) return longest
  let run = longest
  for (let from = Math.ceil(period.from / day) * day; from + day <= period.to; from += day) {
    if (!days.has(dayOf(from))) continue
    run = run.to === from ? { from: run.from, to: from + day } : { from, to: from + day }
    if (run.to - run.from > longest.to - longest.from) longest = run
  }
  return longest
}
