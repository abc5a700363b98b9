import { AsyncDuckDB, DuckDBAccessMode, PACKAGE_VERSION, VoidLogger } from '@duckdb/duckdb-wasm'
import type { Connection } from './connection.ts'
import { isEngineKept, wasmUrl } from './kept-engine.ts'
import type { OnProgress, Storage } from './progress.ts'
import { WasmConnection } from './wasm.ts'

const workerUrl = '/engine/duckdb-browser-eh.worker.js'
/** Of the file as the engine sees it, after Content-Encoding: 1.32.0. */
const wasmBytes = 34_242_586

/** What the working copy depends on besides our columns. */
export const engineVersion = PACKAGE_VERSION

// `instantiate()` hangs, and does not fail, on a wrong type of the wasm or a policy that blocks it.
const patience = { silence: 3_000, download: 30_000, start: 20_000, open: 20_000 }

/** The engine itself did not start; another database would not help. */
export class EngineFailed extends Error {
  override name = 'EngineFailed'
}

/** The database that a connection is opened on, and the names it goes by. */
export interface Engine {
  readonly storage: Storage
  connect(): Promise<Connection>
  close(): Promise<void>
}

export interface EngineOptions {
  /** A name in OPFS, or null for memory. */
  file: string | null
  onprogress?: OnProgress
  signal?: AbortSignal
}

/** Starts the engine in its worker and opens a database, locked against everything outside. */
export async function openEngine({ file, onprogress, signal }: EngineOptions): Promise<Engine> {
  // The name tells it whether to count the bytes of the download (`cli/engine.ts`).
  const worker = new Worker(workerUrl, { name: (await isEngineKept()) ? 'kept' : 'new' })
  const database = new AsyncDuckDB(new VoidLogger(), worker)
  const stop = () => worker.terminate()
  signal?.addEventListener('abort', stop, { once: true })
  try {
    await Promise.race([start(database, worker, onprogress), aborted(signal)])
    onprogress?.({ step: 'open', unit: 'steps', done: 0, total: 1 })
    await within(patience.open, 'the database to open', openDatabase(database, file))
  } catch (error) {
    stop()
    throw error
  } finally {
    signal?.removeEventListener('abort', stop)
  }
  return {
    storage: file ? 'opfs' : 'memory',
    connect: () => connect(database, file),
    close: () => close(database, worker)
  }
}

async function start(database: AsyncDuckDB, worker: Worker, onprogress?: OnProgress): Promise<void> {
  const failed = new Promise<never>((_, reject) => {
    worker.onerror = ({ message }) =>
      reject(new EngineFailed(`engine worker ${workerUrl} failed: ${message || 'not loaded'}`))
  })
  const watch = watchdog(patience.download, 'the engine to download')
  const probe = setTimeout(() => void probeEngine().catch(watch.fail), patience.silence)
  const ready = database.instantiate(wasmUrl, null, ({ bytesLoaded }) => {
    clearTimeout(probe)
    if (bytesLoaded < wasmBytes) watch.feed(patience.download, 'the engine to download')
    else watch.feed(patience.start, 'the engine to start')
    onprogress?.({
      step: 'download',
      unit: 'bytes',
      done: Math.min(bytesLoaded, wasmBytes),
      total: wasmBytes
    })
  })
  try {
    await Promise.race([ready, failed, watch.expired])
  } finally {
    clearTimeout(probe)
    watch.stop()
  }
  onprogress?.({ step: 'start', unit: 'steps', done: 1, total: 1 })
}

/** Asks for the engine as its worker does: why nothing comes of it, the worker keeps to itself. */
async function probeEngine(): Promise<void> {
  const asking = new AbortController()
  const response = await fetch(wasmUrl, { signal: asking.signal }).catch((cause: unknown) => {
    throw new EngineFailed(`the engine ${wasmUrl} cannot be loaded: ${String(cause)}`, { cause })
  })
  asking.abort()
  const type = response.headers.get('Content-Type')
  if (!response.ok || type !== 'application/wasm')
    throw new EngineFailed(`the engine ${wasmUrl} is answered ${response.status}, ${type ?? 'of no type'}`)
}

// The lock is set once, before the database holds anything. `custom_extension_repository` is a path of ours that
// answers 404: with the first two alone `date_trunc` on TIMESTAMPTZ still asks a foreign host.
const locks = (origin: string) => [
  'SET autoinstall_known_extensions = false',
  'SET autoload_known_extensions = false',
  `SET custom_extension_repository = '${origin}/engine/extensions'`,
  'SET enable_external_access = false',
  'SET lock_configuration = true'
]

async function openDatabase(database: AsyncDuckDB, file: string | null): Promise<void> {
  await database.open(
    file ? { path: `opfs://${file}`, accessMode: DuckDBAccessMode.READ_WRITE } : { path: ':memory:' }
  )
  const first = await database.connect()
  if (!file) await first.query(`ATTACH ':memory:' AS ${memory} (COMPRESS)`)
  // By itself the engine would at some commit, in mid-question. Done once a sync, a load takes a third, too.
  await first.query(`SET wal_autocheckpoint = '1TB'`)
  for (const lock of locks(location.origin)) await first.query(lock)
  await first.close()
}

const memory = 'working_copy'

async function connect(database: AsyncDuckDB, file: string | null): Promise<Connection> {
  const connection = await database.connect()
  if (!file) await connection.query(`USE ${memory}`)
  return new WasmConnection(connection)
}

// Dropping the files lets go of their handles; a worker that is only terminated does so some time later.
async function close(database: AsyncDuckDB, worker: Worker): Promise<void> {
  const closed = database.reset().then(() => database.dropFiles())
  await within(patience.open, 'the database to close', closed).catch(() => {})
  worker.terminate()
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
  return { expired: promise, fail: reject, feed, stop }
}
