import {
  Bool,
  Dictionary,
  Field,
  Float64,
  Int16,
  Int32,
  Int64,
  makeData,
  makeVector,
  RecordBatch,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  TimestampMillisecond,
  Uint32,
  Uint64,
  Uint8,
  Utf8,
  type Data,
  type DataType,
  type Vector
} from 'apache-arrow'
import { emptyLike } from './words.ts'
import { isTexts, rowsOf, type InsertColumn, type Numbers, type Texts } from './columns.ts'

/** DuckDB's own row groups are as large. */
const batchRows = 122_880

const types = {
  BIGINT: new Int64(),
  UBIGINT: new Uint64(),
  UINTEGER: new Uint32(),
  INTEGER: new Int32(),
  SMALLINT: new Int16(),
  UTINYINT: new Uint8(),
  DOUBLE: new Float64(),
  BOOLEAN: new Bool(),
  TIMESTAMP: new TimestampMillisecond(),
  VARCHAR: new Utf8()
} as const satisfies Record<InsertColumn['type'], DataType>

/** A column of Arrow, of which any rows can be had as a batch. */
interface ArrowColumn {
  readonly type: DataType
  batch(from: number, to: number): Data
}

/** The columns, which have equally many rows, as an Arrow IPC stream. */
export function toIpc(columns: readonly InsertColumn[]): Uint8Array {
  const rows = rowsOf(columns[0]!)
  const made = columns.map((column, i) => {
    if (rowsOf(column) !== rows)
      throw new Error(`column ${column.name} has ${rowsOf(column)} rows of ${rows}`)
    return toArrow(column, i)
  })
  const fields = made.map(({ type }, i) => new Field(columns[i]!.name, type, true))
  const schema = new Schema(fields)
  const writer = new RecordBatchStreamWriter()
  writer.reset(undefined, schema)
  for (let from = 0; from < rows; from += batchRows) {
    const to = Math.min(from + batchRows, rows)
    const children = made.map((column) => column.batch(from, to))
    writer.write(new RecordBatch(schema, makeData({ type: new Struct(fields), length: to - from, children })))
  }
  writer.finish()
  return writer.toUint8Array(true)
}

/** Texts that rows share stay shared, as a dictionary; shared numbers are no longer than their places. */
function toArrow(column: InsertColumn, id: number): ArrowColumn {
  const { type, values, places, present } = column
  if (isTexts(values)) return places ? sharedTexts(values, places, id) : plainTexts(values, present)
  const numbers = places ? spell(values, places) : values
  return plainNumbers(types[type], numbers, places ?? present)
}

/** Place 0 becomes a word as well, so that places need not be counted anew. */
function sharedTexts({ offsets, bytes }: Texts, places: Uint32Array, id: number): ArrowColumn {
  const shifted = new Int32Array(offsets.length + 1)
  shifted.set(offsets, 1)
  const words: Data<Utf8> = makeData({
    type: new Utf8(),
    length: offsets.length,
    valueOffsets: shifted,
    data: bytes
  })
  const dictionary: Vector<Utf8> = makeVector(words)
  const type = new Dictionary(new Utf8(), new Uint32(), id)
  return {
    type,
    batch: (from, to) => {
      const data = places.subarray(from, to)
      return makeData({ type, length: to - from, data, dictionary, ...nulls(data) })
    }
  }
}

function plainTexts({ offsets, bytes }: Texts, present: Uint8Array | null | undefined): ArrowColumn {
  return {
    type: types.VARCHAR,
    batch: (from, to) =>
      makeData({
        type: types.VARCHAR,
        length: to - from,
        valueOffsets: offsets.subarray(from, to + 1),
        data: bytes,
        ...nulls(present?.subarray(from, to))
      })
  }
}

function plainNumbers(
  type: (typeof types)[InsertColumn['type']],
  numbers: Numbers,
  present: Uint8Array | Uint32Array | null | undefined
): ArrowColumn {
  return {
    type,
    batch: (from, to) => {
      const some = numbers.subarray(from, to)
      const data = (type === types.BOOLEAN ? bits(some as Uint8Array) : some) as Int32Array
      return makeData({ type: type as Int32, length: to - from, data, ...nulls(present?.subarray(from, to)) })
    }
  }
}

function spell(words: Numbers, places: Uint32Array): Numbers {
  const values = emptyLike(words, places.length)
  for (let row = 0; row < places.length; row++) {
    const place = places[row]!
    if (place) values[row] = words[place - 1]!
  }
  return values
}

/** A row whose mark is 0 has no value. */
function nulls(marks: Uint8Array | Uint32Array | null | undefined) {
  let nullCount = 0
  if (marks) for (let row = 0; row < marks.length; row++) if (!marks[row]) nullCount++
  return nullCount ? { nullCount, nullBitmap: bits(marks!) } : { nullCount }
}

function bits(marks: Uint8Array | Uint32Array): Uint8Array {
  const packed = new Uint8Array(Math.ceil(marks.length / 8))
  for (let i = 0; i < marks.length; i++) if (marks[i]) packed[i >> 3]! |= 1 << (i & 7)
  return packed
}
