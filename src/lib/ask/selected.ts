import type { SqlType } from '#lib/schema/hit.ts'
import { isOfVisit, typeOf } from '#lib/filter/dimension.ts'
import { sqlOf } from '#lib/filter/value-sql.ts'
import { placeOf } from '#lib/verdict/classes.ts'
import { audienceOf, isOf } from './class-of.ts'
import { isMember, type Member } from '#lib/filter/member.ts'
import { fails, findSql, ofVisits, passes, testVisits, type Tested } from './bitmaps.ts'
import { compileLine } from './line-clause.ts'
import { lookupOf } from './lookups.ts'
import { fill } from '#lib/engine/fill.ts'
import { isList } from '#lib/star/star.ts'
import {
  operators,
  ownersOf,
  type Clause,
  type OperatorRule,
  type Selection,
  type Traffic
} from '#lib/filter/filter.ts'
import type { Period } from '#lib/time/period.ts'
import { operatorSql, operatorSqlOfList } from '#lib/filter/operator-sql.ts'
import { readNetwork } from '#lib/filter/network.ts'
import { planTiming, slotsOf, type Timing } from '#lib/time/buckets.ts'
import type { Lookup } from '#lib/star/star.ts'
import address from './address.sql?raw'
import chosen from './chosen.sql?raw'
import hits from './hits.sql?raw'
import latency from './latency.sql?raw'
import textOfJson from './text-of-json.sql?raw'
import views from './views.sql?raw'
import wideAddress from './wide-address.sql?raw'

/** A value for `getvariable(name)`; a Date becomes a TIMESTAMP, an array a list. */
export type Variable = string | number | boolean | null | Date | readonly (string | number | Date)[]
export type Variables = Record<string, Variable>

/** The statements that give `selected(own, period)` its meaning, and the values they read. */
export interface Compiled {
  script: string
  variables: Variables
  /** Statements that find which words, clients and sources pass the filter. Run them again when rows change. */
  lookups: readonly string[]
  /** Another meaning of it: over a table `chosen` with the lines of `logged('', 'whole')`. Null without a filter. */
  overChosen: string | null
}

/** What is wrong with a clause, as far as can be told without the engine: it would have no meaning. */
export function problemOf({ field, operator, values }: Clause): string | null {
  const { takes } = operators[operator]
  const isNumber = takes === 'number' && (typeOf(field) !== 'VARCHAR' || isMember(field))
  for (const value of values as string[]) {
    if (takes === 'network' && !readNetwork(value)) return `${value || 'An empty value'} is not a network`
    if (isNumber && !Number.isFinite(Number(value.trim() || NaN)))
      return `${value || 'An empty value'} is not a number`
  }
  return null
}

/** SQL made of names from our own lists only; every value is a variable. */
export function compile(selection: Selection, timing: Timing, searched: readonly Member[] = []): Compiled {
  const applied = selection.clauses.filter((clause) => !clause.disabled && !problemOf(clause))
  const clauses = applied.map((clause, i) => compileClause(clause, i, searched))
  const chart = selection.chart ?? selection
  const zone = planTiming(timing, chart.previous ? [chart, chart.previous] : [chart])
  const owners = [...(selection.traffic === 'all' ? [] : ['class']), ...applied.flatMap(ownersOf)]
  const parts = {
    ...zone.parts,
    audience: String(placeOf(audienceOf(selection.traffic))),
    owns: isOwn(owners),
    clauses: [...trafficTests(selection.traffic), ...clauses.map(({ sql }) => sql)].join('\n  AND ') || 'true'
  }
  const lookups = clauses.flatMap(({ lookups }) => lookups)
  const periods = [selection, selection.previous, chart, chart.previous].filter(
    (period) => period !== undefined
  )
  return {
    script: [latency, address, textOfJson, wideAddress, fill(views, parts), ofBoth(hits, parts)].join('\n'),
    overChosen: applied.length ? ofBoth(chosen, parts) : null,
    lookups,
    variables: Object.assign(
      periodVariables('whole', {
        from: Math.min(...periods.map(({ from }) => from)),
        to: Math.max(...periods.map(({ to }) => to))
      }),
      ...Object.entries(periodsOf(selection)).map(([name, period]) => periodVariables(name, period)),
      slotVariables('now', selection),
      slotVariables('previous', selection.previous),
      zone.variables,
      ...clauses.map(({ variables }) => variables)
    )
  }
}

