import { checkStatement, opaque } from '#lib/engine/statement.ts'
import { withRelations } from '#lib/ask/relations.ts'

export interface Sort {
  /** The place of the column, from 0. */
  readonly column: number
  readonly isDescending: boolean
}

/** A statement goes below so many lines of ours. */
export const linesBefore = 1

/** The statement with blanks for its `;` at the end, so that every character keeps its place. */
function withoutEnd(sql: string): string {
  const bare = sql.replace(opaque, (text) => text.replace(/[^\n]/g, ' '))
  const end = bare.search(/;\s*$/)
  return end < 0 ? sql : `${sql.slice(0, end)} ${sql.slice(end + 1)}`
}

/** `sql` as something to select from; it stands on lines of its own. Throws unless it is one statement that reads. */
function inside(sql: string): string {
  checkStatement(sql)
  return `FROM (\n${withoutEnd(sql)}\n) AS result`
}

/** The first `limit` rows of a statement, and one more if there are more. */
export function askFor(sql: string, limit: number, sort: Sort | null): string {
  const from = inside(sql)
  const order = sort ? `ORDER BY ${sort.column + 1} ${sort.isDescending ? 'DESC' : 'ASC'} NULLS LAST ` : ''
  return `${withRelations(sql)}SELECT * ${from}\n${order}LIMIT ${limit + 1}`
}

/** How many rows a statement has; those above `most` are not counted. */
export const countOf = (sql: string, most: number): string =>
  `${withRelations(sql)}SELECT count(*)::DOUBLE AS rows FROM (SELECT 1 ${inside(sql)}\nLIMIT ${most + 1})`
