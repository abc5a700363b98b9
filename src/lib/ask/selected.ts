import type { SqlType } from '#lib/schema/hit.ts'
import { isOfVisit, typeOf } from '#lib/filter/dimension.ts'
import { sqlOf } from '#lib/filter/value-sql.ts'
import { placeOf } from '#lib/verdict/classes.ts'
import { audienceOf, isOf } from './class-of.ts'
import { isMember, type Member } from '#lib/filter/member.ts'
import { lookupOf } from './lookups.ts'
import { hitsOfVisits } from './visit-fields.ts'
import { fill } from '#lib/engine/fill.ts'
import { columnsOf, isList, namesOf, shared, tableOf } from '#lib/star/star.ts'
import {
  operators,
  ownersOf,
  type Clause,
  type OperatorRule,
  type Selection,
  type Traffic
} from '#lib/filter/filter.ts'
import type { Period } from '#lib/time/period.ts'
import {
  lineFields,
  readTimeOfLine,
  sqlOfTime,
  waysToHold,
  type LineField,
  type Part
} from '#lib/filter/line.ts'
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
    if (takes === 'network' && !readNetwork(value)) return `${value || 'Nothing'} is no network`
    if (isNumber && !Number.isFinite(Number(value.trim() || NaN))) return `${value || 'Nothing'} is no number`
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

/** Sets the greatest number in use: a filter has one bit for each number. */
export const mostSql = `SET VARIABLE most_numbers = (
  SELECT greatest(
    (SELECT max(id) FROM words),
    (SELECT max(visitor) FROM visitors),
    (SELECT max(client) FROM clients),
    (SELECT max(source) FROM sources)
  )
)`

/** Sets the greatest number of a visit. */
const mostVisitsSql = 'SET VARIABLE most_visits = (SELECT coalesce(max(visit), 0) FROM hits)'

/** A test of a row of `hits`, and the statements that find what it looks up. */
interface Tested {
  sql: string
  lookups: readonly string[]
}

function compileClause(clause: Clause, index: number, searched: readonly Member[]) {
  if (clause.field === 'line') return compileLine(clause, `filter_${index}`, searched)
  const { field, operator, values, visits } = clause
  const rule: OperatorRule = operators[operator]
  const name = `filter_${index}`
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
    sql: unlessOwn(ownersOf(clause), sql),
    lookups,
    variables: Object.fromEntries(
      values.flatMap((value, i) =>
        value === null ? [] : [[names[i]!, rule.takes === 'network' ? readNetwork(value) : value]]
      )
    ) as Variables
  }
}

/** A piece of a log line, or of the value of a key, that a clause looks for; `matches` looks for a pattern. */
interface Piece {
  readonly field: LineField | Member
  readonly how: Part['how'] | 'matches'
  readonly text: string
}

/** `opposite` holds for what fails, and for what is missing. */
interface TestedPiece extends Tested {
  opposite: string
}

const any = (tests: readonly string[]) => `(${tests.join(' OR ') || 'false'})`

/** The field `line`: each text of each field is tested once for each piece; the values of keys once for each hit. */
function compileLine(clause: Clause, name: string, searched: readonly Member[]) {
  const { operator, visits } = clause
  const { includes, takes } = operators[operator]
  const ways = (clause.values as string[]).flatMap((text): readonly (readonly Piece[])[] =>
    takes === 'pattern'
      ? [...lineFields, ...searched].map((field) => [{ field, how: 'matches' as const, text }])
      : [...waysToHold(text), ...inKeys(text, searched)]
  )
  const texts = [...new Set(ways.flat().map(({ text }) => text))]
  const variableOf = (text: string) => `${name}_${texts.indexOf(text)}`
  const tested = new Map<string, TestedPiece>()
  const testOf = (piece: Piece) => {
    const key = JSON.stringify(piece)
    const known = tested.get(key) ?? testPiece(piece, `${name}_in_${tested.size}`, variableOf(piece.text))
    tested.set(key, known)
    return known
  }
  // Spelled out, as the engine skips what need not be asked only of AND and OR.
  const all = ways.map((way) => way.map(testOf))
  const found = any(all.map((way) => way.map(({ sql }) => sql).join(' AND ') || 'true'))
  const missed = all.map((way) => any(way.map(({ opposite }) => opposite))).join(' AND ')
  const lookups = [...tested.values()].flatMap(({ lookups }) => lookups)
  const whole = visits ? ofVisits(name, found, includes) : { sql: includes ? found : missed, lookups: [] }
  return {
    sql: unlessOwn(ownersOf(clause), whole.sql),
    lookups: [...lookups, ...whole.lookups],
    variables: Object.fromEntries(texts.map((text) => [variableOf(text), text])) as Variables
  }
}

/** A phrase in the value of a key; none, which every line holds, needs no key. */
const inKeys = (text: string, searched: readonly Member[]): Piece[][] =>
  text ? searched.map((field) => [{ field, how: 'contains', text }]) : []

const pieceSql: Record<
  Exclude<Piece['how'], 'absent' | 'present'>,
  (value: string, text: string) => string
