import { Database } from './database.ts'
import { isEngineKept } from './kept-engine.ts'
import type { Call, Calls, Reply } from './remote.ts'

const tell = (reply: Reply) => postMessage(reply)
let database!: Database

const calls: Calls = {
  start: async (isControlled) => {
    const isKept = isControlled && (await isEngineKept())
    database = await Database.start(isKept, (loaded) => tell({ loaded }))
    return isKept
  },
  open: (file) => database.open(file),
  connect: () => database.connect(),
  run: (connection, sql, values) => database.connection(connection).run(sql, values),
  ask: (connection, sql) => database.connection(connection).ask(sql),
  insert: (connection, table, columns) => database.connection(connection).insert(table, columns),
  cancel: (connection) => database.connection(connection).cancel(),
  disconnect: (connection) => database.disconnect(connection),
  close: () => database.close()
}

addEventListener('message', async ({ data: { id, name, args } }: MessageEvent<Call>) => {
  try {
    const call = calls[name] as (...args: unknown[]) => Promise<unknown>
    tell({ id, value: await call(...args) })
  } catch (error) {
    tell({ id, error: error instanceof Error ? error.message : String(error) })
  }
})
