import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { readFileSync } from 'node:fs'
import type { Bucket, SqlValue, Storage, Surroundings } from '../../workers/store/storage.ts'
import { migrate } from '../../workers/store/migrate.ts'
import { writeState } from '../../workers/store/state.ts'

const schema = readFileSync(new URL('../../workers/store/schema.sql', import.meta.url), 'utf8')

type Plain = string | number | null | Uint8Array

/** The store's storage on Node's own SQLite, with its tables. */
export function openStorage(file = ':memory:'): Storage {
  const storage = storageOn(new DatabaseSync(file))
  migrate(storage, schema)
  return storage
}

/** A database as the store's storage: the same statements as in a Durable Object. */
export function storageOn(database: DatabaseSync): Storage {
  const statements = new Map<string, StatementSync>()
  const statement = (query: string) => {
    const known = statements.get(query) ?? database.prepare(query)
    statements.set(query, known)
    return known
  }
  return {
    sql<Row>(query: string, ...bindings: SqlValue[]) {
      if (bindings.length) return statement(query).all(...(bindings as Plain[])) as Row[]
      // As in a Durable Object, several statements may come at once where nothing is bound.
      if (!query.includes(';')) return statement(query).all() as Row[]
      database.exec(query)
      return []
    },
    transaction(work) {
      database.exec('begin')
      try {
        const result = work()
        database.exec('commit')
        return result
      } catch (error) {
        database.exec('rollback')
        throw error
      }
    }
  }
}

/** A bucket in memory that, like R2 under our condition, never overwrites. */
export class MemoryBucket implements Bucket {
  readonly objects = new Map<string, { bytes: Uint8Array; sha256: string; uploaded: number }>()
  readonly #now: () => number

  constructor(now: () => number = Date.now) {
    this.#now = now
  }

  async put(key: string, bytes: Uint8Array, sha256: string): Promise<void> {
    if (this.objects.has(key)) throw new Error(`object ${key} is already in the bucket`)
    this.objects.set(key, { bytes: bytes.slice(), sha256, uploaded: this.#now() })
  }

  async head(key: string) {
    const object = this.objects.get(key)
    return object ? { bytes: object.bytes.length, sha256: object.sha256 } : null
  }

  async get(key: string, range?: { from: number; to: number }) {
    return this.objects.get(key)?.bytes.slice(range?.from, range?.to) ?? null
  }

  /** Two at a time, so that whoever lists must ask for more. */
  async list(prefix: string, next = '') {
    const keys = [...this.objects.keys()].filter((key) => key.startsWith(prefix) && key > next).sort()
    const objects = keys.slice(0, 2).map((key) => {
      const { bytes, uploaded } = this.objects.get(key)!
      return { key, bytes: bytes.length, uploaded }
    })
    return { objects, next: keys.length > 2 ? keys[1]! : null }
  }

  async delete(keys: string[]) {
    for (const key of keys) this.objects.delete(key)
  }
}

/** When it is in these tests, unless they say otherwise. */
export const noon = Date.parse('2026-11-21T12:00:00Z')

/** Surroundings with a clock and names under the test's control. */
export function surroundings(now = noon) {
  const storage = openStorage()
  writeState(storage, 'site', 'example')
  let names = 0
  const clock = { now }
  const bucket = new MemoryBucket(() => clock.now)
  const around: Surroundings = {
    site: 'example',
    storage,
    bucket,
    boot: null,
    now: () => clock.now,
    name: () => `part${String(names++).padStart(12, '0')}`,
    pause: async () => {}
  }
  return { around, storage, bucket, clock }
}
