import { DuckDBInstance, type DuckDBConnection, type DuckDBValue } from '@duckdb/node-api'
import {
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBIntervalValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampValue
} from '@duckdb/node-api'
import type { Answer, Bound, Cell, Connection } from '../../src/lib/data/connection.ts'

/** The same seam as the engine in the page, over native DuckDB on one thread. `insert` takes rows as JSON. */
export async function openNative(file = ':memory:'): Promise<Connection> {
  const instance = await DuckDBInstance.create(file, { threads: '1' })
  const connection = await instance.connect()
  const run = (sql: string, values: readonly Bound[] = []) => answer(connection, sql, values)
  return {
    run,
    ask: (sql) => run(sql),
    insert: async (table, ipc) => {
      const rows = JSON.parse(new TextDecoder().decode(ipc)) as Record<string, Bound>[]
      if (rows.length) await run(insertSql(table, rows))
    },
    cancel: async () => connection.interrupt(),
    close: async () => {
      connection.closeSync()
      instance.closeSync()
    }
  }
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
  if (value instanceof DuckDBDecimalValue) return value.toDouble()
  if (value instanceof DuckDBIntervalValue) return [value.months, value.days, Number(value.micros)]
  if (value instanceof DuckDBListValue) return value.items.map(toCell)
  if (value instanceof DuckDBStructValue) return mapValues(Object.entries(value.entries))
  if (value instanceof DuckDBMapValue)
    return mapValues(value.entries.map(({ key, value }) => [String(key), value]))
  return value as Cell
}

const mapValues = (entries: [string, DuckDBValue][]): Cell =>
  Object.fromEntries(entries.map(([key, value]) => [key, toCell(value)]))

const toNumber = (value: bigint) =>
  value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value
