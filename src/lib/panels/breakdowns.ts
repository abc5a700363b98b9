import { operators, type Clause, type Traffic } from '#lib/data/filter.ts'
import answers from './answers.sql?raw'
import breakdown from './breakdown.sql?raw'
import routes from './routes.sql?raw'
import rhythm from './rhythm.sql?raw'
import offenders from './offenders.sql?raw'
import latest from './latest.sql?raw'
import days from './days.sql?raw'
import missing from './missing.sql?raw'
import { panels, usersPanel, type Counted, type Tab } from './ledger.ts'
import paths from './paths.sql?raw'
import referrals from './referrals.sql?raw'
import users from './users.sql?raw'
import visitors from './visitors.sql?raw'
import visits from './visits.sql?raw'

/** What tabs read: hits counted up as far as all that are asked of them allow. */
const sources = { visitors, referrals, answers, paths, visits, missing, users }
export type Source = keyof typeof sources

/** A row of breakdown.sql. */
export interface Value {
  tab: string
  value: string | null
  aside: string | null
  is_total: boolean
  /** How many different values there are. */
  listed: number
  requests: number
  counted: number
  /** When, of `slotCount` slots of the range; null for those that are not among the first. */
  slots: number[] | null
  counts: number[] | null
}

export const slotCount = 24

type PeriodName = 'now' | 'previous'

/** Visitors are people, unless only bots are looked at. */
export const audienceOf = (traffic: Traffic) => (traffic === 'bots' ? 'is_bot' : 'NOT is_bot')

const slot = (period: PeriodName) => {
  const [from, to] = ['from', 'to'].map((end) => `epoch_ms(getvariable('${period}_${end}'))`)
  return `least(${slotCount - 1}, floor(${slotCount} * (epoch_ms(time) - ${from})::DOUBLE / greatest(1, ${to} - ${from})))::INTEGER`
}

const measures: Record<Counted, (audience: string) => string> = {
  visitors: (audience) => `count(DISTINCT visitor) FILTER (${audience})`,
  visits: () => 'count(*)',
  page_views: () => 'sum(page_views)',
  requests: () => 'sum(requests)'
}

const slotted = new Set<Source>(['answers', 'paths', 'missing', 'users'])
const limits: Record<PeriodName, number> = { now: 101, previous: 1001 }

/** A template of SQL without its remark, its gaps filled with names and tests of our own. */
export function fill(template: string, gaps: Record<string, string>) {
  const text = template.replace(/^--.*\n/gm, '')
  return text.replace(/\{(\w+)\}/g, (gap, name: string) => gaps[name] ?? gap)
}

function branch(tab: Tab, audience: string, period: PeriodName) {
  const { name, field, source, value = field, condition = 'true', aside = 'NULL', counted } = tab
  const isKeyed = source === 'referrals'
  return fill(breakdown, {
    tab: name,
    value: isKeyed ? 'value' : value,
    condition: isKeyed ? 'true' : condition,
    aside,
    counted:
      source === 'visitors' && counted === 'visitors'
        ? `count(*) FILTER (${audience})`
        : measures[counted](audience),
    slot: slotted.has(source) ? 'slot' : slot(period),
    limit: String(limits[period])
  })
}

/** Whether a tab has to be asked alone: it does not heed a clause that the others do. */
const isOnItsOwn = ({ field }: Tab, clauses: readonly Clause[]) =>
  clauses.some((clause) => clause.field === field && !clause.disabled && operators[clause.operator].includes)

const tabs = [...panels, usersPanel].flatMap((panel) => panel.tabs)

/** The question that a tab is answered by: with all of its source in one pass where nothing sets it apart. */
export function breakdownSql(tab: Tab, clauses: readonly Clause[], traffic: Traffic, period: PeriodName) {
  const { field, source, value = field, condition = 'true' } = tab
  const isAlone = isOnItsOwn(tab, clauses) || source === 'referrals'
  const together = isAlone
    ? [{ ...tab, name: tab.like ?? tab.name }]
    : tabs.filter((other) => other.source === source && !isOnItsOwn(other, clauses) && !other.like)
  const audience = audienceOf(traffic)
  const own = isAlone && isOnItsOwn(tab, clauses) ? field : ''
  const from = fill(sources[source], { own, period, value, condition, audience, slot: slot(period) })
  const branches = together.map((one) => branch(one, audience, period))
  return `WITH source AS MATERIALIZED (\n${from})\n${branches.join('UNION ALL\n')}`
}

/** All that the panels of a page ask, each question once, with the first tab of each open. */
export const ledgerSql = (clauses: readonly Clause[], traffic: Traffic) => [
  ...new Set([
    ...[...panels, usersPanel].map((panel) => breakdownSql(panel.tabs[0], clauses, traffic, 'now')),
    rhythm,
    routes,
    offenders,
    latest,
    days
  ])
]
