import { rmSync } from 'node:fs'
import { statementsOf, type Connection } from '#lib/engine/connection.ts'
import { readClauses, traffics, type Selection } from '#lib/filter/filter.ts'
import { chooseInterval } from '#lib/time/buckets.ts'
import { columns } from '#lib/schema/hit.ts'
import { readPeriod } from '#lib/time/range.ts'
import { openNative } from '../test/engine/native.ts'
import { questionsOf, viewsOf } from './flat/flat.ts'

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
/** As the page has it. */
const mostBuckets = 200
/** Up to so many hits are put aside when a filter leaves only them, if there are four times as many. */
const mostChosen = 50_000

/** Native DuckDB on one thread, over a flat file of the same rows, asked what the page asks, in the SQL for such. */
export class Peer {
  readonly #connection: Connection

  private constructor(connection: Connection) {
    this.#connection = connection
  }

  static async open(file: string): Promise<Peer> {
    return new Peer(await openNative(file))
  }

  /** Reads parts, newest first, into one table, then to disk. */
  static async load(file: string, parts: readonly string[]): Promise<Peer> {
    for (const old of [file, `${file}.wal`]) rmSync(old, { force: true })
    const connection = await openNative(file)
    const list = columns.map(({ name, type }) => `"${name}" ${type}`).join(', ')
    await connection.run(`CREATE TABLE hits (${list})`)
    for (const part of parts)
      await connection.run(
        `INSERT INTO hits BY NAME SELECT * FROM read_parquet('${part}', hive_partitioning = false)`
      )
    await connection.run('CHECKPOINT')
    return new Peer(connection)
  }

  /** Asks what the page asks under an address: the milliseconds of the queries, and with their macros. */
  async ask(address: string): Promise<{ engine: number; whole: number }> {
    const selection = selectionOf(address)
    const start = performance.now()
    const { all, few } = viewsOf(selection, { zone, interval: chooseInterval(selection, mostBuckets) })
    await this.#tell(all)
    const told = performance.now()
    if (few && (await this.#isFew())) {
      await this.#connection.run(`CREATE OR REPLACE TEMP TABLE chosen AS FROM selected('', 'whole')`)
      await this.#tell(few)
    }
    for (const sql of questionsOf(selection)) await this.#connection.ask(sql)
    return { engine: performance.now() - told, whole: performance.now() - start }
  }

  async #isFew(): Promise<boolean> {
    const most = `least(${mostChosen}, (SELECT count(*) FROM hits) // 4)`
    const { rows } = await this.#connection.run(
      `SELECT count(*) <= ${most} FROM (SELECT 1 FROM selected('', 'whole') LIMIT ${mostChosen + 1})`
    )
    return rows[0]![0] === true
  }

  async #tell(script: string) {
    for (const sql of statementsOf(script)) await this.#connection.run(sql)
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
