import { buffersOf, type InsertColumn } from './columns.ts'
import type { Answer, Bound, Connection } from './connection.ts'

/** What the engine's worker does for the page; a connection goes by its number. */
export interface Calls {
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

export interface Call<Name extends keyof Calls = keyof Calls> {
  id: number
  name: Name
  args: Parameters<Calls[Name]>
}

/** The outcome of a call, or how many bytes of the engine have come. */
export type Reply = { id: number; value: unknown } | { id: number; error: string } | { loaded: number }

/** The page's side of the engine's worker. */
export class Remote {
  readonly #worker: Worker
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>()
  #last = 0
  onload: (bytes: number) => void = () => {}
  onerror: (message: string) => void = () => {}

  constructor(worker: Worker) {
    this.#worker = worker
    worker.onmessage = ({ data }: MessageEvent<Reply>) => this.#take(data)
    worker.onerror = ({ message }) => this.onerror(message || 'not loaded')
  }

  /** Calls arrive in the order in which they were made. */
  call<Name extends keyof Calls>(name: Name, ...args: Parameters<Calls[Name]>) {
    return this.send(name, args)
  }

  /** The buffers in `transfer` move to the worker and are gone here. */
  send<Name extends keyof Calls>(
    name: Name,
    args: Parameters<Calls[Name]>,
    transfer: ArrayBuffer[] = []
  ): Promise<Awaited<ReturnType<Calls[Name]>>> {
    const waiting = Promise.withResolvers<unknown>()
    const id = ++this.#last
    this.#waiting.set(id, waiting)
    this.#worker.postMessage({ id, name, args } satisfies Call<Name>, transfer)
    return waiting.promise as Promise<Awaited<ReturnType<Calls[Name]>>>
  }

  async connect(): Promise<Connection> {
    return new RemoteConnection(this, await this.call('connect'))
  }

  terminate() {
    this.#worker.terminate()
  }

  #take(reply: Reply) {
    if ('loaded' in reply) return this.onload(reply.loaded)
    const waiting = this.#waiting.get(reply.id)
    this.#waiting.delete(reply.id)
    if ('error' in reply) waiting?.reject(new Error(reply.error))
    else waiting?.resolve(reply.value)
  }
}

class RemoteConnection implements Connection {
  readonly #remote: Remote
  readonly #number: number

  constructor(remote: Remote, number: number) {
    this.#remote = remote
    this.#number = number
  }

  run = (sql: string, values?: readonly Bound[]) => this.#remote.call('run', this.#number, sql, values)
  ask = (sql: string) => this.#remote.call('ask', this.#number, sql)
  insert = (table: string, columns: readonly InsertColumn[]) =>
    this.#remote.send('insert', [this.#number, table, columns], buffersOf(columns))
  cancel = () => this.#remote.call('cancel', this.#number)
  close = () => this.#remote.call('disconnect', this.#number)
}
