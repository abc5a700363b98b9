import { decidedOf } from '#lib/ask/decided.ts'
import { toObjects, type Bound, type Connection } from '#lib/engine/connection.ts'
import { noRulings, type OwnRule, type Rulings } from '#lib/schema/rulings.ts'
import type { Problem } from '#lib/verdict/condition.ts'
import {
  alone,
  countSummonedSql,
  namedSql,
  seenSql,
  summonSql,
  surroundingsSql,
  verdictsSql
} from '#lib/verdict/judge.ts'
import type { Docket, Share, Surroundings } from '#lib/verdict/judge.ts'
import { kinds } from '#lib/verdict/kinds.ts'
import type { Rule } from '#lib/verdict/rules.ts'
import { applyRule, checkCondition, ownEvidenceSql } from './own-rules.ts'

/** Why rules of the owner are left out, by their names. */
export type LeftOut = Readonly<Record<string, string>>

/** What a rule would do on this device. */
export interface Trial {
  problem: Problem | null
  /** On how many visitors it has evidence. */
  found: number
}

/** Hits that are judged at a time, in some 40 MB. Each time leaves 20 MB in use until the transaction ends. */
const atOnce = 250_000

/** Judges the visitors whose hits are on the device: by rules, by the owner's word, and by what the others do. */
export class Judge {
  readonly #connection: Connection
  readonly #rules: readonly Rule[]
  readonly #mostHits: number
  #surroundings = alone
  /** Whether all visitors were judged by the same. */
  #isWhole = true
  #rulings = noRulings
  #leftOut: LeftOut = {}
  /** The owner's rules that are wrong, or were too slow or failed since the device was opened. */
  #skipped: ReadonlySet<string> = new Set()

  constructor(connection: Connection, rules: readonly Rule[], mostHits = atOnce) {
    this.#connection = connection
    this.#rules = rules
    this.#mostHits = mostHits
  }

  /** Whether all visitors were judged by what the owner says. */
  isBy(rulings: Rulings): boolean {
    return this.#isWhole && JSON.stringify(this.#rulings) === JSON.stringify(rulings)
  }

  /** What the owner has last said. */
  get rulings(): Rulings {
    return this.#rulings
  }

  get leftOut(): LeftOut {
    return this.#leftOut
  }

