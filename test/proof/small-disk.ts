import { execFileSync } from 'node:child_process'
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmdirSync, statfsSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const block = Buffer.alloc(1 << 16)

/** A file system in memory of so many MiB, and a file that takes what is left of it. Only root may mount one. */
export class SmallDisk {
  readonly path = mkdtempSync(join(tmpdir(), 'loggia-disk-'))
  readonly #filler: number
  #filled = 0

  constructor(mb: number) {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mb}m`, 'tmpfs', this.path])
    this.#filler = openSync(join(this.path, 'filler'), 'w')
  }

  /** Bytes that are left. */
  get free(): number {
    const { bavail, bsize } = statfsSync(this.path)
    return bavail * bsize
  }

  /** Grows or cuts the filler, so that so many bytes are left; less where others write meanwhile. */
  leave(bytes: number): void {
    const over = this.free - bytes
    if (over < 0) this.#cut(Math.max(0, this.#filled + over))
    else this.#grow(over)
  }

  /** Cuts the filler to nothing. */
  clear(): void {
    this.#cut(0)
  }

  #cut(bytes: number): void {
    ftruncateSync(this.#filler, bytes)
    this.#filled = bytes
  }

  #grow(bytes: number): void {
    try {
      for (let left = bytes; left > 0; left -= block.length)
        this.#filled += writeSync(this.#filler, block, 0, Math.min(left, block.length), this.#filled)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
    }
  }

  unmount(): void {
    closeSync(this.#filler)
    execFileSync('umount', [this.path])
    rmdirSync(this.path)
  }
}
