import { DuckDBInstance, type DuckDBConnection, type DuckDBValue } from '@duckdb/node-api'
import {
  BIGINT,
  BOOLEAN,
  DOUBLE,
  DuckDBDataChunk,
  INTEGER,
  SMALLINT,
  TIMESTAMP,
  UBIGINT,
  UINTEGER,
  UTINYINT,
  VARCHAR,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBIntervalValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampValue
} from '@duckdb/node-api'
import { isTexts, rowsOf, type InsertColumn } from '../../src/lib/engine/columns.ts'
import type { Answer, Bound, Cell, Connection } from '../../src/lib/engine/connection.ts'

/** The same seam as the engine in the page, over native DuckDB on one thread. */
export async function openNative(file = ':memory:'): Promise<Connection> {
  const instance = await DuckDBInstance.create(file, { threads: '1' })
  const connection = await instance.connect()
  const run = (sql: string, values: readonly Bound[] = []) => answer(connection, sql, values)
  return {
    run,
    ask: (sql) => run(sql),
    insert: (table, columns) => append(connection, table, columns),
    cancel: async () => connection.interrupt(),
    close: async () => {
      connection.closeSync()
      instance.closeSync()
    }
  }
}

/** DuckDB's vectors have 2,048 rows. */
const vectorSize = 2_048

const duckTypes = {
  BIGINT,
  UBIGINT,
  UINTEGER,
  INTEGER,
  SMALLINT,
  UTINYINT,
  DOUBLE,
  BOOLEAN,
  TIMESTAMP,
  VARCHAR
} as const satisfies Record<InsertColumn['type'], unknown>

async function append(connection: DuckDBConnection, table: string, columns: readonly InsertColumn[]) {
  const rows = rowsOf(columns[0]!)
  const readers = columns.map(readerOf)
  const appender = await connection.createAppender(table)
  for (let from = 0; from < rows; from += vectorSize) {
    const length = Math.min(vectorSize, rows - from)
    const chunk = DuckDBDataChunk.create(
      columns.map(({ type }) => duckTypes[type]),
      length
    )
    for (const [i, read] of readers.entries())
      chunk.setColumnValues(
        i,
        Array.from({ length }, (_, row) => read(from + row))
      )
    appender.appendDataChunk(chunk)
  }
  appender.closeSync()
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

function readerOf({ type, values, places, present }: InsertColumn): (row: number) => DuckDBValue {
  const value = (i: number): DuckDBValue => {
    if (isTexts(values))
      return decoder.decode(values.bytes.subarray(values.offsets[i], values.offsets[i + 1]))
    if (type === 'BOOLEAN') return values[i] === 1
    return type === 'TIMESTAMP' ? new DuckDBTimestampValue((values[i] as bigint) * 1_000n) : values[i]!
  }
  if (places) return (row) => (places[row] ? value(places[row]! - 1) : null)
  return (row) => (present && !present[row] ? null : value(row))
}

/** Rows of a test as one statement; a `time` is milliseconds. */
export function insertSql(table: string, rows: readonly Record<string, Bound>[]): string {
  const names = Object.keys(rows[0]!)
  const tuples = rows.map((row) => `(${names.map((name) => literal(name, row[name] ?? null)).join(', ')})`)
  return `INSERT INTO ${table} (${names.map((name) => `"${name}"`).join(', ')}) VALUES ${tuples.join(', ')}`
}

function literal(name: string, value: Bound): string {
  if (name === 'time') return `epoch_ms(CAST(${Number(value)} AS BIGINT))`
  return typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value)
}

async function answer(connection: DuckDBConnection, sql: string, values: readonly Bound[]): Promise<Answer> {
  const reader = await connection.runAndReadAll(sql, [...values])
  const types = reader.columnTypes().map(String)
  return {
    columns: reader.columnNames().map((name, i) => ({ name, type: types[i]! })),
    rows: reader.getRows().map((row) => row.map(toCell))
  }
}

function toCell(value: DuckDBValue): Cell {
  if (typeof value === 'bigint') return toNumber(value)
  if (value instanceof DuckDBTimestampValue) return Number(value.micros) / 1000
  if (value instanceof DuckDBTimestampMillisecondsValue) return Number(value.millis)
  if (value instanceof DuckDBDateValue) return value.days * 86_400_000
  if (value instanceof DuckDBDecimalValue) return toDecimal(value)
  if (value instanceof DuckDBIntervalValue) return [value.months, value.days, Number(value.micros)]
  if (value instanceof DuckDBListValue) return value.items.map(toCell)
  if (value instanceof DuckDBStructValue) return mapValues(Object.entries(value.entries))
  if (value instanceof DuckDBMapValue)
    return mapValues(value.entries.map(({ key, value }) => [String(key), value]))
  return value as Cell
}

const mapValues = (entries: [string, DuckDBValue][]): Cell =>
  Object.fromEntries(entries.map(([key, value]) => [key, toCell(value)]))

/** A text where a number would round it, as in the page. */
function toDecimal(value: DuckDBDecimalValue): number | string {
  const text = value.toString()
  return text.replace(/\D/g, '').replace(/^0+|0+$/g, '').length > 15 ? text : Number(text)
}

const toNumber = (value: bigint) =>
  value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value
