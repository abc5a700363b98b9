import type { AsyncDuckDBConnection } from '@duckdb/duckdb-wasm'
import { toIpc } from './arrow.ts'
import { rowsOf, type InsertColumn } from './columns.ts'
import type { Answer, Bound, Connection } from './connection.ts'
import { toAnswer, toRows } from './rows.ts'

/** A connection to the engine in its worker. */
export class WasmConnection implements Connection {
  readonly #connection: AsyncDuckDBConnection

  constructor(connection: AsyncDuckDBConnection) {
    this.#connection = connection
  }

  async run(sql: string, values?: readonly Bound[]): Promise<Answer> {
    if (!values) return toAnswer(await this.#connection.query(sql))
    const statement = await this.#connection.prepare(sql)
    try {
      return toAnswer(await statement.query(...values))
    } finally {
      await statement.close()
    }
  }

  // `query` holds the engine's worker to the end; `send` lets it look for a cancel between slices of work.
  async ask(sql: string): Promise<Answer> {
    try {
      const reader = await (await this.#connection.send(sql)).open()
      const { schema } = reader
      return toRows(schema, await reader.readAll())
    } catch (error) {
      // What was cancelled stands half answered until its connection is told something else.
      await this.#connection.query('SELECT 1').catch(() => {})
      throw error
    }
  }

  async insert(table: string, columns: readonly InsertColumn[]): Promise<void> {
    if (!columns.length || !rowsOf(columns[0]!)) return
    await this.#connection.insertArrowFromIPCStream(toIpc(columns), { name: table, create: false })
  }

  async cancel(): Promise<void> {
    await this.#connection.cancelSent()
  }

  async close(): Promise<void> {
    await this.#connection.close()
  }
}
