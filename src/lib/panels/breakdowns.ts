import type { Question } from '#lib/ask/counted.ts'
import { quarterOfDay, type Place } from '#lib/ask/measure.ts'
import type { PeriodName } from '#lib/ask/selected.ts'
import { fill } from '#lib/engine/fill.ts'
import { codeOf } from '#lib/star/star.ts'
import breakdown from './breakdown.sql?raw'
import { byOf, type Tab } from './ledger.ts'
import { isOfVisits, ofTab } from './measures/measures.ts'

/** A row of breakdown.sql. */
export interface Value {
  value: string | null
  aside: string | null
  requests: number
  counted: number
  /** How many different values there are, and what is counted of them all. */
  listed: number
  all_requests: number
  all_counted: number
  /** When, of the slots of the range; null for those that are not among the first. */
  slots: number[] | null
  counts: number[] | null
}

const trendCount = 14

/** Which clauses a tab leaves out: what is chosen in it. */
const ownOf = ({ field, clauses }: Tab) => (clauses ? `${field}*` : field)

/** The periods that a list is of. */
type Listed = Extract<PeriodName, 'now' | 'previous'>

const limits: Record<Listed, number> = { now: 101, previous: 1001 }

/** The question that a tab is answered by; `until` ends the period earlier, in milliseconds. */
export function breakdownOf(tab: Tab, period: Listed, until?: number): Question {
  const { aside } = tab
  const { names, isFirst } = byOf(tab)
  const counts = (column: string) =>
    tab.counted === 'visitors' && !tab.page
      ? `CASE WHEN is_audience(class) THEN ${column} ELSE 0 END`
      : column
  const hasTrends = period === 'now'
  const slot: Place = {
    of: (time) =>
      hasTrends ? `(epoch_ms(${time}) - getvariable('now_slot_from')) // getvariable('now_slot_width')` : '0',
    by: quarterOfDay.by
  }
  return (counted) =>
    fill(breakdown, {
      measure: counted(ofTab(tab), { own: ownOf(tab), period, at: slot, until }),
      counts,
      whole: isFirst ? 'whole' : isOfVisits(tab) ? 'visitors' : counts('counted'),
      requests: isFirst ? 'whole' : 'requests',
      name: names ? 'names.value' : 'counted.value',
      names: names ? ` LEFT JOIN ${names} AS names ON names.key = counted.value` : '',
      aside: aside ? 'aside' : 'NULL',
      asides: aside ? asideSql(tab, period, aside) : '',
      limit: String(limits[period]),
      trends: String(hasTrends ? trendCount : 0)
    })
}

/** Joins the column beside each value. It reads the hits a second time. */
function asideSql(tab: Tab, period: Listed, { column, which }: NonNullable<Tab['aside']>): string {
  const [by, other] = [byOf(tab), codeOf(column)]
  const joins = [...new Set([by.join, other.join])].join(' ')
  return `
LEFT JOIN (
  SELECT asides.value, names.value AS aside
  FROM (
    SELECT ${by.code} AS value, ${which}(nullif(${other.code}, 0)) AS code
    FROM selected('${ownOf(tab)}', '${period}') AS hit ${joins}
    WHERE ${tab.condition ?? 'true'}
    GROUP BY ALL
  ) AS asides
  JOIN ${other.names} AS names ON names.key = asides.code
) USING (value)`
}
