import type { InsertColumn, Numbers, Texts } from '../../src/lib/engine/columns.ts'
import { encodeTexts } from '../../src/lib/engine/texts.ts'

type Value = string | number | bigint | boolean | null
export type ColumnType = InsertColumn['type']

const arrays = {
  BIGINT: BigInt64Array,
  UBIGINT: BigUint64Array,
  UINTEGER: Uint32Array,
  INTEGER: Int32Array,
  SMALLINT: Int16Array,
  UTINYINT: Uint8Array,
  DOUBLE: Float64Array,
  BOOLEAN: Uint8Array,
  TIMESTAMP: BigInt64Array
} as const

/** Values of a test as a column to insert; null is missing. */
export function asColumn(name: string, type: ColumnType, values: readonly Value[]): InsertColumn {
  const isPresent = values.map((value) => value !== null)
  const present = isPresent.every(Boolean) ? null : Uint8Array.from(isPresent, Number)
  return { name, type, values: arrayOf(type, values), present }
}

/** The same values as words that rows share. */
export function asSharedColumn(name: string, type: ColumnType, values: readonly Value[]): InsertColumn {
  const words = [...new Set(values)].filter((value) => value !== null)
  const places = new Map(words.map((word, i) => [word as Value, i + 1]))
  return {
    name,
    type,
    values: arrayOf(type, words),
    places: Uint32Array.from(values, (value) => places.get(value) ?? 0)
  }
}

function arrayOf(type: ColumnType, values: readonly Value[]): Texts | Numbers {
  if (type === 'VARCHAR') return encodeTexts(values.map((value) => String(value ?? '')))
  const isBig = type === 'BIGINT' || type === 'UBIGINT' || type === 'TIMESTAMP'
  const numbers = values.map((value) => (isBig ? BigInt(value ?? 0) : Number(value)))
  const { from } = arrays[type] as unknown as { from(values: readonly unknown[]): Numbers }
  return from.call(arrays[type], numbers)
}
