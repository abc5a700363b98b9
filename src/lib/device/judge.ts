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

  /** Finds what the tables were judged by. */
  async open(): Promise<void> {
    const [kept] = await this.#rows<{ rulings: string }>('SELECT rulings FROM judged_by')
    if (kept) this.#rulings = JSON.parse(kept.rulings) as Rulings
    await this.#lookAround()
  }

  /** Who is judged by what others do is judged anew on all of these days once those do otherwise. */
  async judge(docket: Docket, days: readonly string[]): Promise<void> {
    if (!days.length || !docket.days.length) return
    let next = docket
    // The second time by what the first has found; a third would only tell of sites on the edge.
    for (let times = 0; times < 2; times++) {
      await this.#judgeOnce(next)
      if (!(await this.#lookAround())) return
      next = { days }
    }
  }

  /** Keeps what the owner says and judges all visitors by it, within a transaction; `undo` forgets it if that fails. */
  async judgeBy(rulings: Rulings, days: readonly string[]): Promise<void> {
    this.#rulings = rulings
    await this.#connection.run('DELETE FROM judged_by')
    await this.#connection.run('INSERT INTO judged_by VALUES (?)', [JSON.stringify(rulings)])
    await this.judge({ days }, days)
  }

  undo(rulings: Rulings): void {
    this.#rulings = rulings
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

  /** Whether the surroundings are others than before. */
  async #lookAround(): Promise<boolean> {
    const before = this.#surroundings
    const [found] = await this.#rows<Surroundings>(surroundingsSql(before))
    this.#surroundings = found!
    return found!.hasAssets !== before.hasAssets || found!.isCrowded !== before.isCrowded
  }

  async #rows<Row>(sql: string, values?: Bound[]): Promise<Row[]> {
    return toObjects<Row>(await this.#connection.run(sql, values))
  }
}
