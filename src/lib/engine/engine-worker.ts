import { Database } from './database.ts'
import type { EngineCalls } from './engine-calls.ts'
import { isEngineKept } from './kept-engine.ts'
import { answer, note } from './remote.ts'

let database!: Database

answer<EngineCalls>({
  start: async (isControlled) => {
    const isKept = isControlled && (await isEngineKept())
    database = await Database.start(isKept, (loaded) => note(loaded))
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
})
