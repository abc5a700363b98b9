import { answered } from './answered.ts'
import { thisBoot } from './boot.ts'
import type { Meter } from './operations.ts'
import { readState } from './state.ts'
import type { Bucket, SqlValue, Storage, Surroundings } from './storage.ts'

/** What the core of the store touches, as a Durable Object and R2 have it; the meter counts what is billed of it. */
export function surroundingsOf(storage: Storage, env: Env, meter: Meter): Surroundings {
  return {
    get site() {
      return readState(storage, 'site') ?? ''
    },
    storage,
    bucket: bucketOf(env.PARTS, meter),
    boot: 'LOGGIA_EMBEDDED' in env ? thisBoot(randomName) : null,
    now: () => Date.now(),
    name: randomName,
    pause: () => scheduler.wait(1)
  }
}

/** The SQLite of a Durable Object. */
export function storageOf(ctx: DurableObjectState, meter: Meter): Storage {
  return {
    sql<Row>(query: string, ...bindings: SqlValue[]) {
      const cursor = ctx.storage.sql.exec(query, ...bindings)
      const rows = cursor.toArray() as Row[]
      meter.add('row_read', cursor.rowsRead)
      meter.add('row_written', cursor.rowsWritten)
      return rows
    },
    transaction: (work) => ctx.storage.transactionSync(work)
  }
}

function bucketOf(bucket: R2Bucket, meter: Meter): Bucket {
  return {
    async put(key, bytes, sha256) {
      meter.add('object_put')
      // R2 answers a failed precondition with null, not with an error.
      const options = { onlyIf: { etagDoesNotMatch: '*' }, sha256 }
      const stored = await answered(`put ${key}`, bucket.put(key, bytes, options))
      if (stored === null) throw new Error(`object ${key} is already in the bucket`)
    },
    async head(key) {
      meter.add('object_read')
      const object = await answered(`head ${key}`, bucket.head(key))
      return object && { bytes: object.size, sha256: object.checksums.toJSON().sha256 ?? null }
    },
    async get(key, range) {
      meter.add('object_read')
      const part = range && { range: { offset: range.from, length: range.to - range.from } }
      return answered(`get ${key}`, read(bucket, key, part))
    },
    async list(prefix, cursor) {
      // Listing is billed like putting, deleting is free.
      meter.add('object_put')
      const page = await answered(`list ${prefix}`, bucket.list({ prefix, cursor }))
      const objects = page.objects.map(({ key, size, uploaded }) => ({
        key,
        bytes: size,
        uploaded: uploaded.getTime()
      }))
      return { objects, next: page.truncated ? page.cursor : null }
    },
    delete: (keys) => answered(`delete ${keys.length} objects`, bucket.delete(keys))
  }
}

/** The bytes of an object; null where there is none. */
async function read(bucket: R2Bucket, key: string, options?: R2GetOptions): Promise<Uint8Array | null> {
  const object = await bucket.get(key, options)
  return object && new Uint8Array(await object.arrayBuffer())
}

const letters = 'abcdefghijklmnopqrstuvwxyz012345'

/** 16 letters out of 32: 80 random bits. */
export function randomName(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => letters[byte & 31]).join('')
}
