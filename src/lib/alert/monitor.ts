import type { AlertRule } from '#lib/schema/alerts.ts'
import { watch, type Spell, type Watched } from './spell.ts'
import type { PerSecond } from './per-second.ts'
import { memoryOf } from './silence.ts'
import { courseOf } from './window.ts'

/** An alert that fires, or one that is over: then `until` of the spell is its second. */
export interface Change {
  readonly is: 'fired' | 'recovered'
  readonly spell: Spell
}

/** The spells of a rule over what was counted from one second to another, both known whole. */
export function spellsOf(rule: AlertRule, counts: PerSecond, from: number, to: number): readonly Spell[] {
  const start = startOf(rule, from)
  return watch(rule, courseOf(rule, counts, start, to), to).spells
}

/** The first second at which a rule can be evaluated: too little is only known once a whole window is. */
export const startOf = ({ comparator, window }: AlertRule, from: number) =>
  comparator === 'below' ? from + window - 1 : from

/**
 * Evaluates a rule as time goes on. Rows that come late change the result for their seconds, for as long as `lateness`;
 * later ones are dropped. What is kept are the rows of a window and of `lateness`.
 */
export class Monitor {
  readonly rule: AlertRule
  readonly #lateness: number
  /** Seconds for which a row counts. */
  readonly #reach: number
  #rows: Row[] = []
  /** What was seen at each look; a late row takes back the looks that came after it. The first is settled. */
  #looks: [Watched, ...Watched[]]
  /** The alerts that were returned as fired or recovered. */
  #reported: Spell[] = []
  /** What is seen now: spells since `lateness`, the last of them may go on. */
  spells: readonly Spell[] = []

  /** Nothing is known of seconds before `from`. */
  constructor(rule: AlertRule, from: number, lateness: number) {
    this.rule = rule
    this.#lateness = lateness
    this.#looks = [{ spells: [], next: startOf(rule, from) }]
    this.#reach = rule.metric === 'silence' ? Infinity : rule.window
    // Silence has lasted for as long as nothing is known, at least.
    if (rule.metric === 'silence' && rule.field === null)
      this.#rows = [{ second: from - 1, hits: 0, base: 0, key: 0 }]
  }

  /**
   * A monitor that goes on at the second `to` from what another one kept. The looks of the last `lateness` are made again,
   * so that late rows can take them back.
   */
  static resume(rule: AlertRule, kept: KeptMonitor, to: number, lateness: number): Monitor {
    const monitor = new Monitor(rule, kept.first.next, lateness)
    monitor.#looks = [kept.first]
    monitor.#rows = kept.rows.map(([second, hits, base, key]) => ({ second, hits, base, key }))
    monitor.#reported = [...kept.reported]
    monitor.#look(to - lateness)
    monitor.#settle(to - lateness)
    return monitor
  }

