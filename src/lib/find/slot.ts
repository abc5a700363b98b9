import { readClause, writeClause } from '#lib/filter/filter.ts'
import { escapePattern } from './pattern.ts'

/** Stands for a value in a saved search: `/s/SITE/find/NAME/VALUE` fills it in. */
export const slot = '$value'

/** Whether the query of an address has a slot. */
export const hasSlot = (query: string): boolean =>
  fillSlot(query, '0').toString() !== fillSlot(query, '1').toString()

/** The parameters of an address with a text in place of every slot; in a pattern the text stands for itself. */
export function fillSlot(query: string, value: string): URLSearchParams {
  const filled = [...new URLSearchParams(query)].map(([name, text]): [string, string] => {
    if (name === 'f') return [name, fillClause(text, value)]
    return [name, name === 'find' ? text.replaceAll(slot, () => value) : text]
  })
  return new URLSearchParams(filled)
}

function fillClause(text: string, value: string): string {
  const clause = readClause(text)
  if (!clause) return text
  const isPattern = clause.operator === 're' || clause.operator === 'nre'
  const fill = (one: string) =>
    isPattern
      ? one.replaceAll(escapePattern(slot), () => escapePattern(value))
      : one.replaceAll(slot, () => value)
  return writeClause({ ...clause, values: clause.values.map((one) => (one === null ? null : fill(one))) })
}
