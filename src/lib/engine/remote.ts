/** What a worker does for the page, by name. */
type Does<Calls> = { [Name in keyof Calls]: (...args: never[]) => Promise<unknown> }
type Given<Calls extends Does<Calls>, Name extends keyof Calls> = Awaited<ReturnType<Calls[Name]>>

export interface Call<Calls extends Does<Calls>, Name extends keyof Calls = keyof Calls> {
  id: number
  name: Name
  args: Parameters<Calls[Name]>
}

/** The outcome of a call, or a note on how far the worker is. */
export type Reply<Note = never> =
  { id: number; value: unknown } | { id: number; error: string } | { note: Note }

/** The page's side of a worker. A call fails with the sentence that the worker failed with. */
export class Remote<Calls extends Does<Calls>, Note = never> {
  readonly #worker: Worker
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>()
  #last = 0
  onnote: (note: Note) => void = () => {}

  /** `name` begins the sentence that says that the worker itself failed. */
  constructor(worker: Worker, name: string) {
    this.#worker = worker
    worker.onmessage = ({ data }: MessageEvent<Reply<Note>>) => this.#take(data)
    worker.onerror = ({ message }) => {
      for (const id of this.#waiting.keys())
        this.#take({ id, error: `${name} failed: ${message || 'not loaded'}` })
    }
  }

  /** Calls arrive in the order in which they were made. */
  call<Name extends keyof Calls>(name: Name, ...args: Parameters<Calls[Name]>): Promise<Given<Calls, Name>> {
    return this.send(name, args)
  }

  /** The buffers in `transfer` move to the worker and are gone here. */
  send<Name extends keyof Calls>(
    name: Name,
    args: Parameters<Calls[Name]>,
    transfer: ArrayBuffer[] = []
  ): Promise<Given<Calls, Name>> {
    const waiting = Promise.withResolvers<unknown>()
    const id = ++this.#last
    this.#waiting.set(id, waiting)
    this.#worker.postMessage({ id, name, args } satisfies Call<Calls, Name>, transfer)
    return waiting.promise as Promise<Given<Calls, Name>>
  }

  /** Ends the worker. Calls that are under way are never answered. */
  terminate() {
    this.#worker.terminate()
  }

  #take(reply: Reply<Note>) {
    if ('note' in reply) return this.onnote(reply.note)
    const waiting = this.#waiting.get(reply.id)
    this.#waiting.delete(reply.id)
    if ('error' in reply) waiting?.reject(new Error(reply.error))
    else waiting?.resolve(reply.value)
  }
}

/** The worker's side: answers calls. `moved` gives the buffers of an answer that move to the page; `then` comes before the next call. */
export function answer<Calls extends Does<Calls>>(
  calls: Calls,
  moved: (value: unknown) => ArrayBuffer[] = () => [],
  then: (name: keyof Calls) => void = () => {}
): void {
  addEventListener('message', async ({ data: { id, name, args } }: MessageEvent<Call<Calls>>) => {
    try {
      const value = await calls[name](...args)
      postMessage({ id, value } satisfies Reply, { transfer: moved(value) })
      then(name)
    } catch (error) {
      postMessage({ id, error: error instanceof Error ? error.message : String(error) } satisfies Reply)
    }
  })
}

/** Sends the page a note on how far the worker is. */
export const note = <Note>(note: Note): void => postMessage({ note } satisfies Reply<Note>)
