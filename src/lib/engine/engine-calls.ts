import { buffersOf, type InsertColumn } from './columns.ts'
import type { Answer, Bound, Connection } from './connection.ts'
import type { Remote } from './remote.ts'

/** What the engine's worker does for the page; a connection goes by its number. Notes are the bytes of the engine that came. */
export interface EngineCalls {
  /**
   * `isControlled`: what is fetched comes by the service worker. Gives whether the engine itself is kept by it: then there
   * is no download to count.
   */
  start(isControlled: boolean): Promise<boolean>
  /** Opens a file in OPFS, or memory; gives the version of the engine. */
  open(file: string | null): Promise<string>
  connect(): Promise<number>
  run(connection: number, sql: string, values?: readonly Bound[]): Promise<Answer>
  ask(connection: number, sql: string): Promise<Answer>
  insert(connection: number, table: string, columns: readonly InsertColumn[]): Promise<void>
  cancel(connection: number): Promise<void>
  disconnect(connection: number): Promise<void>
  close(): Promise<void>
}

export type RemoteEngine = Remote<EngineCalls, number>

/** A connection of the engine in its worker. */
export async function connect(engine: RemoteEngine): Promise<Connection> {
  const number = await engine.call('connect')
  return {
    run: (sql, values) => engine.call('run', number, sql, values),
    ask: (sql) => engine.call('ask', number, sql),
    insert: (table, columns) => engine.send('insert', [number, table, columns], buffersOf(columns)),
    cancel: () => engine.call('cancel', number),
    close: () => engine.call('disconnect', number)
  }
}
