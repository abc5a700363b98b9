import { operators, type Clause } from '#lib/filter/filter.ts'
import {
  lineFields,
  readTimeOfLine,
  sqlOfTime,
  waysToHold,
  type LineField,
  type Part
} from '#lib/filter/line.ts'
import { isMember, type Member } from '#lib/filter/member.ts'
import { sqlOf } from '#lib/filter/value-sql.ts'
import { columnsOf, namesOf, shared, tableOf } from '#lib/star/star.ts'
import { fails, findSql, ofVisits, passes, type Tested } from './bitmaps.ts'
import { lookupOf } from './lookups.ts'
import type { Variables } from './selected.ts'

/** A piece of text that a clause searches in one field or key. `matches` searches for a pattern. */
interface Piece {
  readonly field: LineField | Member
  readonly how: Part['how'] | 'matches'
  readonly text: string
}

/** `opposite` is true for rows that fail `sql`, and for rows without a value. */
interface TestedPiece extends Tested {
  opposite: string
}

const any = (tests: readonly string[]) => `(${tests.join(' OR ') || 'false'})`

/** Compiles the field `line`. Each piece is tested once on each distinct text of a field, and once a hit on keys. */
export function compileLine(clause: Clause, name: string, searched: readonly Member[]) {
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
    sql: whole.sql,
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
  // Find the words that pass, then the rows of `clients` or `sources` that have one of them.
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
