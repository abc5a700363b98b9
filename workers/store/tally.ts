import { awayCounter, awayProblem } from '#lib/alert/away.ts'
import type { Counter } from '#lib/alert/counter.ts'
import type { Stored } from '#lib/alert/matches.ts'
import { wallBy, type Watched } from '#lib/alert/watched.ts'
import type { AlertRule } from '#lib/schema/alerts.ts'
import { columns, type Enrichment } from '#lib/schema/hit.ts'
import type { LogColumns } from './log-row.ts'
import { readState } from './state.ts'
import type { Storage, Surroundings } from './storage.ts'

/** What a flush counted for one rule: for each second the hits, and those that they are a share of. */
export interface Counts {
  id: string
  rule: string
  /** What the rule asked of the hits, as `asksOf` says it: it may be another rule by now. */
  asks: string
  second: number[]
  hits: number[]
  base: number[]
  /** What hits have in common, as `counterOf` numbers it; missing where that is nothing. */
  key?: number[]
  /** Why the rule could not count; else null. */
  problem: string | null
}

/** What a rule asks of hits. */
export const asksOf = ({ metric, where, field }: Pick<AlertRule, 'metric' | 'where' | 'field'>): string =>
  JSON.stringify(field === null ? [metric, where] : [metric, where, field])

export type Counted = Omit<Counts, 'id'>

/** Hits of earlier seconds, or of later ones by a clock that is ahead, change no alert. */
const remembered = 28_800_000
const ahead = 300_000
/** Counts handed over in one call: at most 16,000 seconds each. */
export const countsAtOnce = 40

/** Some counts. */
export interface Counting {
  counts: Counts[]
  /** All that came before this time is counted, ms since 1970; null if there are more counts. */
  until: number | null
}

/** Counts the hits of a flush for the rules that are watched while no page is open. */
export class Tally {
  readonly #counters: { rule: string; asks: string; counter: Counter | string }[]

  constructor({ rules, zone }: Watched) {
    const wall = wallBy(zone)
    this.#counters = rules.map((rule) => ({
      rule: rule.id,
      asks: asksOf(rule),
      counter: awayProblem(rule) ?? awayCounter(rule, wall)
    }))
  }

  /** How many rules it counts for. */
  get rules(): number {
    return this.#counters.length
  }

  /** The tally of a site; null if none of its rules is watched. */
  static of(storage: Storage): Tally | null {
    const watched = readState(storage, 'watched')
    return watched === null ? null : new Tally(JSON.parse(watched) as Watched)
  }

  /** Counts hits as they are stored. A rule that fails at a hit has a problem instead, and no hit is lost by it. */
  async count(
    log: LogColumns,
    enriched: readonly Enrichment[],
    { now, pause }: Pick<Surroundings, 'now' | 'pause'>
  ): Promise<Counted[]> {
    const counted = []
    for (const { rule, asks, counter } of this.#counters) {
      await pause()
      try {
        if (typeof counter === 'string') throw new Error(counter)
        const seconds = countSeconds(counter, log, enriched, now())
        if (seconds.second.length) counted.push({ rule, asks, ...seconds, problem: null })
      } catch (error) {
        counted.push({ rule, asks, second: [], hits: [], base: [], problem: (error as Error).message })
      }
    }
    return counted
  }
}

function countSeconds(
  counter: Counter,
  log: LogColumns,
  enriched: readonly Enrichment[],
  now: number
): Pick<Counts, 'second' | 'hits' | 'base' | 'key'> {
  /** For each key the place of each second. */
  const places = new Map<number, Map<number, number>>()
  const [second, hits, base, key]: number[][] = [[], [], [], []] as const
  const { hit, at } = cursorOver(log, enriched)
  for (const [i, time] of (log.time as number[]).entries()) {
    if (time < now - remembered || time > now + ahead) continue
    at.row = i
    const counted = counter(hit, 0)
    if (!counted) continue
    let own = places.get(counted.key)
    if (!own) places.set(counted.key, (own = new Map()))
    const its = Math.floor(time / 1_000)
    let place = own.get(its)
    if (place === undefined) {
      own.set(its, (place = second.length))
      second.push(its)
      hits.push(0)
      base.push(0)
      key.push(counted.key)
    }
    hits[place]! += counted.hits
    base[place]! += counted.base
  }
  return { second, hits, base, ...(key.some(Boolean) && { key }) }
}

/** A hit whose columns are read only when a rule asks for them; `at.row` says which hit it is. */
function cursorOver(log: LogColumns, enriched: readonly Enrichment[]): { hit: Stored; at: { row: number } } {
  const at = { row: 0 }
  const hit = {}
  for (const { name, from } of columns)
    Object.defineProperty(hit, name, {
      get: () =>
        from === 'enrich'
          ? enriched[at.row]![name as keyof Enrichment]
          : (log[name as keyof LogColumns][at.row] ?? null)
    })
  return { hit: hit as Stored, at }
}

/** Keeps what a flush counted until the watcher has it. Called in the transaction of its commit. */
export function keepCounts(
  storage: Storage,
  counted: readonly Counted[],
  now: number,
  name: () => string
): void {
  for (const counts of counted)
    storage.sql(
      'insert into tally (id, counted, counts) values (?, ?, ?)',
      name(),
      now,
      JSON.stringify(counts)
    )
  if (counted.length) storage.sql('delete from tally where counted < ?', now - remembered)
}

/** Counts that the watcher may not have yet, the oldest first, some at a time. */
export const readCounts = (storage: Storage): Counts[] =>
  storage
    .sql<{ id: string; counts: string }>(
      'select id, counts from tally order by counted, id limit ?',
      countsAtOnce
    )
    .map(({ id, counts }) => ({ ...(JSON.parse(counts) as Counted), id }))

/** Forgets counts that the watcher has. */
export function forgetCounts(storage: Storage, ids: readonly string[]): void {
  for (const id of ids) storage.sql('delete from tally where id = ?', id)
}
