import { QueryError, toObjects, type Answer, type Cell, type Connection } from '#lib/engine/connection.ts'
import { operators, type Clause, type Selection } from '#lib/filter/filter.ts'
import type { Member } from '#lib/filter/member.ts'
import type { Timing } from '#lib/time/buckets.ts'
import { checkStatement } from '#lib/engine/statement.ts'
import { mostSql } from './bitmaps.ts'
import { Definitions } from './definitions.ts'
import { countedUnder, rolledVariables, type Question } from './counted.ts'
import { noteQuestion } from './stated.ts'
import { compile, problemOf, type Compiled, type PeriodName, type Variables } from './selected.ts'

/** Thrown by `ask` when the selection changed before the answer was there: not an error to show. */
export class Superseded extends Error {
  override name = 'Superseded'
}

const longestCache = 300
const noDays: ReadonlySet<string> = new Set()
const hourInUtc: Timing = { zone: 'UTC', interval: '1 hour' }

/** Up to so many hits, of four times as many, are put aside when a filter leaves only them: some 25 MB. */
const mostChosen = 50_000
/** Up to so many hits a question is let run to its end: being stoppable costs it as much as it takes. */
const fewHits = 1_500_000

/**
 * One connection: one selection at a time, questions in their order, answers kept by SQL, selection and data.
 *
 * What was asked under an older selection is Superseded. New data does not supersede: an old answer stays on
 * screen until its panel asks again.
 */
export class Query {
  readonly #connection: Connection
  readonly #answers = new Map<string, Promise<Answer>>()
  /** The version of the data that `#answers` are about. */
  #answered = 0
  #queue: Promise<unknown> = Promise.resolve()
  #epoch = 0
  /** The questions in the engine, oldest first. */
  readonly #asked: Promise<unknown>[] = []
  #key = ''
  #variables: Variables = {}
  #applied: { selection: Selection; timing: Timing } | null = null
  #compiled: Compiled | null = null
  /** The selection and version for which `chosen` was last made, or found to be too large. */
  #chosen = ''
  /** The version of the data for which `most_numbers` is set. */
  #measured = -1
  readonly #rolled: () => ReadonlySet<string>
  /** The periods of which roll-ups hold a day. */
  #rolledPeriods: readonly PeriodName[] = []
  readonly #definitions: Definitions
  readonly #problems = new Map<string, string>()
  selection: Selection | null = null
  /** Keys that a text anywhere in a line is looked for in, beside the columns of a line. */
  searched: readonly Member[] = []
  /** Rises whenever rows were added or removed. */
  version = 0
  /** How many hits there are to look through, as far as is known. */
  hits = Infinity
  /** Whether few lines are copied into `chosen` first: two scans, which pay where many questions follow. */
  putsAside = true
  /** Whether a question can be stopped however few hits there are. */
  canAlwaysStop = false
  /** How many questions reached the engine, how many of them roll-ups had a part in, and the milliseconds they took there. */
  readonly spent = { asked: 0, rolled: 0, ms: 0 }

  /** `rolled` gives the days that have roll-ups as of now: another set when they change. */
  constructor(connection: Connection, rolled: () => ReadonlySet<string> = () => noDays) {
    this.#connection = connection
    this.#definitions = new Definitions(connection)
    this.#rolled = rolled
  }

