import { createReadStream, readdirSync, statSync } from 'node:fs'
import { basename, join, relative, resolve, sep } from 'node:path'
import { isPacked } from './unpack.ts'

/** A log that can be read. */
export interface Opened {
  /** Bytes as they lie, perhaps compressed; null if that is not known. */
  size: number | null
  /** Changes when the content does; null if nothing tells. */
  stamp: string | null
  /** Its last line may be half written. */
  isGrowing: boolean
  chunks: AsyncIterable<Uint8Array>
}

/** Where a log comes from. */
export interface Source {
  name: string
  /** The file for its refused lines. */
  refused: string
  /** Opens the log, unless it is the same as when it had this stamp, or is missing and may be. */
  open(stamp: string | null): Promise<Opened | 'same' | 'missing'>
  /** Another source that may have the same log, cut differently. Only one of them is sent. */
  twin?: string | undefined
}

const chunkSize = 1 << 18
/** A line that a server has begun is complete after so many ms, unless its buffer is large. */
const quiet = 60_000

/** The sources that a name stands for: a file, all files in a folder, or standard input. Throws for a missing file. */
export const localSources = (name: string): Source[] =>
  name === '-' ? [standardInput] : filesAt(name).map(fileSource)

function filesAt(name: string): string[] {
  const stats = statSync(name, { throwIfNoEntry: false })
  if (!stats) throw new Error(`There is no file ${name}. Check its name.`)
  if (!stats.isDirectory()) return [name]
  const files = readdirSync(name, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => isLogName(relative(name, file)))
  return files.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
}

/** Files of `push` itself, and hidden files and folders, are no logs. Its state may lie in the same folder, and grows. */
const isLogName = (path: string) =>
  !path.split(sep).some((name) => name.startsWith('.')) && !path.endsWith(refusedEnd)

const refusedEnd = '.refused'

/** The file for refused lines of a source that is no file: in the current folder. */
export const refusedOf = (name: string): string => basename(name) + refusedEnd

function fileSource(name: string): Source {
  return { name, refused: name + refusedEnd, open: (stamp) => Promise.resolve(openFile(name, stamp)) }
}

function openFile(name: string, known: string | null): Opened | 'same' {
  const { size, mtimeMs, ino } = statSync(name)
  // The inode stays when the file is renamed, and changes when a file of this name is recreated.
  const stamp = [resolve(name), size, mtimeMs, ino].join(' ')
  if (stamp === known) return 'same'
  const chunks = createReadStream(name, { highWaterMark: chunkSize })
  // A compressed file ends where its stream ends, and says so.
  return { size, stamp, isGrowing: Date.now() - mtimeMs < quiet && !isPacked(name), chunks }
}

const standardInput: Source = {
  name: 'standard input',
  refused: refusedOf('stdin'),
  open: () => Promise.resolve({ size: null, stamp: null, isGrowing: false, chunks: process.stdin })
}
