import type { Traffic } from '#lib/data/filter.ts'
import breakdown from './breakdown.sql?raw'
import { fill } from './fill.ts'
import type { Counted, Tab } from './ledger.ts'
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
  /** When, of `slotCount` slots of the range; null for those that are not among the first. */
  slots: number[] | null
  counts: number[] | null
}

export const slotCount = 24
const trendCount = 12

type PeriodName = 'now' | 'previous'

/** Visitors are people, unless only bots are looked at. */
export const audienceOf = (traffic: Traffic) => (traffic === 'bots' ? 'is_bot' : 'NOT is_bot')

// In microseconds, as the engine has them; a minimum with the last slot would cost three times the division.
const slot = (period: PeriodName) => {
  const [from, to] = ['from', 'to'].map((end) => `epoch_us(getvariable('${period}_${end}'))`)
  return `(epoch_us(time) - ${from}) // greatest(1, (${to} - ${from} + ${slotCount - 1}) // ${slotCount})`
}

const measures: Record<Counted, (audience: string) => string> = {
  visitors: (audience) => `count(DISTINCT visitor) FILTER (${audience})`,
  visits: () => 'count(*)',
  page_views: () => 'count(*) FILTER (is_page_view(method, is_asset, path, status))',
  requests: () => 'count(*)'
}

const limits: Record<PeriodName, number> = { now: 101, previous: 1001 }

/** The question that a tab is answered by. */
export function breakdownSql(tab: Tab, traffic: Traffic, period: PeriodName) {
  const { field, source, value = field, condition = 'true', aside = 'NULL', counted } = tab
  const audience = audienceOf(traffic)
  const ofVisits = fill(visits, { own: field, period, audience })
  return fill(breakdown, {
    ...(source === 'visits'
      ? { with: `visit AS MATERIALIZED (\n${ofVisits}),\n`, source: 'visit', condition }
      : {
          with: '',
          source: `selected('${field}', '${period}')`,
          condition: `kind = 'request' AND ${condition}`
        }),
    value,
    aside,
    requests: source === 'visits' ? 'sum(requests)' : 'count(*)',
    counted: measures[counted](audience),
    slot: slot(period),
    limit: String(limits[period]),
    trends: String(period === 'now' ? trendCount : 0)
  })
}