  /** Sets what `selected(own, period)`, `local_time(t)` and `bucket(t)` mean for every `ask` that follows. */
  async select(selection: Selection, timing: Timing = hourInUtc): Promise<void> {
    const { script, lookups, variables } = compile(selection, timing, this.searched)
    const key = JSON.stringify([script, lookups, variables])
    if (key === this.#key) return this.#enqueue(async () => {})
    this.selection = selection
    this.#key = key
    const cancelled = this.cancel()
    // Queued before anything is awaited: a question asked meanwhile goes by the new key, and must come after.
    await this.#enqueue(async () => {
      await cancelled
      await this.#applyWhatHolds(selection, timing)
    }).catch((error) => {
      this.#key = ''
      this.#definitions.forget()
      throw error
    })
  }

  /** Why a clause cannot be asked, or null. Such a clause has no effect, and no panel fails for it. */
  problemOf(clause: Clause): Promise<string | null> {
    return this.#enqueue(() => this.#problemOf(clause))
  }

  async #applyWhatHolds(selection: Selection, timing: Timing) {
    const clauses = []
    for (const clause of selection.clauses) {
      if (clause.disabled || !(await this.#problemOf(clause))) clauses.push(clause)
    }
    this.#applied = { selection, timing }
    this.#compiled = compile({ ...selection, clauses }, timing, this.searched)
    this.#chosen = ''
    await this.#definitions.setVariables({
      ...this.#compiled.variables,
      ...this.#rolledVariables(this.#rolled())
    })
    await this.#definitions.setMacros(this.#compiled.script)
  }

  #rolledVariables(days: ReadonlySet<string>): Variables {
    if (!this.#applied) return {}
    const { variables, periods } = rolledVariables(this.#applied.selection, this.#applied.timing, days)
    this.#rolledPeriods = periods
    return variables
  }

  /** If a filter leaves few hits, copies them into `chosen`, which every question reads then. */
  async #choose() {
    const { script, overChosen, lookups = [] } = this.#compiled ?? {}
    const key = JSON.stringify([this.version, this.#key])
    if (!script || !overChosen || key === this.#chosen) return
    await this.#definitions.setMacros(script)
    await this.#lookUp(lookups)
    this.#chosen = key
    // If copying into `chosen` fails or is cancelled, questions read `hits`.
    if (this.putsAside) await this.#putAside(overChosen).catch(() => {})
  }

  async #putAside(overChosen: string) {
    const most = Math.floor(Math.min(mostChosen, this.hits / 4))
    const few = `SELECT count(*) <= ${most} FROM (SELECT 1 FROM logged('', 'whole') LIMIT ${most + 1})`
    if (!(await this.#send(few)).rows[0]?.[0]) return
    await this.#send(`CREATE OR REPLACE TEMP TABLE chosen AS FROM logged('', 'whole')`)
    await this.#definitions.setMacros(overChosen)
  }

  /** Finds which words, clients and sources pass the filter: once a selection, and again when rows change. */
  async #lookUp(lookups: readonly string[]) {
    if (!lookups.length) return
    const { version } = this
    const script = version === this.#measured ? lookups : [mostSql, ...lookups]
    await this.#connection.run(script.join(';\n'))
    this.#measured = version
  }

  /** Which regular expressions there are only the engine knows. */
  async #problemOf(clause: Clause): Promise<string | null> {
    if (operators[clause.operator].takes !== 'pattern') return problemOf(clause)
    for (const pattern of clause.values) {
      const problem =
        this.#problems.get(pattern!) ??
        (await this.#connection.run(`SELECT regexp_matches('', ?)`, [pattern]).then(
          () => '',
          (error: Error) => error.message.replace(/^.*?Error: |\n[^]*$/g, '')
        ))
      this.#problems.set(pattern!, problem)
      if (problem) return problem
    }
    return null
  }

  /** Sets variables of a panel's own for `getvariable(name)`; they belong to the key of what is asked next. */
  set(variables: Variables): Promise<void> {
    this.#variables = { ...this.#variables, ...variables }
    return this.#enqueue(() => this.#definitions.setVariables(variables))
  }

  /** The rows of one statement, as objects. */
  async ask<Row = Record<string, Cell>>(question: Question): Promise<Row[]> {
    const [selection, variables] = [this.selection, this.#variables]
    const rows = toObjects<Row>(await this.answer(question))
    noteQuestion(rows, { question, selection, variables })
    return rows
  }

  /** The same of an answer that is read once: it is not kept. */
  async once<Row = Record<string, Cell>>(question: Question): Promise<Row[]> {
    return toObjects<Row>(await this.answerOnce(question))
  }

  /** The same with the columns and their types. */
  answerOnce(question: Question): Promise<Answer> {
    const { sql, periods } = this.#sqlOf(question)
    return this.#start(sql, periods)
  }

  /** The rows of one statement with its columns and their types. */
  answer(question: Question): Promise<Answer> {
    const { sql, periods } = this.#sqlOf(question)
    // No answer about older data is ever asked for again, and a live site has newer data every second.
    if (this.version !== this.#answered) this.#answers.clear()
    this.#answered = this.version
    const key = JSON.stringify([this.#key, this.#variables, sql])
    const known = this.#answers.get(key)
    const answer = known ?? this.#start(sql, periods)
    this.#answers.delete(key)
    this.#answers.set(key, answer)
    if (!known) this.#forgetOld()
    answer.catch(() => {
      if (this.#answers.get(key) === answer) this.#answers.delete(key)
    })
    return answer
  }

  /** The statement, and the periods of which it asks roll-ups. */
  #sqlOf(question: Question): { sql: string; periods: readonly PeriodName[] } {
    if (typeof question === 'string') return { sql: question, periods: [] }
    if (!this.selection) throw new Error('Nothing is selected yet. Call select() before you ask.')
    const periods: PeriodName[] = []
    return { sql: question(countedUnder(this.selection, (period) => periods.push(period))), periods }
  }

  /** Stops what runs, where it can be stopped, and drops what waits. */
  async cancel(): Promise<void> {
    this.#epoch++
    if (this.#asked.length && this.#isStoppable) await this.#connection.cancel()
  }

  /** When no question is left to be answered. */
  async calm(): Promise<void> {
    for (let last; last !== this.#queue || this.#asked.length;) {
      last = this.#queue
      await Promise.all([last, ...this.#asked])
    }
  }

  /** Runs `work` while the engine answers nothing; questions asked meanwhile wait. */
  alone(work: () => Promise<void>): Promise<void> {
    return this.#enqueue(async () => {
      await Promise.all(this.#asked)
      await work()
    })
  }

  async close(): Promise<void> {
    await this.cancel()
    await this.#enqueue(() => this.#connection.close())
  }

  get #isStoppable() {
    return this.canAlwaysStop || this.hits > fewHits
  }

  async #start(sql: string, periods: readonly PeriodName[]): Promise<Answer> {
    const epoch = this.#epoch
    const { answer } = await this.#enqueue(async () => {
      // While one is answered the next waits in the engine's worker, which then need not wait for this thread.
      while (this.#asked.length > (this.#isStoppable ? 0 : 1)) await this.#asked[0]
      if (epoch === this.#epoch) await this.#choose()
      // What the engine is told of roll-ups must be true in the turn in which the question is sent.
      for (let days; days !== this.#rolled();)
        await this.#definitions.setVariables(this.#rolledVariables((days = this.#rolled())))
      if (epoch !== this.#epoch) throw new Superseded()
      if (periods.some((period) => this.#rolledPeriods.includes(period))) this.spent.rolled++
      const answer = this.#ask(sql)
      // One that can be stopped is ended by whatever else its connection is told.
      if (this.#isStoppable) await this.#asked.at(-1)
      return { answer }
    })
    return answer.then(
      (rows) => {
        if (epoch !== this.#epoch) throw new Superseded()
        return rows
      },
      (cause) => {
        throw epoch === this.#epoch ? new QueryError(cause, sql) : new Superseded()
      }
    )
  }

  async #ask(sql: string): Promise<Answer> {
    checkStatement(sql)
    this.spent.asked++
    return this.#send(sql)
  }

  #send(sql: string): Promise<Answer> {
    const started = performance.now()
    const answer = this.#isStoppable ? this.#connection.ask(sql) : this.#connection.run(sql)
    const settled = answer
      .catch(() => {})
      .then(() => {
        this.spent.ms += performance.now() - started
        this.#asked.shift()
      })
    this.#asked.push(settled)
    return answer
  }

  #enqueue<T>(job: () => Promise<T>): Promise<T> {
    const done = this.#queue.then(job)
    this.#queue = done.catch(() => {})
    return done
  }

  #forgetOld() {
    const oldest = this.#answers.keys().next().value
    if (this.#answers.size > longestCache && oldest !== undefined) this.#answers.delete(oldest)
  }
}
