import { rmSync } from 'node:fs'
import type { Connection } from '#lib/data/connection.ts'
import { readClauses, traffics, type Selection } from '#lib/data/filter.ts'
import { chooseInterval } from '#lib/data/period.ts'
import { Query } from '#lib/data/query.ts'
import { Store } from '#lib/data/store.ts'
import { rollUps } from '#lib/panels/rolled/rolls.ts'
import { readPeriod } from '#lib/state/range.ts'
import { openNative } from '../test/data/native.ts'

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
/** What a Query asks of itself, before what it is asked. */
const isOwn = (sql: string) => /TEMP TABLE chosen|'whole'/.test(sql)
/** As the page has it. */
const mostBuckets = 200

/** Native DuckDB on one thread, over a file of the same rows, asked what the page asks. */
export class Peer {
  readonly #connection: Connection

  private constructor(connection: Connection) {
    this.#connection = connection
  }

  static async open(file: string): Promise<Peer> {
    return new Peer(await openNative(file))
  }

  /** Reads parts, as the page does: newest first, into the same table, then to disk. */
  static async load(file: string, parts: readonly string[]): Promise<Peer> {
    for (const old of [file, `${file}.wal`]) rmSync(old, { force: true })
    const connection = await openNative(file)
    const store = new Store(connection)
    await store.open('peer')
    // They stay empty: the peer looks at every hit.
    await store.openRolls(rollUps)
    for (const part of parts)
      await connection.run(
        `INSERT INTO hits BY NAME SELECT * FROM read_parquet('${part}', hive_partitioning = false)`
      )
    await connection.run('CHECKPOINT')
    return new Peer(connection)
  }

  /** Asks under an address what the page asked there: the milliseconds of the queries, and with their macros. */
  async ask(address: string, questions: readonly string[]): Promise<{ engine: number; whole: number }> {
    const selection = selectionOf(address)
    const query = new Query(this.#connection)
    const start = performance.now()
    await query.select(selection, { zone, interval: chooseInterval(selection, mostBuckets) })
    for (const sql of questions) if (!isOwn(sql)) await query.ask(sql)
    return { engine: query.spent.ms, whole: performance.now() - start }
  }

  close(): Promise<void> {
    return this.#connection.close()
  }
}

function selectionOf(address: string): Selection {
  const { searchParams } = new URL(address)
  const traffic = traffics.find((name) => name === searchParams.get('t')) ?? 'all'
  const period = readPeriod(searchParams.get('p') ?? '', Date.now(), null)
  return { ...period, traffic, clauses: readClauses(searchParams) }
}
