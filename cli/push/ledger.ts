import { mkdirSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { mostBytes } from '../../src/lib/push/cut.ts'
import type { Cut, Cuts, KnownCut } from '../../src/lib/push/walk.ts'
import { addColumns, forgetOld, refreshed } from './old-notes.ts'

const schema = readFileSync(fileURLToPath(new URL('ledger.sql', import.meta.url)), 'utf8')

/** The folder for what `push` remembers on this machine. */
export const stateFolder = (): string =>
  join(process.env.XDG_STATE_HOME || join(homedir(), '.local/state'), 'loggia')

/**
 * Which batches were cut and which of them were stored. A cut is written before its batch is sent: after a crash the
 * batch is sent as it was, and the Worker knows it by its key. Notes of logs that were not met for a year go. Several
 * processes may use one ledger.
 */
export class Ledger implements Cuts {
  readonly #database: DatabaseSync
  readonly #destination: string
  readonly #now: () => number

  private constructor(database: DatabaseSync, destination: string, now: () => number) {
    this.#database = database
    this.#destination = destination
    this.#now = now
    database.exec('pragma busy_timeout = 10000')
    this.#inTransaction(() => {
      database.exec(schema)
      addColumns(database, now())
      forgetOld(database, now())
    })
  }

  /** Opens the ledger of a destination, which is made where it is missing. `now` is ms since 1970. */
  static open(folder: string, destination: string, now: () => number): Ledger {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const database = new DatabaseSync(join(folder, 'push.db'))
    database.exec('pragma journal_mode = wal; pragma synchronous = full')
    return new Ledger(database, destination, now)
  }

  /** A ledger that knows nothing, and is forgotten. */
  static empty(): Ledger {
    return new Ledger(new DatabaseSync(':memory:'), '', () => 0)
  }

  /** The batches that begin after this content, the shortest first. */
  after(before: string): KnownCut[] {
    const rows = this.#database
      .prepare(
        'select start, stop, after, done from cut where destination = ? and before = ? order by stop, done desc'
      )
      .all(this.#destination, before)
    return rows.map(({ start, stop, after, done }) => ({
      before,
      start: Number(start),
      stop: Number(stop),
      after: String(after),
      isDone: done === 1
    }))
  }

  add({ before, start, stop, after }: Cut): void {
    this.#database
      .prepare(
        'insert or ignore into cut (destination, before, start, stop, after, seen) values (?, ?, ?, ?, ?, ?)'
      )
      .run(this.#destination, before, start, stop, after, this.#now())
  }

  /** Keeps the notes of a log for another year, by the end of its last batch. */
  meet(end: string): void {
    const now = this.#now()
    this.#database
      .prepare('update cut set seen = ? where destination = ? and after = ? and seen < ?')
      .run(now, this.#destination, end, now - refreshed)
  }

  /** Marks a batch as stored. Returns false if it was so already. */
  finish(cut: Cut): boolean {
    const { changes } = this.#database
      .prepare('update cut set done = 1 where destination = ? and before = ? and after = ? and done = 0')
      .run(this.#destination, cut.before, cut.after)
    if (changes > 0) this.#join(cut)
    return changes > 0
  }

  /** Joins a batch to the one before it: a log that is followed has a batch every few seconds. */
  #join({ before, start, stop, after }: Cut): void {
    const [first, ...others] = this.#database
      .prepare('select before, start from cut where destination = ? and after = ? and done = 1')
      .all(this.#destination, before)
    if (start === 0 || first === undefined || others.length > 0 || stop - Number(first.start) > mostBytes)
      return
    this.#inTransaction(() => {
      const forget = this.#database.prepare(
        'delete from cut where destination = ? and before = ? and after = ?'
      )
      forget.run(this.#destination, before, after)
      forget.run(this.#destination, String(first.before), before)
      this.#database
        .prepare('insert or replace into cut values (?, ?, ?, ?, ?, 1, ?)')
        .run(this.#destination, String(first.before), Number(first.start), stop, after, this.#now())
    })
  }

  /** The stamp that a source had when everything of it was sent, empty if only a part was; null if nothing was. */
  stampOf(name: string): string | null {
    const row = this.#database
      .prepare('select stamp from source where destination = ? and name = ?')
      .get(this.#destination, name)
    return row === undefined ? null : String(row.stamp)
  }

  noteBegun(name: string): void {
    this.#database
      .prepare("insert or ignore into source (destination, name, stamp, seen) values (?, ?, '', ?)")
      .run(this.#destination, name, this.#now())
  }

  /** Notes that everything of a source was sent, up to the end of its last batch. */
  noteWhole(name: string, stamp: string, end: string): void {
    this.#database
      .prepare('insert or replace into source (destination, name, stamp, seen, "end") values (?, ?, ?, ?, ?)')
      .run(this.#destination, name, stamp, this.#now(), end)
  }

  /** Keeps the notes of a source that has not changed, and of its log, for another year. */
  meetSource(name: string): void {
    const now = this.#now()
    const [source] = this.#database
      .prepare('update source set seen = ? where destination = ? and name = ? and seen < ? returning "end"')
      .all(now, this.#destination, name, now - refreshed)
    if (source) this.meet(String(source.end))
  }

  #inTransaction(work: () => void): void {
    this.#database.exec('begin immediate')
    try {
      work()
      this.#database.exec('commit')
    } catch (error) {
      this.#database.exec('rollback')
      throw error
    }
  }

  close(): void {
    this.#database.close()
  }
}
