import { readState, writeState } from './state.ts'
import type { SqlValue, Storage } from './storage.ts'

/**
 * Two objects can be alive on one storage: two servers on one folder, or an object that runs on after another one took
 * its place. The newest to write is the writer. What the others hold in memory is out of date, so they write no more.
 */
export class Displaced extends Error {
  /** Nothing of it was done: the same call again is harmless. */
  readonly retryable = true

  constructor() {
    super('another object writes to this storage: try again')
  }
}

interface Fence {
  /** A name that no other object has. */
  name(): string
  /** This object has become the writer: others may have changed what it remembers of storage. */
  onTake(): void
  /** Another object has become the writer; called for each write that is refused. */
  onDisplaced(): void
}

/**
 * The same storage, for one object. Its first write makes it the writer; once another object is the writer, every write
 * throws `Displaced`. The check is in the transaction of the write, so that nothing comes between the two.
 */
export function fence(storage: Storage, { name, onTake, onDisplaced }: Fence): Storage {
  const own = name()
  let isWriter = false
  let isInTransaction = false

  function check(): void {
    if (!isWriter) {
      writeState(storage, 'writer', own)
      onTake()
    } else if (readState(storage, 'writer') !== own) {
      onDisplaced()
      throw new Displaced()
    }
  }

  function transaction<T>(work: () => T): T {
    if (isInTransaction) return storage.transaction(work)
    isInTransaction = true
    try {
      const result = storage.transaction(() => {
        check()
        return work()
      })
      isWriter = true
      return result
    } finally {
      isInTransaction = false
    }
  }

  return {
    sql<Row>(query: string, ...bindings: SqlValue[]) {
      const run = () => storage.sql<Row>(query, ...bindings)
      return isInTransaction || isRead(query) ? run() : transaction(run)
    },
    transaction
  }
}

const isRead = (query: string) => /^\s*(?:select|pragma)\b/i.test(query)
