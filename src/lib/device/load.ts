import type { Incoming } from '#lib/star/group.ts'

type Answers = { [Name in keyof Incoming]: Awaited<ReturnType<Incoming[Name]>> }
type Step = { [Name in keyof Incoming]: { name: Name; args: Parameters<Incoming[Name]> } }[keyof Incoming]

/** To the worker that reads parts: the bytes of each, then in turn `next` and the steps that insert its rows. */
export type Request = { bytes: Uint8Array<ArrayBuffer>; sha256: string } | { name: 'next' } | Step

export interface Reply {
  answer?: Answers[keyof Incoming]
  /** The answer to `next`: no rows are left. */
  isEnd?: boolean
  error?: string
}

/** Reads the rows of parts, in their order. */
export interface Decoder {
  /** Adds a part to those that `read` reads. The bytes are gone afterwards. */
  open(bytes: Uint8Array<ArrayBuffer>, sha256: string): Promise<void>
  /** All steps of its rows come before the next rows are asked for. */
  read(): AsyncGenerator<Incoming>
  close(): void
}

/**
 * A decoder in a worker of its own: 120,000 rows take it a quarter of a second. While the engine inserts rows, it reads
 * the next ones. It has the rows of two insertions at most, of a third while it merges, each some 28 MB, and the bytes
 * of the parts that are left.
 */
export function startDecoder(): Decoder {
  const worker = new Worker(new URL('./load-worker.ts', import.meta.url), { type: 'module' })
  return {
    open: async (bytes, sha256) => void (await ask(worker, { bytes, sha256 }, [bytes.buffer])),
    read: () => read(worker),
    close: () => worker.terminate()
  }
}

async function* read(worker: Worker): AsyncGenerator<Incoming> {
  const step = async <Name extends keyof Incoming>(name: Name, ...args: Parameters<Incoming[Name]>) =>
    (await ask(worker, { name, args } as Step)).answer as Answers[Name]
  while (!(await ask(worker, { name: 'next' })).isEnd)
    yield {
      words: () => step('words'),
      tuples: (numbers) => step('tuples', numbers),
      hits: (numbers, known) => step('hits', numbers, known)
    }
}

function ask(worker: Worker, request: Request, transfer: Transferable[] = []): Promise<Reply> {
  const { promise, resolve, reject } = Promise.withResolvers<Reply>()
  worker.onmessage = ({ data }: MessageEvent<Reply>) =>
    data.error ? reject(new Error(data.error)) : resolve(data)
  worker.onerror = ({ message }) => reject(new Error(`the Parquet worker failed: ${message || 'not loaded'}`))
  worker.postMessage(request, transfer)
  return promise
}
