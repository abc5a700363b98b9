import type { Period } from '#lib/time/period.ts'
import { classes, type ClassName } from '#lib/verdict/classes.ts'
import { isOfVisit, isReading, isSubject, typeOf, type Dimension } from './dimension.ts'

export type Traffic = 'all' | ClassName
export const traffics: readonly Traffic[] = ['all', ...classes.map(({ name }) => name)]

/** What the user looks at: the range on screen, whose traffic, and the clauses of the filter, joined by AND. */
export interface Selection extends Period {
  traffic: Traffic
  clauses: Clause[]
  /** The range it is compared with: `selected(own, 'previous')`. */
  previous?: Period
  /** The range of the chart, where that is wider: `selected(own, 'chart')` and `selected(own, 'chart_previous')`. */
  chart?: Period & { previous?: Period }
}

export interface Clause {
  field: Dimension
  operator: Operator
  /** `is` any of them, `not` any of them; null is "missing". Empty for `set` and `unset`. */
  values: (string | null)[]
  /**
   * It is about visits: it keeps the hits of visits in which a hit passes, or for an excluding operator every hit. Fields
   * of the visit need no such word.
   */
  visits?: true
  /** Kept on screen, without effect. */
  disabled?: true
}

export interface OperatorRule {
  /** Whether it says what to keep, not what to leave out. */
  readonly includes: boolean
  readonly takes: 'values' | 'text' | 'number' | 'pattern' | 'network' | 'nothing'
  /** Over texts only: the column is cast. */
  readonly textual?: true
  readonly sql: (column: string, values: readonly string[]) => string
  /** The same of a column that lists several values. */
  readonly ofList?: (column: string, values: readonly string[]) => string
}

const any = (tests: readonly string[]) => `(${tests.join(' OR ')})`
const all = (tests: readonly string[]) => `(${tests.join(' AND ')})`
const isNull = (value: string) => value === 'NULL'

/** `IN` over constants reaches the zone maps, a chain of IS NOT DISTINCT FROM does not. */
const isAnyOf = (column: string, values: readonly string[]) => {
  const present = values.filter((value) => !isNull(value))
  const tests = present.length ? [`${column} IN (${present.join(', ')})`] : []
  return any(values.some(isNull) ? [...tests, `${column} IS NULL`] : tests)
}

const lists = (column: string) => (value: string) =>
  isNull(value)
    ? `${column} IS NULL`
    : `coalesce(list_contains(string_split(${column}, ', '), ${value}), false)`

// A network's variable is the list [prefix, from, to]: the prefix is a cheap test that spares most of the others.
const isWithin = (column: string, networks: readonly string[]) =>
  any(
    networks.map(
      (net) =>
        `CASE WHEN starts_with(${column}, ${net}[1]) THEN wide_address(${column}) BETWEEN ${net}[2] AND ${net}[3] ELSE false END`
    )
  )

