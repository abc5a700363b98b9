import type { Cell } from '#lib/engine/connection.ts'
import { ByteWriter, ParquetWriter } from 'hyparquet-writer'
import { rawOf, type ResultColumn } from './column.ts'

/** How Parquet stores a column: its type, and a cell as it is written. */
interface Stored {
  readonly schema: object
  readonly write: (cell: Cell) => unknown
}

const integers = { schema: { type: 'INT64' }, write: BigInt as (cell: Cell) => bigint }
const unsigned = { ...integers, schema: { type: 'INT64', converted_type: 'UINT_64' } }
const doubles = { schema: { type: 'DOUBLE' }, write: Number }
const booleans = { schema: { type: 'BOOLEAN' }, write: (cell: Cell) => cell }
const dates = {
  schema: { type: 'INT32', converted_type: 'DATE' },
  write: (cell: Cell) => Math.floor(Number(cell) / 86_400_000)
}
// Not adjusted to UTC, as the engine's TIMESTAMP is not.
const times = {
  schema: { type: 'INT64', logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: false, unit: 'MICROS' } },
  write: (cell: Cell) => BigInt(Math.round(Number(cell) * 1_000))
}
const textsOf = (column: ResultColumn): Stored => ({
  schema: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  write: (cell) => rawOf(cell, column)
})

/** Texts where no type of Parquet holds all cells: an integer beyond 64 bits, a time without an end, a list. */
function storedAs(column: ResultColumn, cells: readonly Cell[]): Stored {
  const some = cells.filter((cell) => cell !== null)
  const isAll = (test: (cell: Cell) => boolean) => some.every(test)
  const isWithin = (least: bigint, end: bigint) =>
    isAll((cell) => isInteger(cell) && BigInt(cell) >= least && BigInt(cell) < end)
  const isNumber = (cell: Cell) => typeof cell === 'number' || typeof cell === 'bigint'
  if (column.type === 'int' && isWithin(-(2n ** 63n), 2n ** 63n)) return integers
  if (column.type === 'int' && isWithin(0n, 2n ** 64n)) return unsigned
  if (column.kind === 'number' && column.type !== 'int' && isAll(isNumber)) return doubles
  if (column.kind === 'boolean' && isAll((cell) => typeof cell === 'boolean')) return booleans
  const isTime = column.kind === 'time' && isAll((cell) => Number.isFinite(cell))
  if (isTime) return column.type === 'date' ? dates : times
  return textsOf(column)
}

const isInteger = (cell: Cell): cell is number | bigint => typeof cell === 'bigint' || Number.isInteger(cell)

const rowsOfGroup = 20_000

/** A result as a Parquet file. */
export async function parquetOf(
  columns: readonly ResultColumn[],
  rows: readonly Cell[][]
): Promise<Uint8Array<ArrayBuffer>> {
  const stored = columns.map((column, i) =>
    storedAs(
      column,
      rows.map((row) => row[i]!)
    )
  )
  const writer = new ByteWriter()
  const schema = [
    { name: 'result', num_children: columns.length },
    ...columns.map(({ name }, i) => ({ name, repetition_type: 'OPTIONAL', ...stored[i]!.schema }))
  ]
  const parquet = new ParquetWriter({
    writer,
    schema: schema as ConstructorParameters<typeof ParquetWriter>[0]['schema']
  })
  for (let from = 0; from < rows.length; from += rowsOfGroup) {
    const group = rows.slice(from, from + rowsOfGroup)
    const columnData = columns.map(({ name }, i) => ({
      name,
      data: group.map((row) => (row[i] === null ? null : stored[i]!.write(row[i]!)))
    }))
    await parquet.write({ columnData, rowGroupSize: group.length })
  }
  await parquet.finish()
  return new Uint8Array(writer.getBytes())
}
