import { randomBytes } from 'node:crypto'
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync
} from 'node:fs'
import { join } from 'node:path'
import type { Bucket, Surroundings } from '../../workers/store/storage.ts'
import { writeState } from '../../workers/store/state.ts'
import { openStorage } from './memory.ts'

/** A bucket in a folder: what it holds takes no memory of the process, and outlives it. */
class FolderBucket implements Bucket {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
    mkdirSync(folder, { recursive: true })
  }

  async put(key: string, bytes: Uint8Array, sha256: string) {
    writeFileSync(this.file(key), bytes, { flag: 'wx' })
    writeFileSync(`${this.file(key)}.sha256`, sha256)
  }

  async head(key: string) {
    const file = this.file(key)
    if (!existsSync(file)) return null
    return { bytes: statSync(file).size, sha256: readFileSync(`${file}.sha256`, 'utf8') }
  }

  async get(key: string, range?: { from: number; to: number }) {
    const file = this.file(key)
    if (!existsSync(file)) return null
    if (!range) return new Uint8Array(readFileSync(file))
    const bytes = new Uint8Array(range.to - range.from)
    const descriptor = openSync(file, 'r')
    try {
      return bytes.subarray(0, readSync(descriptor, bytes, 0, bytes.length, range.from))
    } finally {
      closeSync(descriptor)
    }
  }

  async list(prefix: string) {
    const keys = readdirSync(this.#folder).map(decodeURIComponent)
    const objects = keys
      .filter((key) => key.startsWith(prefix) && !key.endsWith('.sha256'))
      .map((key) => {
        const { size, mtimeMs } = statSync(this.file(key))
        return { key, bytes: size, uploaded: mtimeMs }
      })
    return { objects, next: null }
  }

  async delete(keys: string[]) {
    for (const key of keys) for (const end of ['', '.sha256']) rmSync(this.file(key) + end, { force: true })
  }

  file(key: string): string {
    return join(this.#folder, encodeURIComponent(key))
  }
}

/** Surroundings that lie in a folder, where another process finds them again. */
export function surroundingsIn(folder: string, now: number) {
  const bucket = new FolderBucket(join(folder, 'bucket'))
  const storage = openStorage(join(folder, 'store.sqlite'))
  writeState(storage, 'site', 'example')
  const around: Surroundings = {
    site: 'example',
    storage,
    bucket,
    boot: null,
    now: () => now,
    name: () => randomBytes(8).toString('hex'),
    pause: async () => {}
  }
  return { around, storage, bucket }
}
