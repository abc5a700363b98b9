import { codeOf } from '#lib/ask/lookups.ts'
import { fill } from '#lib/engine/fill.ts'
import { typeOf, type Dimension } from '#lib/filter/dimension.ts'
import type { Field } from '#lib/filter/fields.ts'
import { columns, type Column } from '#lib/schema/hit.ts'
import numbers from './field-numbers.sql?raw'
import values from './field-values.sql?raw'

/** A row of field-values.sql; `listed` and `base` are the same in all. */
export interface FieldValue {
  value: string | null
  lines: number
  listed: number
  base: number
}

/** The row of field-numbers.sql. All but `known` are null where nothing is known. */
export interface Spread {
  known: number
  least: number | null
  median: number | null
  p95: number | null
  most: number | null
}

/** Asks for the most frequent values of a field. What is chosen of the field itself is left out. */
export function valuesSql(field: Dimension, limit: number): string {
  const { join, code, names, isFirst = 'true' } = codeOf(field)
  return fill(values, {
    field,
    join,
    code,
    is_first: isFirst,
    name: names ? 'names.value' : 'counted.code',
    names: names ? ` LEFT JOIN ${names} AS names ON names.key = counted.code` : '',
    limit: String(limit)
  })
}

/** What the numbers of a field count; null for texts, and for numbers that are names, as a status is. */
export const unitOf = (field: Dimension): Column['unit'] | null =>
  (columns as readonly Column[]).find(({ name }) => name === field)?.unit ?? null

export const spreadSql = (field: Dimension): string => fill(numbers, { field })

/** A character for what the values of a field are: numbers, addresses, yes or no, or texts. */
export function markOfType(field: Dimension): string {
  if (field === 'ip') return '@'
  const type = typeOf(field)
  return type === 'VARCHAR' ? 't' : type === 'BOOLEAN' ? '?' : '#'
}

/** Whether a field has all words of a search in its title or its name, in any order. */
export function isFound({ name, title }: Field, search: string): boolean {
  const text = `${title} ${name}`.toLowerCase()
  return search
    .toLowerCase()
    .split(/[\s_]+/)
    .every((word) => text.includes(word))
}
