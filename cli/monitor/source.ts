import { createReadStream, statSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Chunks } from '../../src/lib/push/window.ts'
import { follow } from '../push/follow.ts'
import { isPacked, unpack } from '../push/unpack.ts'
import type { MonitorOptions } from './options.ts'

/** Ms between two looks at a file, and that a stream is quiet before it pauses. */
export const look = 200
const headSize = 1 << 16

/** A stretch of a log: each file that is followed is one. Pieces that are null say that no more is there for now. */
export interface Log {
  /** The logs, one after the other. */
  stretches: AsyncIterable<Chunks>
  /** A pause means that all of it is read; in a stream it may only be slow. */
  isWholeAtPause: boolean
}

/** Opens the log that the options name. `onLook` is called at each look at it; `stop` ends it. */
export function openLog(
  { log, isOnce, isFromStart }: MonitorOptions,
  onLook: () => void,
  stop: AbortSignal
): Log {
  const pause = async () => {
    await sleep(look, undefined, { signal: stop })
    onLook()
  }
  if (log === '-') return { stretches: only(pausing(unpack(process.stdin), stop)), isWholeAtPause: false }
  const stats = statSync(log, { throwIfNoEntry: false })
  if (stats?.isDirectory()) throw new Error(`${log} is a folder. Name a file in it.`)
  if (isOnce && !stats) throw new Error(`There is no file ${log}. Check its name.`)
  if (isOnce) return { stretches: only(unpack(createReadStream(log))), isWholeAtPause: true }
  if (stats && !stats.isFile())
    return { stretches: only(pausing(createReadStream(log), stop)), isWholeAtPause: false }
  if (stats && isPacked(log))
    throw new Error(`${log} is compressed: it can't be followed. Read it with --once.`)
  return { stretches: follow(log, pause, { isFromEnd: !isFromStart }), isWholeAtPause: true }
}

/** The first bytes of a file: of a W3C log they say how its lines are read. */
export async function headOf(log: string): Promise<Uint8Array> {
  const file = await open(log)
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(headSize), 0, headSize, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

async function* only<T>(one: T): AsyncGenerator<T> {
  yield await Promise.resolve(one)
}

/** A stream with a pause wherever nothing comes for a moment. */
async function* pausing(
  chunks: AsyncIterable<Uint8Array>,
  stop: AbortSignal
): AsyncGenerator<Uint8Array | null> {
  const iterator = chunks[Symbol.asyncIterator]()
  let next = iterator.next()
  for (;;) {
    const done = new AbortController()
    const quiet = sleep(look, null, { signal: AbortSignal.any([stop, done.signal]) })
    const first = await Promise.race([next, quiet])
    done.abort()
    quiet.catch(() => {})
    if (first?.done) return
    yield first?.value ?? null
    if (first) next = iterator.next()
  }
}
