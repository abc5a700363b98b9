import { createDuckDB, NODE_RUNTIME, VoidLogger, type DuckDBConnection } from '@duckdb/duckdb-wasm/blocking'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { toIpc } from '../../src/lib/engine/arrow.ts'
import { rowsOf } from '../../src/lib/engine/columns.ts'
import type { Answer, Bound, Connection } from '../../src/lib/engine/connection.ts'
import { toAnswer } from '../../src/lib/engine/rows.ts'

const dist = dirname(createRequire(import.meta.url).resolve('@duckdb/duckdb-wasm/dist/duckdb-eh.wasm'))
const bundle = { mainModule: join(dist, 'duckdb-eh.wasm'), mainWorker: '' }

/** The page's engine, run in Node without a worker, locked as in the page. */
export async function openWasm(): Promise<Connection> {
  const database = await createDuckDB({ mvp: bundle, eh: bundle }, new VoidLogger(), NODE_RUNTIME)
  await database.instantiate(() => {})
  database.open({ path: ':memory:' })
  const connection = database.connect()
  connection.query(`ATTACH ':memory:' AS working_copy (COMPRESS)`)
  connection.query('USE working_copy')
  connection.query('SET enable_external_access = false')
  connection.query('SET lock_configuration = true')
  const run = async (sql: string, values?: readonly Bound[]) => answer(connection, sql, values)
  return {
    run,
    ask: (sql) => run(sql),
    insert: async (table, columns) => {
      if (columns.length && rowsOf(columns[0]!))
        connection.insertArrowFromIPCStream(toIpc(columns), { name: table, create: false })
    },
    cancel: async () => {},
    close: async () => connection.close()
  }
}

function answer(connection: DuckDBConnection, sql: string, values?: readonly Bound[]): Answer {
  if (!values) return toAnswer(connection.query(sql))
  const statement = connection.prepare(sql)
  try {
    return toAnswer(statement.query(...values))
  } finally {
    statement.close()
  }
}
