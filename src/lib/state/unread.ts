import { isDimension } from '#lib/filter/dimension.ts'
import { operators, readClause } from '#lib/filter/filter.ts'

/** A clause of an address that is left out, and why. */
export interface Unread {
  text: string
  reason: string
}

/** What an address says in `f` that nobody can read: another version's, or mistyped. */
export const unreadClauses = (texts: readonly string[]): Unread[] =>
  texts.filter((text) => readClause(text) === null).map((text) => ({ text, reason: reasonOf(text) }))

function reasonOf(text: string): string {
  const [operator = '', field] = text.replace(/^~/, '').split(',')
  if (!Object.hasOwn(operators, operator)) return `no operator “${operator}”`
  if (!field) return 'no field'
  if (!isDimension(field)) return `no field “${field}”`
  return 'no value that it takes'
}
