import { relations, withRelations } from '#lib/ask/relations.ts'

/** What a column of a relation holds, at a look. */
export interface Profile {
  /** About how many values differ, within some percent. */
  readonly distinct: number
  readonly nulls: number
  readonly rows: number
  readonly least: string | null
  readonly most: string | null
}

/** Asks for the profile of a column of our list. */
export function profileSql(relation: string, column: string): string {
  const known = relations.find(({ name }) => name === relation)?.columns.some(({ name }) => name === column)
  if (!known) throw new Error(`${relation} has no column ${column}`)
  const sql = `SELECT approx_count_distinct("${column}")::DOUBLE AS distinct, (count(*) - count("${column}"))::DOUBLE AS nulls, count(*)::DOUBLE AS rows, CAST(min("${column}") AS VARCHAR) AS least, CAST(max("${column}") AS VARCHAR) AS most FROM ${relation}`
  return withRelations(sql) + sql
}
