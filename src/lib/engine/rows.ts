import { DataType, type Schema, type Table } from 'apache-arrow'
import type { Answer, Cell } from './connection.ts'

interface Batch {
  schema: Schema
  numRows: number
  getChildAt(index: number): { get(row: number): unknown } | null
}

/** An Arrow table as plain cells; nothing of Arrow leaves this file. */
export const toAnswer = (table: Table): Answer => toRows(table.schema, table.batches)

/** Record batches of one schema as plain cells. */
export function toRows(schema: Schema, batches: readonly Batch[]): Answer {
  const columns = schema.fields.map(({ name, type }) => ({ name, type: String(type) }))
  const rows = batches.flatMap((batch) => {
    const vectors = schema.fields.map((_, i) => batch.getChildAt(i))
    return Array.from({ length: batch.numRows }, (_, row) =>
      vectors.map((vector, i) => toCell(vector?.get(row), schema.fields[i]!.type))
    )
  })
  return { columns, rows }
}

function toCell(value: unknown, type: DataType): Cell {
  if (value === null || value === undefined) return null
  if (DataType.isDecimal(type)) return toDecimal(value as Uint32Array, type.scale)
  if (DataType.isDictionary(type)) return toCell(value, type.dictionary)
  if (typeof value === 'bigint') return toNumber(value)
  if (DataType.isList(type))
    return Array.from(value as Iterable<unknown>, (item) => toCell(item, type.valueType))
  if (DataType.isStruct(type) || DataType.isMap(type)) return toObject(value as Iterable<[unknown, unknown]>)
  if (value instanceof Uint8Array) return toHex(value)
  if (typeof value === 'object') return Array.from(value as Iterable<number>)
  return value as Cell
}

const toObject = (entries: Iterable<[unknown, unknown]>): Cell =>
  Object.fromEntries(Array.from(entries, ([key, value]) => [String(key), plain(value)]))

// Inside a struct the types are those of plain columns; lists and decimals there are not ours.
const plain = (value: unknown): Cell =>
  typeof value === 'bigint' ? toNumber(value) : ((value ?? null) as Cell)

const toNumber = (value: bigint): number | bigint =>
  value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value

// SUM of BIGINT is a HUGEINT, which Arrow knows only as a decimal of 128 bits without places.
function toDecimal(words: Uint32Array, scale: number): number | bigint {
  const value = BigInt.asIntN(
    words.length * 32,
    words.reduceRight((high, word) => (high << 32n) | BigInt(word), 0n)
  )
  return scale ? Number(value) / 10 ** scale : toNumber(value)
}

const toHex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
