import { closeSync, openSync, readdirSync, readSync, statSync, type Stats } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Chunks } from '../../src/lib/push/window.ts'

const chunkSize = 1 << 18
/** Bytes by which a file that was rewritten in place is told from one that has grown. */
const headSize = 256
/** Looks at a renamed file without news before it is left: its server writes to it until it is told to reopen it. */
const lastLooks = { whileNewIsEmpty: 5, whileNewGrows: 1 }

/** The file was emptied in its place, and its last line may be half read. */
export class Truncated extends Error {}

/** How a log is followed whose lines are not known again when they are read twice. */
export interface ReadOnce {
  /** Starts after the last line of the file that is there. */
  isFromEnd: boolean
}

/**
 * The logs that a file is, one after the other: when it is renamed and recreated, and when it is emptied in place,
 * the next one begins. Each is to be read to its end before the next; `pause` resolves when it is time to look again.
 * A log that is emptied ends with `Truncated`, and its copy follows as a log. If it is to be read once, it ends with the
 * rest of its copy instead.
 */
export async function* follow(
  name: string,
  pause: () => Promise<void>,
  once: ReadOnce | null = null
): AsyncGenerator<Chunks> {
  for (let isFirst = true; ; isFirst = false) {
    const there = await openNow(name)
    const followed = new Followed(name, there ?? (await openAgain(name, pause)), pause)
    if (there && isFirst && once?.isFromEnd) await followed.skip()
    if (once) {
      yield followed.chunksOnce()
      continue
    }
    yield followed.chunks()
    if (!followed.isTruncated) continue
    // What was written between the last look and the emptying is only in the copy.
    const copy = copyOf(name, followed.head)
    if (copy !== null) yield contentOf(copy)
  }
}

/** Between the renaming and the making of the new file there is none. */
async function openAgain(name: string, pause: () => Promise<void>): Promise<FileHandle> {
  for (;;) {
    await pause()
    const file = await openNow(name)
    if (file) return file
  }
}

async function openNow(name: string): Promise<FileHandle | null> {
  try {
    return await open(name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return null
  }
}

/** One file, by whatever name. */
class Followed {
  readonly #name: string
  readonly #file: FileHandle
  readonly #pause: () => Promise<void>
  head: Buffer = Buffer.alloc(0)
  isTruncated = false
  /** Bytes that were read or skipped. */
  #at = 0

  constructor(name: string, file: FileHandle, pause: () => Promise<void>) {
    this.#name = name
    this.#file = file
    this.#pause = pause
  }

  /** Skips all lines. What stands behind the last of them is the start of a line. */
  async skip(): Promise<void> {
    const { size } = await this.#file.stat()
    const start = Math.max(0, size - chunkSize)
    const last = await this.#bytes(start, size - start)
    this.#at = start + last.lastIndexOf('\n') + 1
    this.head = await this.#bytes(0, Math.min(headSize, this.#at))
  }

  async #bytes(from: number, length: number): Promise<Buffer> {
    const { bytesRead, buffer } = await this.#file.read(Buffer.alloc(length), 0, length, from)
    return buffer.subarray(0, bytesRead)
  }

  async *chunksOnce(): AsyncGenerator<Uint8Array | null> {
    try {
      yield* this.chunks()
    } catch (error) {
      if (!(error instanceof Truncated)) throw error
      const copy = copyOf(this.#name, this.head)
      if (copy !== null) yield* contentOf(copy, this.#at)
    }
  }

  async *chunks(): AsyncGenerator<Uint8Array | null> {
    try {
      let looks = 0
      let next: Stats | null = null
      for (;;) {
        const { bytesRead, buffer } = await this.#file.read(
          Buffer.allocUnsafe(chunkSize),
          0,
          chunkSize,
          this.#at
        )
        const chunk = buffer.subarray(0, bytesRead)
        if (this.head.length < headSize) this.head = Buffer.concat([this.head, chunk]).subarray(0, headSize)
        this.#at += bytesRead
        if (bytesRead > 0) {
          looks = 0
          yield chunk
        } else if (next && looks++ >= (next.size > 0 ? lastLooks.whileNewGrows : lastLooks.whileNewIsEmpty))
          return
        if (bytesRead === chunkSize) continue
        yield null
        await this.#pause()
        this.isTruncated = await this.#isRewritten(this.#at)
        if (this.isTruncated) throw new Truncated(`${this.#name} was emptied`)
        next = await this.#successor()
      }
    } finally {
      await this.#file.close()
    }
  }

  async #isRewritten(at: number): Promise<boolean> {
    const { size } = await this.#file.stat()
    if (size < at) return true
    const { buffer } = await this.#file.read(Buffer.alloc(this.head.length), 0, this.head.length, 0)
    return !buffer.equals(this.head)
  }

  /** The new file of this name; null while there is none. */
  async #successor(): Promise<Stats | null> {
    const there = statSync(this.#name, { throwIfNoEntry: false })
    return there && there.ino !== (await this.#file.stat()).ino ? there : null
  }
}

/** The file beside a log that begins as the log did before it was emptied; null if there is none. */
function copyOf(name: string, head: Buffer): string | null {
  const [folder, own] = [dirname(name), basename(name)]
  const others = readdirSync(folder, { withFileTypes: true })
    .filter(
      (entry) => entry.isFile() && /^[.-]/.test(entry.name.slice(own.length)) && entry.name.startsWith(own)
    )
    .map((entry) => join(folder, entry.name))
  return others.find((file) => beginsWith(file, head)) ?? null
}

function beginsWith(file: string, head: Buffer): boolean {
  const descriptor = openSync(file, 'r')
  try {
    const start = Buffer.alloc(head.length)
    return readSync(descriptor, start, 0, head.length, 0) === head.length && start.equals(head)
  } finally {
    closeSync(descriptor)
  }
}

async function* contentOf(file: string, start = 0): AsyncGenerator<Uint8Array> {
  const handle = await open(file)
  yield* handle.createReadStream({ start, highWaterMark: chunkSize })
}
