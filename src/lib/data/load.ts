import { columns as known, type ColumnName } from '#lib/schema/hit.ts'
import type { InsertColumn, ReadColumn } from './columns.ts'
import type { Decoded } from './store.ts'

/** To the worker that decodes: a part's bytes, then one row group after the other. */
export type Request = { bytes: Uint8Array<ArrayBuffer>; sha256: string } | { group: number }

export interface Reply {
  groups?: number
  columns?: ReadonlyMap<ColumnName, ReadColumn>
  error?: string
}

/** Parquet bytes → columns, one row group after the other, in the order of the file. One part at a time. */
export interface Decoder {
  open(bytes: Uint8Array<ArrayBuffer>, sha256: string): Promise<Decoded>
  close(): void
}

/** A decoder in a worker of its own: a row group of 120,000 takes it a tenth of a second. */
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

async function* readGroups(worker: Worker, groups: number) {
  for (let group = 0; group < groups; group++) {
    const { columns } = await ask(worker, { group })
    if (columns) yield toInsert(columns)
  }
}

/** A row group as columns to insert, in the order of the table `hits`. */
export const toInsert = (read: ReadonlyMap<ColumnName, ReadColumn>): InsertColumn[] =>
  known.flatMap(({ name, type }) => {
    const column = read.get(name)
    if (!column) return []
    if ('words' in column) return { name, type, values: column.words, places: column.places }
    return { name, type, ...column }
  })

function ask(worker: Worker, request: Request): Promise<Reply> {
  const { promise, resolve, reject } = Promise.withResolvers<Reply>()
  worker.onmessage = ({ data }: MessageEvent<Reply>) =>
    data.error ? reject(new Error(data.error)) : resolve(data)
  worker.onerror = ({ message }) => reject(new Error(`the Parquet worker failed: ${message || 'not loaded'}`))
  worker.postMessage(request)
  return promise
}