  /** What `resume` goes on from. */
  keep(): KeptMonitor {
    const rows = this.#rows.map(({ second, hits, base, key }) => [second, hits, base, key] as const)
    return { first: this.#looks[0], rows, reported: this.#reported }
  }

  /** The first second after `to` at which the rule fires or recovers if no more rows come; null if it does neither. */
  changesAfter(to: number): number | null {
    const before = this.#looks.at(-1)!
    const { metric, window, for: hold, threshold } = this.rule
    const silence = metric === 'silence' ? Math.ceil(threshold) : 0
    const end = Math.max(to, before.next) + window + silence + hold
    const counts = columnsOf(this.#rows.slice(this.#firstOf(before)))
    const { spells } = watch(this.rule, courseOf(this.rule, counts, before.next, end), end, before)
    const times = spells
      .filter(({ fired }) => fired !== null)
      .flatMap(({ fired, until }) => [fired!, until ?? Infinity])
      .filter((time) => time > to)
    const next = Math.min(...times)
    return next === Infinity ? null : next
  }

  /** Counts a row; false if it came too late. */
  add(second: number, hits: number, base: number, key: number): boolean {
    if (second < this.#looks[0].next - this.#reach) return false
    while (this.#looks.length > 1 && this.#looks.at(-1)!.next > second) this.#looks.pop()
    let at = this.#rows.length
    while (at && this.#rows[at - 1]!.second > second) at--
    const last = this.#rows[at - 1]
    if (last?.second === second && last.key === key) {
      last.hits += hits
      last.base += base
    } else this.#rows.splice(at, 0, { second, hits, base, key })
    return true
  }

  /** Evaluates all seconds up to and including this one. Returns what is new, in the order of time. */
  reach(to: number): Change[] {
    this.#settle(to - this.#lateness)
    this.#look(to)
    this.spells = this.#looks.at(-1)!.spells
    return this.#report()
  }

  #look(to: number) {
    const before = this.#looks.at(-1)!
    if (to < before.next) return
    const counts = columnsOf(this.#rows.slice(this.#firstOf(before)))
    const { spells, next } = watch(this.rule, courseOf(this.rule, counts, before.next, to), to, before)
    const oldest = to - 2 * this.#lateness
    this.#looks.push({ spells: spells.filter(({ until }) => until === null || until > oldest), next })
  }

  /** The place of the first row that counts after a look. */
  #firstOf({ next }: Watched): number {
    let [low, high] = [0, this.#rows.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#rows[middle]!.second < next - this.#reach) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Forgets the looks before the last one that no row can take back, and the rows before them. */
  #settle(horizon: number) {
    const settled = this.#looks.findLastIndex(({ next }) => next <= horizon + 1)
    if (settled > 0) this.#looks.splice(0, settled)
    if (this.rule.metric === 'silence')
      this.#rows = lastOfEach(this.#rows, this.#looks[0].next, memoryOf(this.rule))
    else this.#rows.splice(0, this.#firstOf(this.#looks[0]))
  }

  #report(): Change[] {
    const changes: Change[] = []
    const fired = this.spells.filter((spell) => spell.fired !== null)
    const before = [...this.#reported]
    for (const spell of fired) {
      const at = before.findIndex((one) => isOneOf(one, spell))
      const [known] = at < 0 ? [] : before.splice(at, 1)
      if (!known) changes.push({ is: 'fired', spell })
      if (spell.until !== null && (known?.until ?? null) === null) changes.push({ is: 'recovered', spell })
    }
    // Late rows showed that these did not fire after all.
    for (const one of before)
      if (one.until === null) changes.push({ is: 'recovered', spell: { ...one, until: one.fired } })
    this.#reported = fired
    return changes
  }
}

/** What a monitor has seen, as JSON holds it. */
export interface KeptMonitor {
  readonly first: Watched
  readonly rows: readonly (readonly [second: number, hits: number, base: number, key: number])[]
  readonly reported: readonly Spell[]
}

interface Row {
  second: number
  hits: number
  base: number
  key: number
}

/** Rows from a second on, and before it the last one of each value that is known by then. */
function lastOfEach(rows: readonly Row[], from: number, memory: number): Row[] {
  const last = new Map<number, Row>()
  let at = 0
  for (; at < rows.length && rows[at]!.second < from; at++) {
    last.delete(rows[at]!.key)
    last.set(rows[at]!.key, rows[at]!)
  }
  return [...last.values()].filter(({ second }) => second + memory > from).concat(rows.slice(at))
}

const columnsOf = (rows: readonly Row[]): PerSecond => ({
  second: rows.map(({ second }) => second),
  hits: rows.map(({ hits }) => hits),
  base: rows.map(({ base }) => base),
  key: rows.map(({ key }) => key)
})

/** Whether two spells are the same one, seen at two times. */
export const isOneOf = (a: Spell, b: Spell) =>
  a.since < (b.until ?? Infinity) && b.since < (a.until ?? Infinity)