/** What may be asked of a column, by the name it has in a URL. Excluding operators keep what is missing. */
export const operators = {
  is: {
    includes: true,
    takes: 'values',
    sql: isAnyOf,
    ofList: (column, values) => any(values.map(lists(column)))
  },
  not: {
    includes: false,
    takes: 'values',
    sql: (column, values) => all(values.map((value) => `${column} IS DISTINCT FROM ${value}`)),
    ofList: (column, values) => all(values.map(lists(column)).map((test) => `NOT ${test}`))
  },
  has: {
    includes: true,
    takes: 'text',
    textual: true,
    sql: (column, values) => any(values.map((value) => `contains(lower(${column}), lower(${value}))`))
  },
  hasnt: {
    includes: false,
    takes: 'text',
    textual: true,
    sql: (column, values) =>
      all(values.map((value) => `NOT coalesce(contains(lower(${column}), lower(${value})), false)`))
  },
  re: {
    includes: true,
    takes: 'pattern',
    textual: true,
    sql: (column, values) => any(values.map((value) => `regexp_matches(${column}, ${value})`))
  },
  nre: {
    includes: false,
    takes: 'pattern',
    textual: true,
    sql: (column, values) =>
      all(values.map((value) => `NOT coalesce(regexp_matches(${column}, ${value}), false)`))
  },
  gt: {
    includes: true,
    takes: 'number',
    sql: (column, values) => any(values.map((value) => `${column} > ${value}`))
  },
  lt: {
    includes: true,
    takes: 'number',
    sql: (column, values) => any(values.map((value) => `${column} < ${value}`))
  },
  ge: {
    includes: true,
    takes: 'number',
    sql: (column, values) => any(values.map((value) => `${column} >= ${value}`))
  },
  le: {
    includes: true,
    takes: 'number',
    sql: (column, values) => any(values.map((value) => `${column} <= ${value}`))
  },
  cidr: { includes: true, takes: 'network', sql: isWithin },
  ncidr: {
    includes: false,
    takes: 'network',
    sql: (column, networks) => `NOT ${isWithin(column, networks)}`
  },
  set: { includes: true, takes: 'nothing', sql: (column) => `${column} IS NOT NULL` },
  unset: { includes: true, takes: 'nothing', sql: (column) => `${column} IS NULL` }
} as const satisfies Record<string, OperatorRule>

export type Operator = keyof typeof operators

const isOperator = (name: string | undefined): name is Operator => Object.hasOwn(operators, name ?? '')
const longestValue = 512

// Between values stands a comma; `\,` and `\\` are the characters themselves, `\0` is what is missing.
const writeValue = (value: string | null) => (value === null ? '\\0' : value.replace(/[\\,]/g, '\\$&'))
const readValue = (text: string) => (text === '\\0' ? null : text.replace(/\\(.)/gs, '$1'))
const splitValues = (text: string) =>
  Array.from(text.matchAll(/(?:^|,)((?:\\[^]|[^\\,])*)/g), ([, value]) => value!)

/** `is,path,/a,/b`; a leading `@` is a clause about visits, and a `~` before it a disabled one. */
export const writeClause = ({ operator, field, values, visits, disabled }: Clause): string =>
  (disabled ? '~' : '') + (visits ? '@' : '') + [operator, field, ...values.map(writeValue)].join(',')

/** What stands before the operator of a clause in an address. */
export const clauseMarks = /^~?@?/

/** The clause of an `f` parameter, or null when it says nothing we know. */
export function readClause(text: string): Clause | null {
  const [marks = ''] = clauseMarks.exec(text) ?? []
  const [operator, field, ...rest] = splitValues(text.slice(marks.length))
  if (!isOperator(operator) || !isSubject(field)) return null
  const clause: Clause = { field, operator, values: rest.map(readValue) }
  if (marks.includes('@') && !isOfVisit(field)) clause.visits = true
  if (marks.includes('~')) clause.disabled = true
  return isValid(clause) ? clause : null
}

/** Whether every value is one that this operator and this column can take. */
export function isValid({ field, operator, values }: Clause): boolean {
  const { takes } = operators[operator]
  if (takes === 'network' && field !== 'ip') return false
  if (field === 'line' && !operatorsOf(field).includes(operator)) return false
  if (takes === 'nothing') return values.length === 0
  if (!values.length || values.some((value) => (value?.length ?? 0) > longestValue)) return false
  return takes === 'values' || !values.includes(null)
}

const comparisons: readonly Operator[] = ['gt', 'ge', 'lt', 'le']

/** What may be asked of a column: texts are searched, numbers compared, addresses looked up in networks. */
export function operatorsOf(field: Dimension): Operator[] {
  const type = typeOf(field)
  if (field === 'line') return ['has', 'hasnt', 're', 'nre']
  if (isReading(field)) return ['is', 'not', ...comparisons]
  if (field === 'entry_page' || field === 'exit_page') return ['is', 'not', 'has', 'hasnt', 're', 'nre']
  if (type === 'BOOLEAN') return ['is', 'not']
  if (type !== 'VARCHAR') return ['is', 'not', ...comparisons, 'set', 'unset']
  const networks: Operator[] = field === 'ip' ? ['cidr', 'ncidr'] : []
  return ['is', 'not', 'has', 'hasnt', ...networks, 're', 'nre', 'set', 'unset']
}

