import type { Order, Reply } from './parquet-worker.ts'

/** A result as a Parquet file, written in a worker of its own. */
export async function writeParquet(
  columns: Order['columns'],
  rows: Order['rows']
): Promise<Uint8Array<ArrayBuffer>> {
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array<ArrayBuffer>>()
  const worker = new Worker(new URL('./parquet-worker.ts', import.meta.url), { type: 'module' })
  worker.onerror = ({ message }) => reject(new Error(`the worker failed: ${message || 'not loaded'}`))
  worker.onmessage = ({ data }: MessageEvent<Reply>) =>
    'bytes' in data ? resolve(data.bytes) : reject(new Error(data.error))
  try {
    worker.postMessage({ columns, rows } satisfies Order)
    return await promise
  } finally {
    worker.terminate()
  }
}
