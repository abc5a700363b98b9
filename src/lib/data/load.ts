import type { Decoded } from './store.ts'

/** To the worker that decodes: a part's bytes, then one row group after the other. */
export type Request = { bytes: Uint8Array<ArrayBuffer>; sha256: string } | { group: number }

export interface Reply {
  groups?: number
  columns?: string[]
  ipc?: Uint8Array
  error?: string
}

/** Parquet bytes → Arrow IPC streams, one a row group, in the order of the file. One part at a time. */
export interface Decoder {
  open(bytes: Uint8Array<ArrayBuffer>, sha256: string): Promise<Pick<Decoded, 'columns' | 'groups'>>
  close(): void
}

/** A decoder in a worker of its own: a row group of 120,000 takes it a quarter of a second. */
export function startDecoder(): Decoder {
  const worker = new Worker(new URL('./load-worker.ts', import.meta.url), { type: 'module' })
  return {
    open: async (bytes, sha256) => {
      const { groups = 0, columns = [] } = await ask(worker, { bytes, sha256 })
      return { columns, groups: readGroups(worker, groups) }
    },
    close: () => worker.terminate()
  }
}

async function* readGroups(worker: Worker, groups: number) {
  for (let group = 0; group < groups; group++) {
    const { ipc } = await ask(worker, { group })
    if (ipc) yield ipc
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