> = {
  contains: (value, text) => `contains(${value}, ${text})`,
  begins: (value, text) => `starts_with(${value}, ${text})`,
  ends: (value, text) => `ends_with(${value}, ${text})`,
  equals: (value, text) => `${value} = ${text}`,
  matches: (value, text) => `regexp_matches(${value}, ${text})`
}

function testPiece(piece: Piece, name: string, variable: string): TestedPiece {
  const { field, how, text } = piece
  if (isMember(field)) {
    const test = testOfText(piece, sqlOf(field), variable)
    // Most lines lack the text, and then no key needs to be found in them. JSON spells other texts otherwise.
    const isInJson = how === 'contains' && JSON.stringify(text) === `"${text}"`
    const within = `contains(lower(extra), lower(getvariable('${variable}')))`
    return testRow(isInJson ? `(${within} AND ${test})` : test)
  }
  // Only fields that hits refer to as words are optional in a line; 0 is a missing word.
  if (how === 'absent' || how === 'present') return testRow(`${field} ${how === 'absent' ? '=' : '>'} 0`)
  if (field === 'time') return testRow(how === 'equals' ? isAt(text) : testOfText(piece, sqlOfTime, variable))
  const lookup = lookupOf(field)
  if (!lookup) return testRow(testOfText(piece, sqlOf(field), variable))
  const test = testOfText(piece, 'value', variable)
  const tuple = shared.find((one) => columnsOf(one).includes(field))
  if (!tuple) return testLookup(name, lookup.key, [findSql(name, lookup.from, test)])
  // Words first, then the rows of `clients` or `sources` that have one of those that pass.
  const rows = `(SELECT ${tuple} AS key, ${field} AS word FROM ${tableOf(tuple)})`
  return testLookup(name, tuple, [
    findSql(`${name}_words`, namesOf(field), test),
    findSql(name, rows, passes(`${name}_words`, 'word'))
  ])
}

const testRow = (sql: string): TestedPiece => ({ sql, opposite: `(${sql}) IS NOT TRUE`, lookups: [] })

const testLookup = (name: string, key: string, lookups: readonly string[]): TestedPiece => ({
  sql: passes(name, key),
  opposite: fails(name, key),
  lookups
})

/** A test of a value of a field. */
function testOfText({ field, how, text }: Piece, value: string, variable: string): string {
  if (how === 'absent' || how === 'present') return 'false'
  const wanted = `getvariable('${variable}')`
  const isNumber = field === 'status' || field === 'bytes'
  const isCased = how === 'matches' || isNumber
  const column = isNumber ? `CAST(${value} AS VARCHAR)` : isCased ? value : `lower(${value})`
  const test =
    isNumber && how === 'equals'
      ? `${value} = TRY_CAST(${wanted} AS BIGINT)`
      : pieceSql[how](column, isCased ? wanted : `lower(${wanted})`)
  const isMissing = text === '-' && how !== 'contains' && how !== 'matches'
  return isMissing ? `(${test} OR ${value} IS NULL)` : test
}

/** Whether a hit is of the second of a whole time, which may be none. */
function isAt(text: string): string {
  const { instant, ahead } = readTimeOfLine(text)
  if (!Number.isFinite(instant)) return 'false'
  return `(time >= epoch_ms(${instant}) AND time < epoch_ms(${instant + 1_000}) AND coalesce(utc_offset, 0) = ${ahead})`
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

/** Keeps the visits with a hit that passes. If the clause excludes, `test` is its opposite, and they are left out. */
const ofVisits = (name: string, test: string, includes: boolean) =>
  testVisits(`${name}_visits`, `(SELECT *, visit AS key FROM ${hitsOfVisits})`, test, includes)

/** Keeps the visits that are found, or those that are not. */
const testVisits = (name: string, from: string, test: string, keeps: boolean): Tested => ({
  sql: keeps ? passes(name, 'visit') : fails(name, 'visit'),
  lookups: [mostVisitsSql, findSql(name, from, test, 'most_visits')]
})

/** Tests each text once, however many hits have it. Numbers above `most` arrived since: no bit is theirs yet. */
const findSql = (name: string, from: string, test: string, most = 'most_numbers') => `SET VARIABLE ${name} = (
  SELECT {
    bits: bitstring_agg(key, 0, getvariable('${most}')),
    least: min(key),
    most: max(key)
  }
  FROM ${from}
  WHERE key <= getvariable('${most}') AND (${test})
)`

/** Numbers that were added since lie above `most`, so that the engine never asks for a bit that is not there. */
const passes = (name: string, key: string) =>
  `(${key} ${isWithin(name)} AND get_bit(getvariable('${name}').bits, ${key}) = 1)`

/** The opposite. With NOT the engine would ask for every bit. */
const fails = (name: string, key: string) =>
  `CASE WHEN ${key} ${isWithin(name)} THEN get_bit(getvariable('${name}').bits, ${key}) = 0 ELSE true END`

const isWithin = (name: string) => `BETWEEN getvariable('${name}').least AND getvariable('${name}').most`

const isTextual = (rule: object) => 'textual' in rule

// A value that its column cannot hold is equal to nothing.
const valueSql = (name: string, type: SqlType) =>
  type === 'VARCHAR' ? `getvariable('${name}')` : `TRY_CAST(getvariable('${name}') AS ${type})`