  /** Finds what visitors were judged by: at the start, and after a transaction that was undone. */
  async open(): Promise<void> {
    const [kept] = await this.#rows<{ rulings: string; surroundings: string; left_out: string }>(
      'SELECT * FROM judged_by'
    )
    this.#isWhole = kept !== undefined || (await this.#isEmpty())
    this.#surroundings = kept ? (JSON.parse(kept.surroundings) as Surroundings) : alone
    await this.adopt(kept ? (JSON.parse(kept.rulings) as Rulings) : noRulings)
    this.#leftOut = { ...(kept ? (JSON.parse(kept.left_out) as LeftOut) : {}), ...this.#leftOut }
  }

  /** Checks the owner's rules, before the transaction that judges by them: a refusal would end it. */
  async adopt(rulings: Rulings): Promise<void> {
    const wrong: Record<string, string> = {}
    for (const rule of rulings.rules ?? []) {
      const isKnown = kinds.some(({ name }) => name === rule.for)
      const problem = await checkCondition(this.#connection, rule.test)
      if (!isKnown) wrong[rule.name] = `This version knows no verdict “${rule.for}”.`
      else if (problem) wrong[rule.name] = problem.message
    }
    this.#rulings = rulings
    this.#leftOut = wrong
    this.#skipped = new Set(Object.keys(wrong))
  }

  /** Whether nobody was judged yet. */
  async #isEmpty(): Promise<boolean> {
    return !(await this.#rows('SELECT 1 FROM verdicts LIMIT 1')).length
  }

  /** Judges within a transaction. True if the surroundings of all visitors are others now, so that all are to be judged again. */
  async judge(docket: Docket): Promise<boolean> {
    if (!docket.days.length) return false
    const before = this.#leftOut
    // The first visitors would be judged twice: their hits tell already whether the log has assets.
    const isFirst = this.#isWhole && (await this.#isEmpty()) && (await this.#lookAround())
    await this.#judgeOnce(docket)
    if ((isFirst || before !== this.#leftOut) && this.#isWhole) await this.#keep()
    return (await this.#lookAround()) || !this.#isWhole
  }

  /**
   * Judges all visitors again, some days at a time, each time in a transaction that `change` makes: memory has no room for
   * all. If it is broken off, all are judged again another time.
   */
  async judgeAll(
    change: (days: readonly string[], judge: () => Promise<void>) => Promise<void>
  ): Promise<void> {
    this.#isWhole = false
    await this.#connection.run('DELETE FROM judged_by')
    await this.#lookAround()
    for (const days of await this.#stretches()) await change(days, () => this.#judgeOnce({ days }))
    await this.#keep()
    this.#isWhole = true
  }

  /** Days that follow each other, as many as may be judged at a time. */
  async #stretches(): Promise<string[][]> {
    const sql =
      'SELECT time::DATE::VARCHAR AS day, count(*)::DOUBLE AS hits FROM hits GROUP BY ALL ORDER BY day'
    const stretches: string[][] = []
    let room = 0
    for (const { day, hits } of await this.#rows<{ day: string; hits: number }>(sql)) {
      if (hits > room || !stretches.length) {
        stretches.push([])
        room = this.#mostHits
      }
      stretches.at(-1)!.push(day)
      room -= hits
    }
    return stretches
  }

  /** Tests a rule on all visitors, and changes nothing. */
  async try(rule: OwnRule, days: readonly string[]): Promise<Trial> {
    const problem = await checkCondition(this.#connection, rule.test)
    if (problem || !days.length) return { problem, found: 0 }
    let [found, why] = [0, null as string | null]
    await this.#inShares({ days }, async (share) => {
      if (why !== null) return
      for (const sql of seenSql(this.#surroundings, { days }, share)) await this.#connection.run(sql)
      await this.#connection.run(namedSql)
      await this.#connection.run(ownEvidenceSql)
      why = await applyRule(this.#connection, rule)
      const [evidence] = await this.#rows<{ found: number }>(
        'SELECT count(*)::DOUBLE AS found FROM own_evidence'
      )
      found += evidence!.found
      await this.#connection.run('DROP TABLE seen; DROP TABLE posing; DROP TABLE conduct; DROP TABLE judged')
    })
    return { problem: why === null ? null : { message: why, at: null }, found }
  }

  /** Goes through the visitors to judge, as many at a time as memory has room for. */
  async #inShares(docket: Docket, judge: (share: Share) => Promise<void>) {
    await this.#connection.run(summonSql(docket))
    const [summoned] = await this.#rows<{ hits: number }>(countSummonedSql(docket))
    const of = Math.ceil(summoned!.hits / this.#mostHits) || 1
    for (let at = 0; at < of; at++) await judge({ at, of })
    await this.#connection.run('DROP TABLE summoned')
  }

  async #judgeOnce(docket: Docket) {
    const { decided, before } = decidedOf(this.#rulings.decisions)
    for (const [sql, values] of before) await this.#connection.run(sql, values)
    const { weights } = this.#rulings
    // A rule that is off has evidence of no points: the page tells what it would say.
    const weighed = <One extends { name: string; weight: number }>(rule: One): One => ({
      ...rule,
      weight: weights[rule.name] ?? rule.weight
    })
    const rules = this.#rules.map(weighed)
    await this.#inShares(docket, async (share) => {
      for (const sql of seenSql(this.#surroundings, docket, share)) await this.#connection.run(sql)
      if (decided.length || this.#rulings.rules?.length) await this.#connection.run(namedSql)
      const own = await this.#applyOwn(weighed)
      for (const sql of verdictsSql({ rules, own, decided }, docket)) await this.#connection.run(sql)
    })
  }

  async #applyOwn(weighed: (rule: OwnRule) => OwnRule): Promise<OwnRule[]> {
    const own = this.#rulings.rules?.filter(({ name }) => !this.#skipped.has(name)) ?? []
    if (!own.length) return []
    await this.#connection.run(ownEvidenceSql)
    for (const rule of own) {
      const why = await applyRule(this.#connection, weighed(rule))
      const { [rule.name]: before, ...others } = this.#leftOut
      if (why !== null) this.#skipped = new Set([...this.#skipped, rule.name])
      if (why !== (before ?? null)) this.#leftOut = why === null ? others : { ...others, [rule.name]: why }
    }
    return own
  }

  /** Whether the surroundings are others than before. They go by evidence that does not depend on them. */
  async #lookAround(): Promise<boolean> {
    const before = this.#surroundings
    const [found] = await this.#rows<Surroundings>(surroundingsSql(before))
    if (JSON.stringify(found) === JSON.stringify(before)) return false
    this.#surroundings = found!
    return true
  }

  async #keep() {
    await this.#connection.run('DELETE FROM judged_by')
    const values = [this.#rulings, this.#surroundings, this.#leftOut].map((value) => JSON.stringify(value))
    await this.#connection.run('INSERT INTO judged_by VALUES (?, ?, ?)', values)
  }

  async #rows<Row>(sql: string, values?: Bound[]): Promise<Row[]> {
    return toObjects<Row>(await this.#connection.run(sql, values))
  }
}
