import type { Period } from '#lib/time/period.ts'
import { classes, type ClassName } from '#lib/verdict/classes.ts'
import { isOfVisit, isReading, isSubject, type Dimension } from './dimension.ts'

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
}

/** What may be asked of a column, by the name it has in a URL. Excluding operators keep what is missing. */
export const operators = {
  is: { includes: true, takes: 'values' },
  not: { includes: false, takes: 'values' },
  has: { includes: true, takes: 'text', textual: true },
  hasnt: { includes: false, takes: 'text', textual: true },
  re: { includes: true, takes: 'pattern', textual: true },
  nre: { includes: false, takes: 'pattern', textual: true },
  gt: { includes: true, takes: 'number' },
  lt: { includes: true, takes: 'number' },
  ge: { includes: true, takes: 'number' },
  le: { includes: true, takes: 'number' },
  cidr: { includes: true, takes: 'network' },
  ncidr: { includes: false, takes: 'network' },
  set: { includes: true, takes: 'nothing' },
  unset: { includes: true, takes: 'nothing' }
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
  if (field === 'line' && !('textual' in operators[operator])) return false
  if (takes === 'nothing') return values.length === 0
  if (!values.length || values.some((value) => (value?.length ?? 0) > longestValue)) return false
  return takes === 'values' || !values.includes(null)
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
