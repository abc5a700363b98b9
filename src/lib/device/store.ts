import { seqsPerPosition } from '#lib/schema/hit.ts'
import type { Part, Range } from '#lib/schema/manifest.ts'
import { toObjects, type Bound, type Connection } from '#lib/engine/connection.ts'
import type { Period } from '#lib/time/period.ts'
import type { Incoming } from '#lib/star/group.ts'
import { insertGroup } from '#lib/star/insert.ts'
import { overlaps } from '#lib/time/ranges.ts'
import type { RollUps } from '#lib/ask/roll.ts'
import { daysOf, runsOf, unrolledDays } from './rolls.ts'
import { disjointRuns, withoutRanges, withPart, type Held, type Plan } from './sync.ts'
import { findOwnDomains, forgetOwnDomains } from '#lib/star/own-domains.ts'
import { createSql, forgetSql, missingSql, routeSql, splitSql } from '#lib/star/tables.ts'
import { Judge, type LeftOut, type Trial } from './judge.ts'
import { rules, type Rule } from '#lib/verdict/rules.ts'
import type { OwnRule, Rulings } from '#lib/schema/rulings.ts'

/** The UTC days that have roll-ups, and what those were made by. */
const rolledSql = `
  CREATE TABLE IF NOT EXISTS rolled (day VARCHAR NOT NULL);
  CREATE TABLE IF NOT EXISTS rolled_by (name VARCHAR NOT NULL);
`

/** Parts that one statement notes as held. */
const atOnce = 500

/**
 * The hits on the device and what of the log they are, changed together: whatever is cut off, by a kill or by a
 * failed download, leaves the two in agreement, and what is not held is loaded again.
 */
export class Store {
  readonly #connection: Connection
  readonly #judge: Judge
  #held: readonly Held[] = []
  #rolled: ReadonlySet<string> = new Set()

  constructor(connection: Connection, applied: readonly Rule[] = rules) {
    this.#connection = connection
    this.#judge = new Judge(connection, applied)
  }

  get held(): readonly Held[] {
    return this.#held
  }

  /**
   * The UTC days that have roll-ups, another set after every change. A day leaves it before its hits change, and comes
   * once its roll-ups are there: who asks the engine by this set, in one turn, is never told less than there is.
   */
  get rolled(): ReadonlySet<string> {
    return this.#rolled
  }

