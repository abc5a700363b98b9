import { fill } from '#lib/engine/fill.ts'
import { operators, type Clause, type Selection } from '#lib/filter/filter.ts'
import { operatorSql } from '#lib/filter/operator-sql.ts'
import type { Period } from '#lib/time/period.ts'
import { isReading, typeOf, type Dimension } from '#lib/filter/dimension.ts'
import { sqlOf } from '#lib/filter/value-sql.ts'
import { isLong, planTiming, slotsOf, type Timing } from '#lib/time/buckets.ts'
import breakdown from './breakdown.sql?raw'
import byHit from './by-hit.sql?raw'
import byVisitor from './by-visitor.sql?raw'
import chosen from './chosen.sql?raw'
import days from './days.sql?raw'
import daysMost from './days-most.sql?raw'
import figures from './figures.sql?raw'
import hidden from './hidden.sql?raw'
import latency from './latency.sql?raw'
import latencyBins from './latency-bins.sql?raw'
import latest from './latest.sql?raw'
import offenders from './offenders.sql?raw'
import rhythm from './rhythm.sql?raw'
import routes from './routes.sql?raw'
import routesBins from './routes-bins.sql?raw'
import selected from './selected.sql?raw'

// What a page would ask of a flat table, as ours did before it held hits as a star: the measure that it is held against.

/** What is shown of each panel first. */
const tabs = [
  { field: 'path', counted: 'page_views', condition: 'true' },
  { field: 'referrer_domain', counted: 'visitors', condition: `referrer_kind IS DISTINCT FROM 'internal'` },
  { field: 'country', counted: 'visitors', condition: 'true' },
  { field: 'status', counted: 'requests', condition: 'true' },
  { field: 'bot_name', counted: 'requests', condition: 'is_bot' },
  { field: 'browser', counted: 'visitors', condition: 'true' }
] as const

/** The flat table knows of bots only what they say. */
const whose = { all: 'true', people: 'NOT is_bot', bots: 'is_bot', suspicious: 'false' } as const
const audienceOf = ({ traffic }: Selection) => (traffic === 'bots' ? 'is_bot' : 'NOT is_bot')

type Tab = (typeof tabs)[number]

function breakdownSql({ field, counted, condition }: Tab, selection: Selection, period: 'now' | 'previous') {
  const slot = `(epoch_ms(time) - getvariable('${period}_slot_from')) // getvariable('${period}_slot_width') AS slot`
  const pageViews = ' FILTER (is_page_view(method, is_asset, path, status))'
  return fill(breakdown, {
    counted: fill(counted === 'visitors' ? byVisitor : byHit, {
      by: slot,
      value: field,
      audience: audienceOf(selection),
      requests: 'count(*)',
      measure: `count(*)${counted === 'page_views' ? pageViews : ''}`,
      source: `selected('${field}', '${period}') WHERE kind = 'request' AND ${condition}`
    }),
    aside: 'NULL',
    asides: '',
    limit: period === 'now' ? '101' : '1001',
    trends: period === 'now' ? '12' : '0'
  })
}

function figuresSql(selection: Selection, period: 'chart' | 'chart_previous') {
  const rest = `selected('', '${period}') WHERE kind = 'request'`
  const gaps = { period, rest, counted: 'true' }
  return fill(figures, {
    ...gaps,
    latency: fill(isLong(selection) ? latencyBins : latency, gaps),
    audience: audienceOf(selection),
    is_bot: String(selection.traffic === 'bots'),
    counted_visitors: 'stay'
  })
}

const daysSql = (limit: number) =>
  fill(days, {
    limit: String(limit),
    near: `(getvariable('now_to') - INTERVAL ${limit + 1} DAY)::DATE`,
    paths: fill(daysMost, { column: 'path' }),
    browsers: fill(daysMost, { column: 'browser' })
  })

/** All that a page asks after a click. */
export function questionsOf(selection: Selection): string[] {
  const isCompared = selection.previous !== undefined
  return [
    figuresSql(selection, 'chart'),
    ...(isCompared ? [figuresSql(selection, 'chart_previous')] : []),
    ...tabs.flatMap((tab) => [
      breakdownSql(tab, selection, 'now'),
      ...(isCompared ? [breakdownSql(tab, selection, 'previous')] : [])
    ]),
    rhythm,
    isLong(selection) ? routesBins : routes,
    daysSql(8),
    latest,
    offenders,
    ...(selection.clauses.length ? [fill(hidden, { traffic: whose[selection.traffic] })] : [])
  ].map((sql) => fill(sql, {}))
}

/** What gives `selected(own, period)` its meaning over all hits, and over the few that a filter leaves, put aside. */
export function viewsOf(selection: Selection, timing: Timing): { all: string; few: string | null } {
  const chart = selection.chart ?? selection
  const zone = planTiming(timing, chart.previous ? [chart, chart.previous] : [chart])
  const applied = selection.clauses.filter(({ disabled }) => !disabled).map(asOfHits)
  const traffic = selection.traffic === 'all' ? [] : [whose[selection.traffic]]
  const owners = applied.filter(({ operator }) => operators[operator].includes).map(({ field }) => field)
  const parts = {
    ...zone.parts,
    clauses:
      [...traffic.map((sql) => `(${owns('is_bot')} OR ${sql})`), ...applied.map(clauseSql)].join(' AND ') ||
      'true',
    owns: [...(traffic.length ? (['is_bot'] as const) : []), ...owners].map(owns).join(' OR ') || 'false'
  }
  const periods = {
    whole: selection,
    now: selection,
    previous: selection.previous,
    chart,
    chart_previous: chart.previous
  }
  const variables = {
    ...zone.variables,
    ...Object.assign({}, ...Object.entries(periods).map(([name, period]) => edgesOf(name, period))),
    ...slotOf('now', selection),
    ...slotOf('previous', selection.previous)
  } as Record<string, number | Date>
  const sets = Object.entries(variables).map(
    ([name, value]) =>
      `SET VARIABLE ${name} = ${value instanceof Date ? `epoch_ms(${value.getTime()})` : value}`
  )
  return {
    all: [...sets, fill(selected, parts)].join(';\n'),
    few: applied.length ? fill(chosen, parts) : null
  }
}

const nothing: Period = { from: 0, to: 0 }

const edgesOf = (name: string, { from, to }: Period = nothing) => ({
  [`${name}_from`]: new Date(from),
  [`${name}_to`]: new Date(to)
})

const slotOf = (name: string, period: Period = nothing) => {
  const { from, width } = slotsOf(period)
  return { [`${name}_slot_from`]: from, [`${name}_slot_width`]: width }
}

const owns = (field: Dimension) => `own IS NOT DISTINCT FROM '${field}'`

/** The flat table knows no visits: a source is that of each hit. */
const asOfHits = (clause: Clause): Clause =>
  clause.field === 'visit_source' ? { ...clause, field: 'referrer_domain' } : clause

function clauseSql({ field, operator, values }: Clause): string {
  if (isReading(field)) throw new Error('no click of the benchmark filters by the clock')
  const literals = values.map((value) =>
    value === null ? 'NULL' : `TRY_CAST('${value.replaceAll("'", "''")}' AS ${typeOf(field)})`
  )
  const sql = operatorSql[operator](sqlOf(field), literals)
  return operators[operator].includes ? `(${owns(field)} OR ${sql})` : sql
}
