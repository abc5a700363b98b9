/** What SQLite takes and gives. Integers stay below 2^53; blobs come back as ArrayBuffer. */
export type SqlValue = string | number | null | ArrayBuffer | Uint8Array

/** The synchronous SQLite of one Durable Object, or of a test. */
export interface Storage {
  /** Runs one statement and returns its rows; several statements only without `bindings`. */
  sql<Row = Record<string, SqlValue>>(query: string, ...bindings: SqlValue[]): Row[]
  /** Runs `work` in one transaction: an exception leaves nothing of it behind. */
  transaction<T>(work: () => T): T
}

interface ObjectFacts {
  bytes: number
  sha256: string | null
}

/** Immutable objects under names that are never used twice. */
export interface Bucket {
  /** Stores a new object; throws when the name is taken or the outcome is not known. */
  put(key: string, bytes: Uint8Array, sha256: string): Promise<void>
  head(key: string): Promise<ObjectFacts | null>
  /** The whole object, or the bytes of it from `from` up to, not including, `to`. */
  get(key: string, range?: { from: number; to: number }): Promise<Uint8Array | null>
  /** Objects under a prefix, some at a time; `next` asks for more. */
  list(prefix: string, next?: string): Promise<{ objects: Listed[]; next: string | null }>
  /** What is not there is no error. */
  delete(keys: string[]): Promise<void>
}

export interface Listed {
  key: string
  bytes: number
  /** Milliseconds since 1970, UTC. */
  uploaded: number
}

/** Everything the core of the store touches. It knows no clock, no randomness and no platform of its own. */
export interface Surroundings {
  site: string
  storage: Storage
  bucket: Bucket
  /** Names this run of the runtime, where a power cut may take objects (local R2 does not fsync); null where it may not. */
  boot: string | null
  /** Milliseconds since 1970, UTC. */
  now(): number
  /** A fresh name of 16 characters out of `a-z0-9`. */
  name(): string
  /** Lets others run: a long step must not delay an append. */
  pause(): Promise<void>
}

/** Stores a new object. When the answer is lost, the object itself tells whether it is there: same size, same hash. */
export async function putOnce(bucket: Bucket, key: string, bytes: Uint8Array, sha256: string): Promise<void> {
  try {
    await bucket.put(key, bytes, sha256)
  } catch (error) {
    const stored = await bucket.head(key)
    if (stored?.bytes !== bytes.length || stored.sha256 !== sha256) throw error
  }
}

/** Lower-case hex of the SHA-256 of `bytes`. */
export async function sha256(bytes: Uint8Array | string): Promise<string> {
  const data = typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes
  const digest = await crypto.subtle.digest('SHA-256', data as Uint8Array<ArrayBuffer>)
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
