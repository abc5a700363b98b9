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

/**
 * The logs that a file is, one after the other: when it is renamed and recreated, and when it is emptied in place,
 * the next one begins. Each is to be read to its end before the next; `pause` resolves when it is time to look again.
 */
export async function* follow(name: string, pause: () => Promise<void>): AsyncGenerator<Chunks> {
  for (;;) {
    const file = await openAgain(name, pause)
    const followed = new Followed(name, file, pause)
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
    try {
      return await open(name)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
    await pause()
  }
}

/** One file, by whatever name. */
class Followed {
  readonly #name: string
  readonly #file: FileHandle
  readonly #pause: () => Promise<void>
  head = Buffer.alloc(0)
  isTruncated = false

  constructor(name: string, file: FileHandle, pause: () => Promise<void>) {
    this.#name = name
    this.#file = file
    this.#pause = pause
  }

  async *chunks(): AsyncGenerator<Uint8Array | null> {
    try {
      let looks = 0
      let next: Stats | null = null
      for (let at = 0; ;) {
        const { bytesRead, buffer } = await this.#file.read(Buffer.allocUnsafe(chunkSize), 0, chunkSize, at)
        const chunk = buffer.subarray(0, bytesRead)
        if (at < headSize) this.head = Buffer.concat([this.head, chunk]).subarray(0, headSize)
        at += bytesRead
        if (bytesRead > 0) {
          looks = 0
          yield chunk
        } else if (next && looks++ >= (next.size > 0 ? lastLooks.whileNewGrows : lastLooks.whileNewIsEmpty))
          return
        if (bytesRead === chunkSize) continue
        yield null
        await this.#pause()
        this.isTruncated = await this.#isRewritten(at)
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

async function* contentOf(file: string): AsyncGenerator<Uint8Array> {
  const handle = await open(file)
  yield* handle.createReadStream({ highWaterMark: chunkSize })
}