/** All clauses of a URL's repeated `f`; unknown ones are left out. */
export const readClauses = (params: URLSearchParams): Clause[] =>
  params
    .getAll('f')
    .map(readClause)
    .filter((clause) => clause !== null)

/** `f=is,path,/a&f=not,country,NL`, with what a query may hold left readable; empty without clauses. */
export const writeClauses = (clauses: readonly Clause[]): string =>
  clauses.map((clause) => `f=${writeQuery(writeClause(clause))}`).join('&')

/** A query parameter's value that people can read: only what would end or change it is escaped. */
export const writeQuery = (text: string): string =>
  encodeURIComponent(text).replace(/%(2C|2F|3A|40|24|3B|3F)/g, decodeURIComponent)

/**
 * Which panels leave a clause out, by the `own` of `selected(own, period)`. What was chosen stays among its siblings in
 * the panel of its column; the rhythm groups by the weekday and the hour at once. A clause that is no list of values is
 * left out by a panel only if its choices are such clauses: `own` then ends in `*`. No panel leaves out a clause about
 * visits: a visit has other values beside the chosen one.
 */
export function ownersOf({ field, operator, visits }: Clause): string[] {
  if (visits || !operators[operator].includes) return []
  if (operator !== 'is') return [`${field}*`]
  return [field, `${field}*`, ...(isReading(field) ? ['rhythm'] : [])]
}

export type Click = 'only' | 'also' | 'exclude'

/** Click = only this value, Ctrl = several, Alt = exclude; the same again removes it. */
export const clickOf = (event: { ctrlKey: boolean; metaKey: boolean; altKey: boolean }): Click =>
  event.altKey ? 'exclude' : event.ctrlKey || event.metaKey ? 'also' : 'only'

/** What a click on a value of a panel makes of the clauses. It leaves alone those about visits. */
export function toggle(
  clauses: readonly Clause[],
  field: Dimension,
  value: string | null,
  click: Click
): Clause[] {
  const operator = click === 'exclude' ? 'not' : 'is'
  const isOwn = (clause: Clause) => clause.field === field && isOn(clause)
  const others = clauses.filter((clause) => !isOwn(clause) || !isList(clause))
  const listed = (name: Operator) =>
    clauses.filter((clause) => isOwn(clause) && clause.operator === name).flatMap(({ values }) => values)
  const lists = { is: listed('is'), not: listed('not') }
  const isAgain = lists[operator].includes(value) && (click !== 'only' || lists.is.length === 1)

  const without = (values: (string | null)[]) => values.filter((other) => other !== value)
  const kept = { is: without(lists.is), not: without(lists.not) }
  if (click === 'only') kept.is = []
  if (!isAgain) kept[operator].push(value)
  const list = (name: 'is' | 'not') =>
    kept[name].length ? [{ field, operator: name, values: kept[name] }] : []
  return [...others, ...list('is'), ...list('not')]
}

/** Whether a panel's values can be what a clause keeps or leaves out. */
export const isOn = ({ visits, disabled }: Clause) => !visits && !disabled

const isList = ({ operator }: Clause) => operator === 'is' || operator === 'not'

/** Whether a value is among the including or excluding ones of its field: how a panel marks its rows. */
export function markOf(
  clauses: readonly Clause[],
  field: Dimension,
  value: string | null
): 'included' | 'excluded' | null {
  const having = clauses.filter(
    (clause) => clause.field === field && isOn(clause) && clause.values.includes(value)
  )
  if (having.some(({ operator }) => operator === 'not')) return 'excluded'
  return having.some(({ operator }) => operator === 'is') ? 'included' : null
}
