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
function inside(sql: string, names = ''): string {
  checkStatement(sql)
  return `FROM (\n${withoutEnd(sql)}\n) AS result${names}`
}

/** A column of a statement, and what it is cast to. */
export interface Cast {
  readonly name: string
  readonly cast: string | null
}

const selectOf = (columns: readonly Cast[]) =>
  columns
    .map(({ name, cast }, i) => `c${i}${cast ? `::${cast}` : ''} AS "${name.replaceAll('"', '""')}"`)
    .join(', ')
    .replaceAll(/[\r\n]/g, ' ')

/** The first `limit` rows of a statement, and one more if there are more. Sorted before they are cast. */
export function askFor(sql: string, limit: number, sort: Sort | null, columns?: readonly Cast[]): string {
  const from = inside(sql, columns ? `(${columns.map((_, i) => `c${i}`).join(', ')})` : '')
  const by = sort && (columns ? `result.c${sort.column}` : sort.column + 1)
  const order = sort ? `ORDER BY ${by} ${sort.isDescending ? 'DESC' : 'ASC'} NULLS LAST ` : ''
  return `${withRelations(sql)}SELECT ${columns ? selectOf(columns) : '*'} ${from}\n${order}LIMIT ${limit + 1}`
}

/** The names and types of a statement's columns. */
export const describe = (sql: string): string =>
  `SELECT column_name, column_type FROM (DESCRIBE ${withRelations(sql)}SELECT * ${inside(sql)})`

/** How many rows a statement has; those above `most` are not counted. */
export const countOf = (sql: string, most: number): string =>
  `${withRelations(sql)}SELECT count(*)::DOUBLE AS rows FROM (SELECT 1 ${inside(sql)}\nLIMIT ${most + 1})`
