import type { Connection } from '#lib/engine/connection.ts'
import { EngineFailed, openEngine, type Engine, type EngineOptions } from '#lib/engine/engine.ts'
import { Store } from './store.ts'
import { versionOf } from '#lib/star/tables.ts'
import { judgeVersion } from '#lib/verdict/judge.ts'
import { rules } from '#lib/verdict/rules.ts'

const prefix = 'loggia-'
/** Milliseconds that a tab has to close its file when another one signs out: it writes first, on a busy machine for long. */
const longestHold = 30_000
const fileOf = (site: string) => `${prefix}${site}.db`

/** An engine with a database in which the tables are. */
export interface WorkingCopy {
  engine: Engine
  connection: Connection
  store: Store
  close(): Promise<void>
}

/**
 * The working copy of a site: its file in OPFS for the first tab, else memory. A file that another version made, or
 * that does not open, is thrown away: the parts it was built from are cached.
 */
export async function openWorkingCopy(
  site: string,
  options: Omit<EngineOptions, 'file'>
): Promise<WorkingCopy> {
  const holding = holdFile(site)
  const first = open(
    holding.then((release) => release && fileOf(site)),
    options
  )
  first.catch(() => {})
  const release = await holding
  if (!release) return first
  try {
    const copy = await openFile(fileOf(site), first, options)
    return { ...copy, close: () => copy.close().finally(release) }
  } catch (error) {
    release()
    if (isFinal(error, options)) throw error
    return open(null, options)
  }
}

// Again: the tab before this one may not have let go of the file yet.
async function openFile(
  file: string,
  copy: Promise<WorkingCopy>,
  options: Omit<EngineOptions, 'file'>
): Promise<WorkingCopy> {
  for (const wait of [0, 300, 700]) {
    try {
      return await copy
    } catch (error) {
      if (isFinal(error, options)) throw error
      if (!isBusy(error)) await removeFile(file)
    }
    await new Promise((resolve) => setTimeout(resolve, wait))
    copy = open(file, options)
  }
  return copy
}

const isFinal = (error: unknown, { signal }: Pick<EngineOptions, 'signal'>) =>
  signal?.aborted || error instanceof EngineFailed

const isBusy = (error: unknown) => /access handle/i.test(String(error))

async function open(file: EngineOptions['file'], options: Omit<EngineOptions, 'file'>): Promise<WorkingCopy> {
  const engine = await openEngine({ ...options, file })
  try {
    const connection = await engine.connect()
    const store = new Store(connection)
    if (!(await store.open([versionOf(engine.version), judgeVersion(rules)].join('\n'))))
      throw new Error(`${await file} was made by another version`)
    return { engine, connection, store, close: () => engine.close() }
  } catch (error) {
    await engine.close()
    throw error
  }
}

/** The right to a site's file, as long as this tab lives; null where another tab has it or there is no OPFS. */
async function holdFile(site: string): Promise<(() => void) | null> {
  const hasFiles = await navigator.storage?.getDirectory?.().catch(() => null)
  if (!hasFiles || !navigator.locks) return null
  return new Promise((resolve) => {
    navigator.locks
      .request(fileOf(site), { ifAvailable: true }, (lock) => {
        if (!lock) return resolve(null)
        return new Promise<void>((release) => resolve(release))
      })
      .catch(() => resolve(null))
  })
}

/** Deletes the working copy of one site. */
export const removeCopy = (site: string): Promise<void> => removeFile(fileOf(site))

/** Bytes of a site's working copy; 0 where there is none. */
export async function sizeOfCopy(site: string): Promise<number> {
  const root = await navigator.storage?.getDirectory?.().catch(() => null)
  const handle = await root?.getFileHandle(fileOf(site)).catch(() => null)
  return (await handle?.getFile().catch(() => null))?.size ?? 0
}

async function removeFile(file: string): Promise<void> {
  const root = await navigator.storage.getDirectory()
  for (const name of [file, `${file}.wal`]) await remove(root, name)
}

/** Deletes every working copy on this device, once the tabs that hold one have let go; one still held is refused. */
export async function removeFiles(): Promise<void> {
  const root = await navigator.storage?.getDirectory?.().catch(() => null)
  if (!root) return
  await letGo()
  const names = await Array.fromAsync(root.keys())
  // A file that cannot be deleted does not stop the others.
  await Promise.all(names.filter((name) => name.startsWith(prefix)).map((name) => remove(root, name)))
}

async function letGo(): Promise<void> {
  const { held = [] } = await navigator.locks.query()
  const files = held.map(({ name = '' }) => name).filter((name) => name.startsWith(prefix))
  const signal = AbortSignal.timeout(longestHold)
  await Promise.all(files.map((file) => navigator.locks.request(file, { signal }, () => {}).catch(() => {})))
}

// A terminated worker lets go of its files a little later.
async function remove(root: FileSystemDirectoryHandle, name: string): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      return await root.removeEntry(name)
    } catch (error) {
      if (error instanceof DOMException && error.name === 'NotFoundError') return
      if (tries === 10) throw error
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}