  /** Makes the tables, or finds them; false when another version of the schema or the engine made them. */
  async open(version: string): Promise<boolean> {
    await this.#connection.run('CREATE TABLE IF NOT EXISTS made_by (version VARCHAR NOT NULL)')
    const [made] = await this.#rows<{ version: string }>('SELECT version FROM made_by')
    if (made && made.version !== version) return false
    await this.#connection.run([createSql, routeSql, rolledSql].join('\n'))
    if (!made) {
      await this.#connection.run(missingSql)
      await this.#connection.run('INSERT INTO made_by VALUES (?)', [version])
    }
    this.#held = await this.#rows<Held>(
      'SELECT day, range_from AS "from", range_to AS "to", revision, part FROM held'
    )
    await this.#judge.open()
    const rolled = await this.#rows<{ day: string }>('SELECT day FROM rolled')
    this.#rolled = new Set(rolled.map(({ day }) => day))
    return true
  }

  /**
   * One transaction: of each part, what was held of its ranges goes and its hits come. `read` may give rows of several
   * parts together.
   */
  async load(
    parts: readonly Part[],
    read: (parts: readonly Part[]) => AsyncIterable<Incoming>
  ): Promise<void> {
    let [isLess, isOther] = [false, false]
    await this.#changeDays(new Set(parts.map(({ day }) => day)), async (held) => {
      for (const run of disjointRuns(parts)) {
        const replaced = run.filter(({ day, ranges }) =>
          held.some((range) => range.day === day && overlaps(ranges, range))
        )
        await this.#delete(replaced)
        isLess ||= replaced.length > 0
        for await (const rows of read(run)) await insertGroup(this.#connection, rows)
        held = run.reduce(withPart, held)
      }
      if (isLess) await this.#forgetWords()
      // Before visitors are judged: whether they follow links within the site counts for them.
      const isFound = await findOwnDomains(this.#connection, this.rulings)
      const docket = { days: daysOfParts(parts), ...(isLess ? {} : { parts }) }
      isOther = (await this.#judge.judge(docket)) || isFound
      return held
    })
    if (isOther) await this.#judgeAll()
  }

  /** One transaction: the hits that no part vouches for any more go. */
  async drop(drops: Plan['drop']): Promise<void> {
    if (!drops.length) return
    let isOther = false
    await this.#changeDays(new Set(drops.map(({ day }) => day)), async (held) => {
      await this.#delete(drops)
      for (const { day, ranges } of drops) held = withoutRanges(held, day, ranges)
      await this.#forgetWords()
      isOther = await this.#judge.judge({ days: daysOfParts(drops) })
      return held
    })
    if (isOther) await this.#judgeAll()
  }

  /** Makes the tables of roll-ups, or finds them; those of an earlier visit that other statements filled go. */
  async openRolls({ name, tables }: RollUps): Promise<void> {
    const [made] = await this.#rows<{ name: string }>('SELECT name FROM rolled_by')
    if (made?.name === name) return
    this.#rolled = new Set()
    // Without a name there are no tables; to look for them takes half a second where the engine has just started.
    const old = made ? await this.#rolledTables() : []
    await this.#transaction(async (held) => {
      const gone = [
        'DELETE FROM rolled',
        'DELETE FROM rolled_by',
        ...old.map((table) => `DROP TABLE ${table}`)
      ]
      await this.#connection.run([...gone, tables].join(';\n'))
      await this.#connection.run('INSERT INTO rolled_by VALUES (?)', [name])
      return held
    })
  }

  async #rolledTables(): Promise<string[]> {
    const tables = await this.#rows<{ name: string }>(
      `SELECT DISTINCT table_name AS name
       FROM duckdb_columns()
       WHERE starts_with(table_name, 'rolled_') AND column_name = 'time'`
    )
    return tables.map(({ name }) => name)
  }

  /** One transaction: a run of days gets its roll-ups; if one has them already, nothing is done. */
  async roll(days: Period, { statements }: RollUps): Promise<void> {
    const added = daysOf(days)
    if (added.some((day) => this.#rolled.has(day))) return
    await this.#transaction(async (held) => {
      for (const sql of statements(days)) await this.#connection.run(sql)
      for (const day of added) await this.#connection.run('INSERT INTO rolled VALUES (?)', [day])
      return held
    })
    this.#rolled = new Set([...this.#rolled, ...added])
  }

  /** The runs of days that are to get roll-ups, newest first. */
  async planRolls(now: number): Promise<Period[]> {
    const days = unrolledDays(this.#held, this.#rolled, now)
    if (!days.length) return []
    const counts = await this.#rows<{ day: string; rows: number }>(
      'SELECT CAST(CAST(time AS DATE) AS VARCHAR) AS day, count(*) AS rows FROM hits GROUP BY ALL'
    )
    const rows = new Map(counts.map(({ day, rows }) => [day, rows]))
    return runsOf(days, (day) => rows.get(day) ?? 0)
  }

  /**
   * What was inserted since the last checkpoint may be gone after a hard kill. In the page no question may be half
   * answered: the engine waits for its end for ever, in the one thread in which it would be answered.
   */
  async checkpoint(): Promise<void> {
    // Refused where there is no room: what was inserted is in memory all the same.
    await this.#connection.run('CHECKPOINT').catch(() => {})
  }

  /** How many hits, and the time of the newest: it is looked for in the newest day, as ten million take a second. */
  async totals(): Promise<{ rows: number; newest: number | null }> {
    if (!this.#held.length) return { rows: 0, newest: null }
    const days = this.#held.map(({ day }) => day).sort()
    const [totals] = await this.#rows<{ rows: number; newest: number | null }>(
      `SELECT count(*) AS rows, (SELECT max(time) FROM hits WHERE time >= CAST(? AS TIMESTAMP)) AS newest FROM hits`,
      [days.at(-1)!]
    )
    return totals!
  }

  /** What is left of a visit may be two. */
  async #delete(drops: readonly { day: string; ranges: readonly Range[] }[]) {
    if (!drops.length) return
    await this.#connection.run('CREATE OR REPLACE TEMP TABLE cut (visit INTEGER)')
    for (const { day, ranges } of drops)
      for (const { from, to } of ranges) {
        const start = Date.parse(day)
        const values = [from * seqsPerPosition, to * seqsPerPosition, start, start + 86_400_000]
        const gone = `FROM hits
         WHERE seq >= CAST(? AS BIGINT) AND seq < CAST(? AS BIGINT)
           AND time >= epoch_ms(CAST(? AS BIGINT)) AND time < epoch_ms(CAST(? AS BIGINT))`
        await this.#connection.run(`INSERT INTO cut SELECT DISTINCT visit ${gone} AND visit > 0`, values)
        await this.#connection.run(`DELETE ${gone}`, values)
      }
    for (const sql of splitSql) await this.#connection.run(sql)
  }

  /** What the owner has last said; kept here, too, for when the server is away. */
  get rulings(): Rulings {
    return this.#judge.rulings
  }

  /** Judges all visitors by these rulings; false if that is what they were judged by. */
  async judgeBy(rulings: Rulings): Promise<boolean> {
    if (this.#judge.isBy(rulings)) return false
    const { own_domains: before } = this.rulings
    const isWhole = this.#judge.isBy(this.rulings)
    if (!isWhole || String(before) !== String(rulings.own_domains))
      await this.#changeDays(new Set(daysOfParts(this.#held)), async (held) => {
        await forgetOwnDomains(this.#connection)
        await findOwnDomains(this.#connection, rulings)
        return held
      })
    await this.#judge.adopt(rulings)
    await this.#judgeAll()
    return true
  }

  /** Several transactions, each of some days. */
  #judgeAll(): Promise<void> {
    return this.#judge.judgeAll((days, judge) =>
      this.#changeDays(new Set(days), async (held) => {
        await judge()
        return held
      })
    )
  }

  /** Why rules of the owner are left out. */
  get leftOut(): LeftOut {
    return this.#judge.leftOut
  }

  /** Tests a rule on all visitors, and changes nothing. */
  tryRule(rule: OwnRule): Promise<Trial> {
    return this.#judge.try(rule, daysOfParts(this.#held))
  }

  /** Deletes the words that only deleted hits had: an erased address must not stay in `words`. */
  async #forgetWords() {
    for (const sql of forgetSql) await this.#connection.run(sql)
  }

  /** The roll-ups of days go with the hits they were made of. */
  async #changeDays(days: ReadonlySet<string>, change: (held: readonly Held[]) => Promise<readonly Held[]>) {
    const before = this.#rolled
    const gone = [...days].filter((day) => before.has(day))
    if (gone.length) this.#rolled = new Set([...before].filter((day) => !days.has(day)))
    try {
      await this.#transaction(async (held) => {
        for (const day of gone) await this.#unroll(day)
        return change(held)
      })
    } catch (error) {
      this.#rolled = before
      throw error
    }
  }

  async #unroll(day: string) {
    await this.#connection.run('DELETE FROM rolled WHERE day = ?', [day])
    for (const table of await this.#rolledTables())
      await this.#connection.run(
        `DELETE FROM ${table} WHERE time >= CAST(? AS TIMESTAMP) AND time < CAST(? AS TIMESTAMP) + INTERVAL 1 DAY`,
        [day, day]
      )
  }

  async #transaction(change: (held: readonly Held[]) => Promise<readonly Held[]>) {
    await this.#connection.run('BEGIN TRANSACTION')
    try {
      const held = await change(this.#held)
      await this.#write(held)
      await this.#connection.run('COMMIT')
      this.#held = held
    } catch (error) {
      await this.#connection.run('ROLLBACK').catch(() => {})
      await this.#judge.open().catch(() => {})
      throw error
    }
  }

  async #write(held: readonly Held[]) {
    const isSame = (a: Held) => (b: Held) =>
      a.day === b.day && a.from === b.from && a.to === b.to && a.revision === b.revision
    for (const { day, from, to } of this.#held.filter((old) => !held.some(isSame(old))))
      await this.#connection.run('DELETE FROM held WHERE day = ? AND range_from = ? AND range_to = ?', [
        day,
        from,
        to
      ])
    const added = held.filter((range) => !this.#held.some(isSame(range)))
    for (let i = 0; i < added.length; i += atOnce) {
      const some = added.slice(i, i + atOnce)
      await this.#connection.run(
        `INSERT INTO held VALUES ${some.map(() => '(?, ?, ?, ?, ?)').join(', ')}`,
        some.flatMap(({ day, from, to, revision, part }) => [day, from, to, revision, part])
      )
    }
  }

  async #rows<Row>(sql: string, values?: Bound[]): Promise<Row[]> {
    return toObjects<Row>(await this.#connection.run(sql, values))
  }
}

const daysOfParts = (parts: readonly { day: string }[]) => [...new Set(parts.map(({ day }) => day))]
