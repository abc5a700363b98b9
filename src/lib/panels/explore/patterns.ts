import { codeOf } from '#lib/ask/lookups.ts'
import { fill } from '#lib/engine/fill.ts'
import { isOn, type Clause, type Click } from '#lib/filter/filter.ts'
import type { ColumnName } from '#lib/schema/hit.ts'
import patterns from './patterns.sql?raw'

/** A row of patterns.sql: `*` stands for what varies; `base` and `listed` are the same in all. */
export interface Pattern {
  pattern: string
  lines: number
  /** How many different texts have the pattern. */
  texts: number
  /** The most frequent of them. */
  example: string
  base: number
  listed: number
}

/** A column that has patterns, and a regular expression for what varies in it. */
export interface Masked {
  readonly field: ColumnName
  readonly title: string
  readonly mask: string
}

export const maskedFields: readonly [Masked, ...Masked[]] = [
  {
    field: 'path',
    title: 'Paths',
    // Identifiers of 32 hexadecimal digits with dashes, longer runs of such digits, and numbers.
    mask: String.raw`(?i:\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b[0-9a-f]{16,}\b|[0-9]+)`
  },
  { field: 'user_agent', title: 'User agents', mask: String.raw`(?:[0-9]+(?:[._][0-9]+)*)` },
  {
    field: 'message',
    title: 'Messages',
    // Texts in quotes, and words with a digit: numbers, addresses, identifiers. Short, since a message has many of them.
    mask: String.raw`(?:"[^"]*"|\w*\d(?:[\w.:-]*\w)?)`
  }
]

export function patternsSql({ field, mask }: Masked, limit: number): string {
  const { join, code, names } = codeOf(field)
  return fill(patterns, {
    field,
    mask,
    join,
    code,
    text: names ? 'names.value' : 'code',
    names: names ? `JOIN ${names} AS names ON names.key = counted.code` : '',
    limit: String(limit)
  })
}

/** The longest text that a clause may hold. */
const longest = 512

/** A regular expression that matches the texts with a pattern; null where it is too long for a filter. */
export function expressionOf(pattern: string, { mask }: Masked): string | null {
  const literals = pattern.split('*').map((text) => text.replace(/[\\^$.|?*+()[\]{}]/g, String.raw`\$&`))
  const expression = `^${literals.join(String.raw`(?:\*|${mask})`)}$`
  return expression.length > longest ? null : expression
}

const including = 're'
const excluding = 'nre'

/** What a click on a pattern makes of the clauses: only it, it too, or all but it; the same again takes it back. */
export function togglePattern(
  clauses: readonly Clause[],
  field: ColumnName,
  expression: string,
  click: Click
): Clause[] {
  const operator = click === 'exclude' ? excluding : including
  const isOwn = (clause: Clause) =>
    clause.field === field && isOn(clause) && [including, excluding].includes(clause.operator)
  const listed = (name: string) =>
    clauses.filter((clause) => isOwn(clause) && clause.operator === name).flatMap(({ values }) => values)
  const lists = { re: listed(including), nre: listed(excluding) }
  const isAgain = lists[operator].includes(expression) && (click !== 'only' || lists.re.length === 1)
  const without = (values: (string | null)[]) => values.filter((value) => value !== expression)
  const kept = { re: click === 'only' ? [] : without(lists.re), nre: without(lists.nre) }
  if (!isAgain) kept[operator].push(expression)
  return [
    ...clauses.filter((clause) => !isOwn(clause)),
    ...([including, excluding] as const).flatMap((name) =>
      kept[name].length ? [{ field, operator: name, values: kept[name] }] : []
    )
  ]
}

/** Whether a pattern is chosen or left out. */
export function markOfPattern(
  clauses: readonly Clause[],
  field: ColumnName,
  expression: string
): 'included' | 'excluded' | null {
  const has = (operator: string) =>
    clauses.some(
      (clause) =>
        clause.field === field &&
        isOn(clause) &&
        clause.operator === operator &&
        clause.values.includes(expression)
    )
  return has(excluding) ? 'excluded' : has(including) ? 'included' : null
}
