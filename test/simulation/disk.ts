import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'

/**
 * The SQLite of one Durable Object. What was written since the last `commit` is lost in a crash, as on the platform,
 * whose output gate lets nobody know of it before.
 */
export class Disk {
  readonly #database = new DatabaseSync(':memory:')
  #statements = new Map<string, StatementSync>()
  #isOpen = false
  #depth = 0

  constructor() {
    this.exec('create table alarm (time integer not null, generation integer primary key)')
    this.commit()
  }

  exec(query: string, ...bindings: unknown[]): Record<string, unknown>[] {
    if (kindOf(query) !== 'read') this.#open()
    // Several statements may come at once where nothing is bound.
    if (!bindings.length && !this.#statements.has(query) && query.includes(';')) {
      this.#database.exec(query)
      return []
    }
    return this.#statement(query).all(...(bindings as SQLInputValue[])) as Record<string, unknown>[]
  }

  transaction<T>(work: () => T): T {
    this.#open()
    const name = `step${this.#depth++}`
    this.#database.exec(`savepoint ${name}`)
    try {
      return work()
    } catch (error) {
      this.#database.exec(`rollback to ${name}`)
      throw error
    } finally {
      this.#database.exec(`release ${name}`)
      this.#depth--
    }
  }

  /** Nothing is written that could be lost. */
  get isDurable(): boolean {
    return !this.#isOpen
  }

  get isInTransaction(): boolean {
    return this.#depth > 0
  }

  commit(): void {
    if (this.#isOpen) this.#database.exec('commit')
    this.#isOpen = false
  }

  rollback(): void {
    if (this.#isOpen) this.#database.exec('rollback')
    this.#isOpen = false
  }

  /** All of it, for `restore`. */
  save(): Uint8Array {
    return this.#database.serialize()
  }

  /** Takes it back to what was saved. */
  restore(saved: Uint8Array): void {
    this.rollback()
    this.#statements.clear()
    this.#database.deserialize(saved)
  }

  #open(): void {
    if (!this.#isOpen) this.#database.exec('begin')
    this.#isOpen = true
  }

  #statement(query: string): StatementSync {
    let known = this.#statements.get(query)
    if (!known) this.#statements.set(query, (known = this.#database.prepare(query)))
    return known
  }
}

type Kind = 'read' | 'insert' | 'change'

const kinds = new Map<string, Kind>()

/** What a statement does. */
export function kindOf(query: string): Kind {
  let kind = kinds.get(query)
  if (kind) return kind
  const word = /^\s*(\w+)/.exec(query)?.[1]?.toLowerCase()
  kind = word === 'select' || word === 'pragma' ? 'read' : word === 'insert' ? 'insert' : 'change'
  kinds.set(query, kind)
  return kind
}
