import { Remote } from '#lib/engine/remote.ts'
import type { Incoming } from '#lib/star/group.ts'

/** What the worker that reads parts does: it takes the bytes of each, then in turn `next` and the steps that insert its rows. */
export interface LoadCalls extends Incoming {
  open(bytes: Uint8Array<ArrayBuffer>, sha256: string): Promise<void>
  /** Whether there are more rows. */
  next(): Promise<boolean>
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
  const remote = new Remote<LoadCalls>(worker, 'the Parquet worker')
  return {
    open: (bytes, sha256) => remote.send('open', [bytes, sha256], [bytes.buffer]),
    read: () => read(remote),
    close: () => remote.terminate()
  }
}

async function* read(remote: Remote<LoadCalls>): AsyncGenerator<Incoming> {
  while (await remote.call('next'))
    yield {
      words: () => remote.call('words'),
      tuples: (numbers) => remote.call('tuples', numbers),
      hits: (numbers, known) => remote.call('hits', numbers, known)
    }
}