/** Writes a macro for requests and one for all hits. If one called the other, each question would take 4% longer. */
const ofBoth = (macro: string, parts: Record<string, string>) =>
  [
    { name: 'selected', kind: 'is_request' },
    { name: 'logged', kind: 'true' }
  ]
    .map((own) => fill(macro, { ...parts, ...own }))
    .join('\n')

/** The periods that SQL can name. */
export type PeriodName = 'now' | 'previous' | 'chart' | 'chart_previous'

export function periodsOf(selection: Selection): Record<PeriodName, Period | undefined> {
  const chart = selection.chart ?? selection
  return { now: selection, previous: selection.previous, chart, chart_previous: chart.previous }
}

export const nothing: Period = { from: 0, to: 0 }

export const periodVariables = (name: string, { from, to }: Period = nothing): Variables => ({
  [`${name}_from`]: new Date(from),
  [`${name}_to`]: new Date(to)
})

const slotVariables = (name: string, period: Period = nothing): Variables => {
  const { from, width } = slotsOf(period)
  return { [`${name}_slot_from`]: from, [`${name}_slot_width`]: width }
}

const isOwn = (owners: readonly string[]) =>
  owners.map((owner) => `own IS NOT DISTINCT FROM '${owner}'`).join(' OR ') || 'false'

const unlessOwn = (owners: readonly string[], sql: string) =>
  owners.length ? `(${isOwn(owners)} OR ${sql})` : sql

const trafficTests = (traffic: Traffic) => (traffic === 'all' ? [] : [unlessOwn(['class'], isOf(traffic))])

function compileClause(clause: Clause, index: number, searched: readonly Member[]) {
  const { sql, ...found } = compileTest(clause, `filter_${index}`, searched)
  return { ...found, sql: unlessOwn(ownersOf(clause), sql) }
}

function compileTest(clause: Clause, name: string, searched: readonly Member[]) {
  if (clause.field === 'line') return compileLine(clause, name, searched)
  const { field, operator, values, visits } = clause
  const rule: OperatorRule = operators[operator]
  const names = values.map((_, i) => `${name}_${i}`)
  const lookup = lookupOf(field)
  const value = lookup ? 'value' : sqlOf(field)
  const isCompared = rule.takes === 'number' && isMember(field)
  const column = isCompared
    ? `TRY_CAST(${value} AS DOUBLE)`
    : isTextual(rule) && typeOf(field) !== 'VARCHAR'
      ? `CAST(${value} AS VARCHAR)`
      : value
  const type = isTextual(rule) || rule.takes === 'network' ? 'VARCHAR' : isCompared ? 'DOUBLE' : typeOf(field)
  const sqlValues = values.map((value, i) => (value === null ? 'NULL' : valueSql(names[i]!, type)))
  const test = ((isList(field) && operatorSqlOfList[operator]) || operatorSql[operator])(column, sqlValues)
  const { sql, lookups } = isOfVisit(field)
    ? testVisits(name, lookup!.from, rule.includes ? test : `(${test}) IS NOT TRUE`, rule.includes)
    : testHits(name, lookup, test, visits ? rule.includes : null)
  return {
    sql,
    lookups,
    variables: Object.fromEntries(
      values.flatMap((value, i) =>
        value === null ? [] : [[names[i]!, rule.takes === 'network' ? readNetwork(value) : value]]
      )
    ) as Variables
  }
}

/** `includes` is null if the clause is about hits. */
function testHits(name: string, lookup: Lookup | null, test: string, includes: boolean | null): Tested {
  const lookups = lookup ? [findSql(name, lookup.from, test)] : []
  const passing = lookup ? passes(name, lookup.key) : test
  if (includes === null) return { sql: passing, lookups }
  const failing = lookup ? fails(name, lookup.key) : `(${test}) IS NOT TRUE`
  const found = ofVisits(name, includes ? passing : failing, includes)
  return { ...found, lookups: [...lookups, ...found.lookups] }
}

const isTextual = (rule: object) => 'textual' in rule

// A value that its column cannot hold is equal to nothing.
const valueSql = (name: string, type: SqlType) =>
  type === 'VARCHAR' ? `getvariable('${name}')` : `TRY_CAST(getvariable('${name}') AS ${type})`
