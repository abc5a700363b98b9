import { counterOf, type Counter } from '../../src/lib/alert/counter.ts'
import type { Known, Seen } from '../../src/lib/alert/matches.ts'
import { Monitor, type Change } from '../../src/lib/alert/monitor.ts'
import { notifiedAt, type Wall } from '../../src/lib/alert/mute.ts'
import type { Spell } from '../../src/lib/alert/spell.ts'
import type { Statistics } from '../../src/lib/alert/statistics.ts'
import { linesOf } from '../../src/lib/alert/wording.ts'
import type { AlertRule } from '../../src/lib/schema/alerts.ts'
import { Periods } from './periods.ts'

/** Seconds that a line may come late. */
export const lateness = 3_600

/** What there is to tell. */
export interface Event {
  readonly second: number
  readonly is: 'fired' | 'recovered' | 'statistics'
  readonly text: string
}

/** A rule that cannot be evaluated over a log, and why. */
export interface Unwatched {
  readonly rule: AlertRule
  readonly why: string
}

export interface Watching extends Known {
  rules: readonly AlertRule[]
  /** Seconds between statistics; 0 is none. */
  interval: number
}

/** Evaluates rules and statistics over the requests of a log, second by second. The time is an argument. */
export class Session {
  readonly watched: readonly Watched[]
  readonly unwatched: readonly Unwatched[]
  /** The last second that was looked at. */
  reached = -Infinity
  counts = { requests: 0, tooLate: 0, unlisted: 0, fired: 0 }
  readonly #interval: number
  readonly #periods: Periods | null

  /** Nothing is known of seconds before `from`. */
  constructor({ rules, interval, ...known }: Watching, from: number) {
    const prepared = rules.filter(({ isOn }) => isOn).map((rule) => prepare(rule, from, known))
    this.watched = prepared.filter((one) => one instanceof Watched)
    this.unwatched = prepared.filter((one): one is Unwatched => !(one instanceof Watched))
    this.#interval = interval
    this.#periods = interval > 0 ? new Periods(from, interval, lateness) : null
  }

  /** Counts a request. One that comes too late is only counted as such. */
  add(hit: Seen): void {
    const second = secondOf(hit)
    if (second <= this.reached - lateness) return void this.counts.tooLate++
    this.counts.requests++
    for (const one of this.watched) one.add(hit, second)
    const { path, status } = hit
    if (this.#periods?.add({ second, path, status, user: userOf(hit) }) === false) this.counts.unlisted++
  }

  /** Evaluates all seconds up to and including this one. Returns what is to be printed, in the order of time. */
  reach(to: number): Event[] {
    if (to < this.reached) return []
    this.reached = to
    return this.#tell(this.#periods?.close(to) ?? [], (one) => one.reach(to))
  }

  /**
   * Looks up to this second, the last one that requests were made in. An alert that still fires is over once silence has
   * lasted for long enough, if that was before `now`.
   */
  end(to: number, now: number): Event[] {
    this.reached = Math.max(this.reached, to)
    return this.#tell(this.#periods?.end(this.reached) ?? [], (one) => one.end(this.reached, now))
  }

  #tell(statistics: Iterable<Statistics>, reach: (one: Watched) => Event[]): Event[] {
    const alerts = this.watched.flatMap(reach)
    this.counts.fired += alerts.filter(({ is }) => is === 'fired').length
    const told = Array.from(statistics, (one): Event => {
      const last = Date.parse(one.time) / 1_000 + this.#interval - 1
      return { second: Math.min(this.reached, last), is: 'statistics', text: JSON.stringify(one) }
    })
    return [...alerts, ...told].sort((a, b) => a.second - b.second)
  }
}

export const secondOf = ({ time }: Pick<Seen, 'time'>) => Math.floor(time / 1_000)

/** Who asked: the signed-in user, else the visitor, by address and agent. */
export function userOf({
  remote_user,
  ip,
  client_name,
  user_agent
}: Pick<Seen, 'remote_user' | 'ip' | 'client_name' | 'user_agent'>): string | null {
  if (remote_user !== null) return remote_user
  return [ip ?? client_name, user_agent].filter((part) => part !== null).join(' ') || null
}

function prepare(rule: AlertRule, from: number, { wall, isStored }: Known): Watched | Unwatched {
  try {
    return new Watched(rule, counterOf(rule, { wall, isStored }, rule.window + 3 * lateness), from, wall)
  } catch (error) {
    return { rule, why: (error as Error).message }
  }
}

/** A rule on its way. */
export class Watched {
  readonly rule: AlertRule
  readonly #counter: Counter
  readonly #monitor: Monitor
  readonly #wall: Wall
  /** Alerts that fire and are not printed, because the rule is muted. */
  #unprinted: Spell[] = []

  constructor(rule: AlertRule, counter: Counter, from: number, wall: Wall) {
    this.rule = rule
    this.#counter = counter
    this.#monitor = new Monitor(rule, from, lateness)
    this.#wall = wall
  }

  /** The last time that its condition held, if it did lately. */
  get spell(): Spell | null {
    return this.#monitor.spells.at(-1) ?? null
  }

  add(hit: Seen, second: number): void {
    const row = this.#counter(hit, second)
    if (row) this.#monitor.add(second, row.hits, row.base, row.key)
  }

  reach(to: number): Event[] {
    const events = this.#monitor.reach(to).flatMap((change) => this.#take(change, to))
    const still = this.#unprinted
    this.#unprinted = still.filter((spell) => notifiedAt(this.rule, spell, to, this.#wall) === null)
    for (const spell of still) if (!this.#unprinted.includes(spell)) events.push(this.#fired(spell, to))
    return events
  }

  end(to: number, now: number): Event[] {
    const events = this.reach(to)
    const isFiring = this.spell !== null && this.spell.fired !== null && this.spell.until === null
    const silent = Math.min(to + this.rule.window, now)
    const { comparator, metric } = this.rule
    if (!isFiring || comparator === 'below' || metric === 'silence' || silent <= to) return events
    const later = this.reach(silent)
    return [...events, ...later.filter(({ is }) => is === 'recovered').slice(0, 1)]
  }

  #take({ is, spell }: Change, to: number): Event[] {
    if (is === 'fired') {
      this.#unprinted.push(spell)
      return []
    }
    const unprinted = this.#unprinted.find((one) => isSame(one, spell))
    this.#unprinted = this.#unprinted.filter((one) => one !== unprinted)
    const recovered: Event = {
      second: spell.until!,
      is,
      text: linesOf(this.rule, spell, this.#wall).recovers!
    }
    if (!unprinted) return [recovered]
    const isMuted = notifiedAt(this.rule, spell, to, this.#wall) === null
    return isMuted ? [] : [this.#fired(spell, to), recovered]
  }

  #fired(spell: Spell, to: number): Event {
    const { fires } = linesOf(this.rule, spell, this.#wall)
    return { second: notifiedAt(this.rule, spell, to, this.#wall) ?? to, is: 'fired', text: fires }
  }
}

/** Whether two spells are one, seen at two times. */
const isSame = (a: Spell, b: Spell) =>
  a.fired === b.fired || (a.since < (b.until ?? Infinity) && b.since < (a.until ?? Infinity))
