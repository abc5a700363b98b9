import type { Traffic } from '#lib/filter/filter.ts'
import breakdown from './breakdown.sql?raw'
import byHit from './by-hit.sql?raw'
import byVisitor from './by-visitor.sql?raw'
import { fill } from '#lib/engine/fill.ts'
import { codeOf } from '#lib/star/star.ts'
import { byOf, rolledName, textsOf, type Tab } from './ledger.ts'
import rolled from './rolled/breakdown.sql?raw'
import trends from './rolled/trends.sql?raw'
import visits from './visits.sql?raw'

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

const trendCount = 12

type PeriodName = 'now' | 'previous'

/** Visitors are people, unless only bots are looked at. */
export const audienceOf = (traffic: Traffic) => (traffic === 'bots' ? 'is_bot' : 'NOT is_bot')

/** What a tab counts of `hits`, a source with a test: a row for each value and whatever else it is told `by`. */
export function countedSql(tab: Tab, by: string, hits: string, audience: string): string {
  const { source, condition = 'true', counted } = tab
  const { code, join } = byOf(tab)
  const read = source ? `(${fill(visits, { hits, audience })}) AS hit` : `(FROM ${hits}) AS hit`
  return fill(counted === 'visitors' ? byVisitor : byHit, {
    by,
    value: code,
    audience,
    requests: source ? 'sum(requests)' : 'count(*)',
    measure: `count(*)${counted === 'page_views' ? ' FILTER (is_page_view)' : ''}`,
    source: `${read} ${join} WHERE ${condition}`
  })
}

const limits: Record<PeriodName, number> = { now: 101, previous: 1001 }

/** The question that a tab is answered by; without roll-ups where they cannot tell anything. */
export function breakdownSql(tab: Tab, traffic: Traffic, period: PeriodName, isRolled = true) {
  const { field, counted, aside } = tab
  const { names } = byOf(tab)
  const audience = audienceOf(traffic)
  const slot = `(epoch_ms(time) - getvariable('${period}_slot_from')) // getvariable('${period}_slot_width') AS slot`
  const hits = `selected('${field}', '${period}') WHERE true`
  const name = isRolled && rolledName(tab)
  const texts = textsOf(tab)
  const gaps = {
    tab: name || '',
    slot,
    value: texts === null ? 'rolled.id' : 'words.word',
    words: texts === null ? '' : ` LEFT JOIN words ON words.field = ${texts} AND words.id = rolled.id`,
    rolled_counted: counted === 'visitors' ? `CASE WHEN ${audience} THEN counted ELSE 0 END` : 'counted',
    is_told: `is_rolled('${field}', '${period}', time) AND ${counted === 'visits' ? audience : 'is_looked_at(is_bot)'}`
  }
  const rolledOf = (template: string) => (name ? `\n${fill(template, gaps)}` : '')
  return fill(breakdown, {
    counted: countedSql(
      tab,
      slot,
      name ? `${hits} AND is_left('${field}', '${period}', time)` : hits,
      audience
    ),
    rolled: rolledOf(rolled),
    rolled_trends: rolledOf(trends),
    name: names ? 'names.value' : 'counted.value',
    names: names ? ` LEFT JOIN ${names} AS names ON names.key = counted.value` : '',
    aside: aside ? 'aside' : 'NULL',
    asides: aside ? asideSql(tab, hits, aside) : '',
    limit: String(limits[period]),
    trends: String(period === 'now' ? trendCount : 0)
  })
}

/** Joins the column beside each value. It reads the hits a second time. */
function asideSql(tab: Tab, hits: string, { column, which }: NonNullable<Tab['aside']>): string {
  const [by, other] = [byOf(tab), codeOf(column)]
  const joins = [...new Set([by.join, other.join])].join(' ')
  return `
LEFT JOIN (
  SELECT asides.value, names.value AS aside
  FROM (
    SELECT ${by.code} AS value, ${which}(nullif(${other.code}, 0)) AS code
    FROM (FROM ${hits}) AS hit ${joins}
    WHERE ${tab.condition ?? 'true'}
    GROUP BY ALL
  ) AS asides
  JOIN ${other.names} AS names ON names.key = asides.code
) USING (value)`
}
