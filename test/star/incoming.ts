import type { Numbers, ReadColumn } from '../../src/lib/engine/columns.ts'
import type { Bound } from '../../src/lib/engine/connection.ts'
import { mergeGroups, type RowGroup } from '../../src/lib/star/merge.ts'
import { encodeTexts } from '../../src/lib/engine/texts.ts'
import { columns, type ColumnName, type SqlType } from '../../src/lib/schema/hit.ts'

/** A hit of a test; a `time` is milliseconds, and what it leaves out is missing. */
export type Row = Record<string, Bound | bigint>

const arrays: Record<Exclude<SqlType, 'VARCHAR'>, (values: readonly (number | bigint)[]) => Numbers> = {
  BIGINT: (values) => BigInt64Array.from(values, BigInt),
  UBIGINT: (values) => BigUint64Array.from(values, BigInt),
  TIMESTAMP: (values) => BigInt64Array.from(values, BigInt),
  UINTEGER: (values) => Uint32Array.from(values, Number),
  SMALLINT: (values) => Int16Array.from(values, Number),
  DOUBLE: (values) => Float64Array.from(values, Number),
  BOOLEAN: (values) => Uint8Array.from(values, Number)
}

function columnOf(type: SqlType, values: readonly (Bound | bigint)[]): ReadColumn {
  if (type === 'VARCHAR') {
    const words = [...new Set(values.filter((value) => value !== null))]
    return {
      words: encodeTexts(words.map(String)),
      places: Uint32Array.from(values, (value) => (value === null ? 0 : words.indexOf(value) + 1))
    }
  }
  return {
    values: arrays[type](
      values.map((value) => (value === null ? 0 : typeof value === 'bigint' ? value : Number(value)))
    ),
    present: Uint8Array.from(values, (value) => Number(value !== null))
  }
}

/** Rows as a part has them, in the columns that it has: all, unless told. */
export function rowGroupOf(
  rows: readonly Row[],
  names: readonly string[] = columns.map(({ name }) => name)
): RowGroup {
  const read = () => {
    const read = new Map<ColumnName, ReadColumn>()
    for (const { name, type } of columns.filter(({ name }) => names.includes(name))) {
      const missing = name === 'kind' ? 'request' : null
      read.set(
        name,
        columnOf(
          type,
          rows.map((row) => row[name] ?? missing)
        )
      )
    }
    return read
  }
  return { rows: rows.length, read }
}

/** Row groups as the worker gives them, so many rows at a time at most: each on its own, unless told. */
export const decoded = (groups: readonly RowGroup[], most = 1) => mergeGroups(groups, undefined, most)
