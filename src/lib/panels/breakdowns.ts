import type { Traffic } from '#lib/data/filter.ts'
import breakdown from './breakdown.sql?raw'
import byHit from './by-hit.sql?raw'
import byVisitor from './by-visitor.sql?raw'
import { fill } from './fill.ts'
import { rolledName, type Tab } from './ledger.ts'
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
  const { field, source, value = field, condition = 'true', counted } = tab
  return fill(counted === 'visitors' ? byVisitor : byHit, {
    by,
    value,
    audience,
    requests: source ? 'sum(requests)' : 'count(*)',
    measure: `count(*)${counted === 'page_views' ? ` FILTER (${pageView})` : ''}`,
    source: source ? `(${fill(visits, { hits, audience })})` : `${hits} AND ${condition}`
  })
}

const pageView = 'is_page_view(method, is_asset, path, status)'
const limits: Record<PeriodName, number> = { now: 101, previous: 1001 }

/** The question that a tab is answered by; without roll-ups where they cannot tell anything. */
export function breakdownSql(tab: Tab, traffic: Traffic, period: PeriodName, isRolled = true) {
  const { field, value = field, condition = 'true', counted, aside } = tab
  const audience = audienceOf(traffic)
  const slot = `(epoch_ms(time) - getvariable('${period}_slot_from')) // getvariable('${period}_slot_width') AS slot`
  const hits = `selected('${field}', '${period}') WHERE kind = 'request'`
  const name = isRolled && rolledName(tab)
  const gaps = {
    tab: name || '',
    slot,
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
    aside: aside ? 'aside' : 'NULL',
    asides: aside
      ? `
LEFT JOIN (SELECT ${value}::VARCHAR AS value, ${aside} AS aside FROM ${hits} AND ${condition} GROUP BY ALL)
  USING (value)`
      : '',
    limit: String(limits[period]),
    trends: String(period === 'now' ? trendCount : 0)
  })
}
