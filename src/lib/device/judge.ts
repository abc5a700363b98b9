import { decidedOf } from '#lib/ask/decided.ts'
import { toObjects, type Bound, type Connection } from '#lib/engine/connection.ts'
import { noRulings, type Rulings } from '#lib/schema/rulings.ts'
import { alone, judgeSql, surroundingsSql, type Docket, type Surroundings } from '#lib/verdict/judge.ts'
import type { Rule } from '#lib/verdict/rules.ts'

/** Judges the visitors whose hits are on the device: by rules, by the owner's word, and by what the others do. */
export class Judge {
  readonly #connection: Connection
  readonly #rules: readonly Rule[]
  #surroundings = alone
  #rulings = noRulings

  constructor(connection: Connection, rules: readonly Rule[]) {
    this.#connection = connection
    this.#rules = rules
  }

  /** What the owner has last said. */
  get rulings(): Rulings {
    return this.#rulings
  }

  /** Finds what visitors were judged by: at the start, and after a transaction that was undone. */
  async open(): Promise<void> {
    const [kept] = await this.#rows<{ rulings: string; surroundings: string }>('SELECT * FROM judged_by')
    this.#rulings = kept ? (JSON.parse(kept.rulings) as Rulings) : noRulings
    this.#surroundings = kept ? (JSON.parse(kept.surroundings) as Surroundings) : alone
  }

  /** Judges within a transaction; visitors of all these days again, once the surroundings of a visitor are others. */
  async judge(docket: Docket, days: readonly string[]): Promise<void> {
    if (!docket.days.length) return
    await this.#judgeOnce(docket)
    if (await this.#lookAround()) await this.#judgeOnce({ days })
  }

  /** Keeps what the owner says, and judges all visitors by it. */
  async judgeBy(rulings: Rulings, days: readonly string[]): Promise<void> {
    this.#rulings = rulings
    await this.#keep()
    await this.judge({ days }, days)
  }

  async #judgeOnce(docket: Docket) {
    const { decided, before } = decidedOf(this.#rulings.decisions)
    for (const [sql, values] of before) await this.#connection.run(sql, values)
    const { weights } = this.#rulings
    // A rule that is off has evidence of no points: the page tells what it would say.
    const rules = this.#rules.map((rule) => ({ ...rule, weight: weights[rule.name] ?? rule.weight }))
    for (const sql of judgeSql({ rules, decided }, this.#surroundings, docket))
      await this.#connection.run(sql)
  }

  /** Whether the surroundings are others than before. They go by evidence that does not depend on them. */
  async #lookAround(): Promise<boolean> {
    const before = this.#surroundings
    const [found] = await this.#rows<Surroundings>(surroundingsSql(before))
    if (found!.hasAssets === before.hasAssets && found!.isCrowded === before.isCrowded) return false
    this.#surroundings = found!
    await this.#keep()
    return true
  }

  async #keep() {
    await this.#connection.run('DELETE FROM judged_by')
    const values = [this.#rulings, this.#surroundings].map((value) => JSON.stringify(value))
    await this.#connection.run('INSERT INTO judged_by VALUES (?, ?)', values)
  }

  async #rows<Row>(sql: string, values?: Bound[]): Promise<Row[]> {
    return toObjects<Row>(await this.#connection.run(sql, values))
  }
}
