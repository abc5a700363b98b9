import type { Connection } from './connection.ts'
import { connect, type EngineCalls, type RemoteEngine } from './engine-calls.ts'
import type { OnProgress, Storage } from './progress.ts'
import { Remote } from './remote.ts'

/** Of the file as the engine sees it, after Content-Encoding: 1.32.0. */
const wasmBytes = 34_242_586

// A busy machine of two cores takes 25 s to compile the engine.
const patience = { download: 60_000, start: 60_000, open: 60_000 }

/** The engine itself did not start; another database would not help. */
export class EngineFailed extends Error {
  override name = 'EngineFailed'
}

/** The database that a connection is opened on, and the names it goes by. */
export interface Engine {
  readonly storage: Storage
  /** Whether it was started as the device held it. */
  readonly wasKept: boolean
  /** What the working copy depends on besides our columns. */
  readonly version: string
  connect(): Promise<Connection>
  close(): Promise<void>
}

export interface EngineOptions {
  /** A name in OPFS, or null for memory; the engine starts while it is found out. */
  file: string | null | Promise<string | null>
  /** What the engine is not to compete with. */
  after?: Promise<unknown>
  onprogress?: OnProgress
  signal?: AbortSignal
}

/** Starts the engine in its worker and opens a database, locked against everything outside. */
export async function openEngine({ file, after, onprogress, signal }: EngineOptions): Promise<Engine> {
  await after
  const worker = new Worker(new URL('./engine-worker.ts', import.meta.url), { type: 'module' })
  const remote = new Remote<EngineCalls, number>(worker, "the engine's worker")
  const stop = () => remote.terminate()
  signal?.addEventListener('abort', stop, { once: true })
  try {
    const wasKept = await Promise.race([start(remote, onprogress), aborted(signal)])
    const name = await file
    onprogress?.({ step: 'open', unit: 'steps', done: 0, total: 1 })
    const version = await within(patience.open, 'the database to open', remote.call('open', name))
    return {
      storage: name ? 'opfs' : 'memory',
      wasKept,
      version,
      connect: () => connect(remote),
      close: () => close(remote)
    }
  } catch (error) {
    stop()
    throw error
  } finally {
    signal?.removeEventListener('abort', stop)
  }
}

/** Gives whether the engine was kept. */
async function start(remote: RemoteEngine, onprogress?: OnProgress): Promise<boolean> {
  const watch = watchdog(patience.download, 'the engine to download')
  remote.onnote = (bytes) => {
    if (bytes < wasmBytes) watch.feed(patience.download, 'the engine to download')
    else watch.feed(patience.start, 'the engine to start')
    onprogress?.({ step: 'download', unit: 'bytes', done: Math.min(bytes, wasmBytes), total: wasmBytes })
  }
  const started = remote.call('start', Boolean(navigator.serviceWorker?.controller)).catch((cause: Error) => {
    throw new EngineFailed(cause.message, { cause })
  })
  try {
    const wasKept = await Promise.race([started, watch.expired])
    onprogress?.({ step: 'start', unit: 'steps', done: 1, total: 1 })
    return wasKept
  } finally {
    watch.stop()
  }
}

async function close(remote: RemoteEngine): Promise<void> {
  await within(patience.open, 'the database to close', remote.call('close')).catch(() => {})
  remote.terminate()
}

const aborted = (signal?: AbortSignal) =>
  new Promise<never>((_, reject) => {
    if (signal?.aborted) reject(signal.reason)
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true })
  })

/** Fails with the name of what hung. */
async function within<T>(ms: number, what: string, promise: Promise<T>): Promise<T> {
  const watch = watchdog(ms, what)
  try {
    return await Promise.race([promise, watch.expired])
  } finally {
    watch.stop()
  }
}

function watchdog(ms: number, what: string) {
  const { promise, reject } = Promise.withResolvers<never>()
  promise.catch(() => {})
  let timer: ReturnType<typeof setTimeout>
  const stop = () => clearTimeout(timer)
  const feed = (patience: number, name: string) => {
    stop()
    timer = setTimeout(() => reject(new EngineFailed(`waited ${patience / 1000} s for ${name}`)), patience)
  }
  feed(ms, what)
  return { expired: promise, feed, stop }
}
