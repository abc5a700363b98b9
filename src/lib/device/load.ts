import type { Incoming } from '#lib/star/group.ts'
import type { Decoded } from './store.ts'

type Answers = { [Name in keyof Incoming]: Awaited<ReturnType<Incoming[Name]>> }
type Step = { [Name in keyof Incoming]: { name: Name; args: Parameters<Incoming[Name]> } }[keyof Incoming]

/** To the worker that reads parts: a part's bytes, then the number of a row group, then the steps of its insertion. */
export type Request = { bytes: Uint8Array<ArrayBuffer>; sha256: string } | { group: number } | Step

export interface Reply {
  groups?: number
  answer?: Answers[keyof Incoming]
  error?: string
}

/** Reads the row groups of a part one after the other, in the order of the file. One part at a time. */
export interface Decoder {
  open(bytes: Uint8Array<ArrayBuffer>, sha256: string): Promise<Decoded>
  close(): void
}

/** A decoder in a worker of its own: a row group of 120,000 takes it an eighth of a second. */
export function startDecoder(): Decoder {
  const worker = new Worker(new URL('./load-worker.ts', import.meta.url), { type: 'module' })
  return {
    open: async (bytes, sha256) => {
      const { groups = 0 } = await ask(worker, { bytes, sha256 })
      return { groups: readGroups(worker, groups) }
    },
    close: () => worker.terminate()
  }
}

async function* readGroups(worker: Worker, groups: number): AsyncGenerator<Incoming> {
  const step = async <Name extends keyof Incoming>(name: Name, ...args: Parameters<Incoming[Name]>) =>
    (await ask(worker, { name, args } as Step)).answer as Answers[Name]
  for (let group = 0; group < groups; group++) {
    await ask(worker, { group })
    yield {
      words: () => step('words'),
      tuples: (numbers) => step('tuples', numbers),
      hits: (numbers) => step('hits', numbers)
    }
  }
}

function ask(worker: Worker, request: Request): Promise<Reply> {
  const { promise, resolve, reject } = Promise.withResolvers<Reply>()
  worker.onmessage = ({ data }: MessageEvent<Reply>) =>
    data.error ? reject(new Error(data.error)) : resolve(data)
  worker.onerror = ({ message }) => reject(new Error(`the Parquet worker failed: ${message || 'not loaded'}`))
  worker.postMessage(request)
  return promise
}
