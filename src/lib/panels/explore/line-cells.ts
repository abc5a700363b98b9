import { lookupOf } from '#lib/ask/lookups.ts'
import type { Query } from '#lib/ask/query.ts'
import type { Cell } from '#lib/engine/connection.ts'
import { typeOf, type Dimension } from '#lib/filter/dimension.ts'
import { sqlOf } from '#lib/filter/value-sql.ts'
import { columnsOf, namesOf, shared, tableOf, type Shared } from '#lib/star/star.ts'

/** Where a line has the value of a column: in `sql` itself, or `names` has it under the code that `sql` is. */
export interface CellSource {
  readonly sql: string
  readonly names: string | null
  /** The table that the code is in, if it is not in the hit. */
  readonly tuple: Shared | null
}

/** The source of a column, for SQL that selects from `hits AS hit`. */
export function sourceOf(column: Dimension): CellSource {
  const name = column as Exclude<Dimension, 'line'>
  const tuple = shared.find((one) => columnsOf(one).some((own) => own === name))
  if (tuple) {
    const own = columnsOf(tuple).find((own) => own === name)!
    return { sql: `${tableOf(tuple)}."${own}"`, names: namesOf(own), tuple }
  }
  const lookup = lookupOf(column)
  if (lookup) return { sql: `hit.${lookup.key}`, names: lookup.from, tuple: null }
  const sql = sqlOf(column)
  return { sql: typeOf(column) === 'UBIGINT' ? `CAST(${sql} AS VARCHAR)` : sql, names: null, tuple: null }
}

const isText = (column: Dimension) => typeOf(column) === 'VARCHAR' || typeOf(column) === 'UBIGINT'

/**
 * The values of some rows in which columns have codes. Only the codes of these rows are looked up: a join would make
 * hash tables of every word, address and visitor.
 */
export async function valuesOf(
  query: Query,
  columns: readonly Dimension[],
  rows: readonly (readonly Cell[])[]
): Promise<Cell[][]> {
  const wanted = columns.flatMap((column, place) => {
    const { names } = sourceOf(column)
    const codes = new Set(rows.map((row) => row[place]).filter((code) => code !== null))
    if (!names || !codes.size) return []
    const list = [...codes].join(', ')
    return `SELECT ${place} AS place, key::DOUBLE AS code, CAST(value AS VARCHAR) AS value FROM ${names} AS names WHERE key IN (${list})`
  })
  if (!wanted.length) return rows.map((row) => [...row])
  const named = await query.ask<{ place: number; code: number; value: string | null }>(
    wanted.join('\nUNION ALL\n')
  )
  const values = columns.map(() => new Map<Cell, Cell>())
  for (const { place, code, value } of named)
    values[place]!.set(code, value === null || isText(columns[place]!) ? value : Number(value))
  return rows.map((row) =>
    row.map((cell, place) => (sourceOf(columns[place]!).names ? (values[place]!.get(cell) ?? null) : cell))
  )
}
