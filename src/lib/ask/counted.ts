import { fill } from '#lib/engine/fill.ts'
import { ownersOf } from '#lib/filter/dimension.ts'
import { operators, type Selection } from '#lib/filter/filter.ts'
import { isRollable } from '#lib/time/buckets.ts'
import type { Period } from '#lib/time/period.ts'
import { audienceOf, classOf, isOf, placeOf } from './class-of.ts'
import { visitGap, type Measure, type Place } from './measure.ts'
import { periodsOf, type PeriodName } from './selected.ts'

/** How a measure is asked. */
export interface Asked {
  period: PeriodName
  /** The column whose including clauses are left out, as in `selected(own, period)`. */
  own?: string
  /** Where a hit is counted. It must be the same for all instants of a grain of the measure. */
  at: Place
  /** SQL: which instants, as `time`; all of a UTC day or none of it. */
  where?: string
  /** A stretch of the period that is told apart: no UTC day at its edges is asked of roll-ups. */
  stretch?: Period | null
}

/** Gives SQL that can stand behind FROM: the rows of a measure, whether from hits or from roll-ups. */
export type Counted = (measure: Measure, asked: Asked) => string

/** One statement; what it reads of measures only `Query` knows. */
export type Question = string | ((counted: Counted) => string)

const day = 86_400_000

/** Whether roll-ups may answer: the period is long enough, and every clause is one that the panel leaves out. */
const mayBeRolled = (period: Period | undefined, { clauses }: Selection, own: string) =>
  period !== undefined &&
  isRollable(period) &&
  clauses.every(
    ({ field, operator, disabled }) =>
      disabled || (operators[operator].includes && ownersOf(field).includes(own))
  )

/** What measures are under a selection. `onRolled` is told each period that roll-ups may answer for. */
export const countedUnder =
  (selection: Selection, onRolled: (period: PeriodName) => void): Counted =>
  (measure, { period, own = '', at, where = 'true', stretch }) => {
    const isRolled = measure.grain !== null && mayBeRolled(periodsOf(selection)[period], selection, own)
    const days = stretch ? isWithin(wholeDaysOf(stretch)) : 'true'
    const hits = hitsOf(`selected('${own}', '${period}')`, measure.isWhole ? 'NULL::UTINYINT' : classOf, [
      isRolled ? `(is_left('${period}', time) OR NOT (${days}))` : 'true',
      measure.isOfAudience ? isOf(audienceOf(selection.traffic)) : 'true',
      where
    ])
    const sql = countSql(measure, hits, at)
    if (!isRolled) return `(${sql})`
    onRolled(period)
    const tests = [`is_rolled('${period}', time)`, days, classTest(measure, selection), where]
    return `(FROM (${sql}) UNION ALL ${rolledSql(measure, at)} WHERE ${tests.join(' AND ')})`
  }

/** Which rows of a roll-up are asked for. */
function classTest({ isOfAudience, isWhole }: Measure, { traffic }: Selection): string {
  if (isOfAudience) return `class = ${placeOf(audienceOf(traffic))}`
  if (traffic !== 'all') return `class = ${placeOf(traffic)}`
  return isWhole ? 'class IS NULL' : 'true'
}

/** Hits with their class, as a measure reads them. */
export const hitsOf = (source: string, classSql: string, tests: readonly string[]): string =>
  `(SELECT *, ${classSql} AS class FROM ${source} WHERE ${tests.join(' AND ')}) AS hit`

export const countSql = ({ sql }: Measure, hits: string, at: Place): string =>
  fill(sql, { hits, at, visit_gap: String(visitGap) })

function rolledSql({ name, columns, texts }: Measure, at: Place): string {
  const listed = Object.keys(columns).map((column) =>
    column === 'value' && texts !== undefined ? 'words.word AS value' : column
  )
  const words =
    texts === undefined ? '' : ` LEFT JOIN words ON words.field = ${texts} AND words.id = rolled.value`
  return `SELECT ${[`${at('time')} AS slot`, 'class', ...listed].join(', ')} FROM rolled_${name} AS rolled${words}`
}

const wholeDaysOf = ({ from, to }: Period): Period => ({
  from: Math.ceil(from / day) * day,
  to: Math.floor(to / day) * day
})

const isWithin = ({ from, to }: Period) => `time >= epoch_ms(${from}) AND time < epoch_ms(${to})`
