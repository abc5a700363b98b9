import { RE2JS } from 're2js'
import { isMember } from '#lib/filter/member.ts'
import { textIn } from '#lib/filter/members.ts'
import { isOfVisit, isReading, typeOf, type Dimension } from '#lib/filter/dimension.ts'
import { operators, readClause, type Operator } from '#lib/filter/filter.ts'
import { lineFields, passesPart, timeOfLine, waysToHold, type LineField } from '#lib/filter/line.ts'
import { readNetwork } from '#lib/filter/network.ts'
import type { AcceptedHit, Enrichment } from '#lib/schema/hit.ts'
import { isList } from '#lib/star/star.ts'
import type { Wall } from './mute.ts'

/** A hit with what its own words tell. */
export type Seen = AcceptedHit & Pick<Enrichment, Told> & Partial<Pick<Enrichment, Looked>>

/** A hit as a site stores it, which has looked up the rest. */
export type Stored = Seen & Enrichment

/** What enrichment tells from the words of a hit alone. */
type Told =
  | 'referrer_domain'
  | 'referrer_kind'
  | 'browser'
  | 'browser_version'
  | 'os'
  | 'os_version'
  | 'device'
  | 'bot_name'
  | 'bot_purpose'
  | 'is_bot'
  | 'is_asset'
  | 'visitor'

/** What enrichment looks up in indexes and lists. */
const looked = ['country', 'region', 'city', 'asn', 'as_org', 'bot_proof'] as const
type Looked = (typeof looked)[number]

type Value = string | number | boolean | null
type Test = (value: Value) => boolean

const ofSite = ['verdict', 'token', 'seq', 'time']

/** What is known of the hits. */
export interface Known {
  /** The clock of the site. */
  wall: Wall
  /** The hits are as a site stores them. */
  isStored: boolean
}

/** Whether a hit passes clauses of an address, joined by AND. Throws an error that says why it cannot be told. */
export function matcherOf(where: readonly string[], known: Known): (hit: Seen) => boolean {
  const tests = where.flatMap((text) => testsOf(text, known))
  return (hit) => tests.every((test) => test(hit))
}

function testsOf(text: string, known: Known): ((hit: Seen) => boolean)[] {
  const clause = readClause(text)
  if (clause === null) throw new Error(`${text} is no filter`)
  const { field, operator, values, visits, disabled } = clause
  if (disabled) return []
  if (visits) throw new Error(`${text} is about visits, which only a site knows`)
  if (field === 'visitor' && !known.isStored)
    throw new Error(`${text} names a visitor by a number of the site`)
  if (field === 'line') return [lineTest(operator, values)]
  const valueOf = readerOf(field, known)
  const test = testOf(field, operator, values)
  return [(hit) => test(valueOf(hit))]
}

function lineTest(operator: Operator, values: readonly (string | null)[]): (hit: Seen) => boolean {
  const texts = values.filter((value) => value !== null)
  const passes = operators[operator].takes === 'pattern' ? patternsOfLine(texts) : phrasesOfLine(texts)
  return operators[operator].includes ? passes : (hit) => !passes(hit)
}

function patternsOfLine(texts: readonly string[]) {
  const patterns = texts.map(patternOf)
  return (hit: Seen) =>
    lineFields.some((field) => {
      const text = textOfLine(hit, field)
      return text !== null && patterns.some((pattern) => pattern.matcher(text).find())
    })
}

function phrasesOfLine(texts: readonly string[]) {
  const ways = texts.flatMap(waysToHold)
  return (hit: Seen) =>
    ways.some((parts) => parts.every((part) => passesPart(part, textOfLine(hit, part.field))))
}

function textOfLine(hit: Seen, field: LineField): string | null {
  if (field === 'time') return timeOfLine(hit.time, hit.utc_offset)
  const value = hit[field]
  return value === null ? null : String(value)
}

/** What a hit has under a field. Throws an error that says why it cannot be told. */
export function readerOf(field: Dimension, { wall, isStored }: Known): (hit: Seen) => Value {
  if (field === 'line') throw new Error('line is filtered by only')
  if (isMember(field)) return ({ extra }) => (extra === null ? null : textIn(JSON.parse(extra), field))
  if (isReading(field)) return (hit) => readings[field](new Date(wall(hit.time)))
  if (!isStored && looked.some((name) => name === field))
    throw new Error(`${field} is looked up by a site, and no log holds it`)
  if (isOfVisit(field)) throw new Error(`${field} is of a visit, which only a site knows`)
  const isKept = isStored && field === 'token'
  if (ofSite.includes(field) && !isKept) throw new Error(`${field} is known to a site alone`)
  if (field === 'kind') throw new Error('kind is always request here')
  const name = field as Exclude<keyof Seen, 'kind'>
  return (hit) => {
    const value = hit[name] ?? null
    return typeof value === 'bigint' ? String(value) : value
  }
}

const weekdayOf = (clock: Date) => clock.getUTCDay() || 7

const readings = {
  weekday: weekdayOf,
  hour: (clock: Date) => clock.getUTCHours(),
  weekday_hour: (clock: Date) => 100 * weekdayOf(clock) + clock.getUTCHours()
}

/** The meaning of operators is that of `filter.ts`: excluding ones keep what is missing. */
function testOf(field: Dimension, operator: Operator, values: readonly (string | null)[]): Test {
  if (operator === 'set') return (value) => value !== null
  if (operator === 'unset') return (value) => value === null
  const passes = positiveOf(field, operator, values)
  return operators[operator].includes ? passes : (value) => !passes(value)
}

/** The test of an operator that includes; for one that excludes, that of its opposite. */
function positiveOf(field: Dimension, operator: Operator, values: readonly (string | null)[]): Test {
  const texts = values.filter((value) => value !== null)
  switch (operator) {
    case 'is':
    case 'not':
      return isAnyOf(field, values)
    case 'has':
    case 'hasnt': {
      const parts = texts.map((text) => text.toLowerCase())
      return ofText((value) => parts.some((part) => value.toLowerCase().includes(part)))
    }
    case 're':
    case 'nre': {
      const patterns = texts.map(patternOf)
      return ofText((value) => patterns.some((pattern) => pattern.matcher(value).find()))
    }
    case 'cidr':
    case 'ncidr': {
      const networks = texts.map(networkOf)
      return ofText((value) => {
        const wide = wideOf(value)
        return networks.some(([, from, to]) => wide >= from && wide <= to)
      })
    }
    default: {
      if (!isNumeric(field) && !isMember(field)) throw new Error(`${field} is not a number`)
      const limits = texts.map(numberOf)
      const passes = comparisons[operator as keyof typeof comparisons]
      // A text of a key that is no number passes none.
      return (value) => value !== null && limits.some((limit) => passes(Number(value || NaN), limit))
    }
  }
}

const comparisons = {
  gt: (value: number, limit: number) => value > limit,
  ge: (value: number, limit: number) => value >= limit,
  lt: (value: number, limit: number) => value < limit,
  le: (value: number, limit: number) => value <= limit
}

const isNumeric = (field: Dimension) => !['VARCHAR', 'BOOLEAN', 'TIMESTAMP'].includes(typeOf(field))

const ofText =
  (test: (value: string) => boolean): Test =>
  (value) =>
    value !== null && test(String(value))

function isAnyOf(field: Dimension, values: readonly (string | null)[]): Test {
  // Other spellings of a number are the same number; that of a visitor has more digits than a double holds.
  const known = new Set(
    values.map((value) =>
      value !== null && isNumeric(field) && field !== 'visitor' ? String(numberOf(value)) : value
    )
  )
  return (value) => {
    if (value === null || !isList(field)) return known.has(value === null ? null : String(value))
    return String(value)
      .split(', ')
      .some((one) => known.has(one))
  }
}

function numberOf(text: string): number {
  const value = Number(text.trim() || NaN)
  if (!Number.isFinite(value)) throw new Error(`${text} is not a number`)
  return value
}

function patternOf(text: string): RE2JS {
  try {
    return RE2JS.compile(text)
  } catch (error) {
    throw new Error(`${text} is no regular expression: ${(error as Error).message}`, { cause: error })
  }
}

function networkOf(text: string) {
  const network = readNetwork(text)
  if (network === null) throw new Error(`${text} is not a network`)
  return network
}

/** An address as `wide_address` of SQL spells it: texts of one width, which sort as addresses do. */
function wideOf(ip: string): string {
  const isV6 = ip.includes(':')
  if (!isV6) return `4${widened(ip.split('.'), 3)}`
  const [head = '', tail] = ip.split('::')
  const [before, after] = [head, tail ?? ''].map((part) => part.split(':').filter(Boolean)) as [
    string[],
    string[]
  ]
  const zeros = new Array<string>(8 - before.length - after.length).fill('0')
  return `6${widened([...before, ...zeros, ...after], 4)}`
}

const widened = (groups: readonly string[], width: number) =>
  groups.map((group) => group.padStart(width, '0')).join('')
