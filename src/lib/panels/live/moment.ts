import { isOf } from '#lib/ask/class-of.ts'
import { statisticsBy, type Statistics } from '#lib/alert/statistics.ts'
import type { Query } from '#lib/ask/query.ts'
import { fill } from '#lib/engine/fill.ts'
import type { Selection } from '#lib/filter/filter.ts'
import { namesOf } from '#lib/star/star.ts'
import intervalSql from './interval.sql?raw'
import peopleSql from './people.sql?raw'
import secondsSql from './seconds.sql?raw'
import tailSql from './tail.sql?raw'

/** The newest lines that are looked at; others are only counted. */
export const mostLines = 200

/** For so long somebody is here who asked for something. */
const peopleSeconds = 300

const names = ['path', 'remote_user', 'ip', 'method', 'query', 'country'] as const
const named = Object.fromEntries(names.map((name) => [name, namesOf(name)]))

export interface Second {
  readonly second: number
  readonly class: number
  readonly hits: number
  readonly errors: number
}

export interface Line {
  readonly seq: number
  /** Milliseconds since 1970, UTC. */
  readonly time: number
  readonly status: number | null
  readonly class: number
  readonly method: string | null
  readonly path: string | null
  readonly query: string | null
  readonly country: string | null
  readonly duration: number | null
}

export interface Entry {
  readonly list: 'path' | 'section' | 'user' | 'status'
  readonly value: string
  readonly hits: number
}

/** What was found at one time. */
export interface Moment {
  /** The last second that is whole. */
  readonly to: number
  readonly seconds: readonly Second[]
  /** Of the interval that ends with it, in seconds. */
  readonly entries: readonly Entry[]
  readonly interval: number
  readonly lines: readonly Line[]
  /** Visitors who are people, in the five minutes that end with it. */
  readonly people: number
}

/** Asks for the last `shown` seconds, and for the interval that ends with the second `to`. Newer lines are listed, too. */
export async function momentOf(
  query: Query,
  whose: Pick<Selection, 'traffic' | 'clauses'>,
  to: number,
  interval: number,
  shown: number
): Promise<Moment> {
  const from = to + 1 - Math.max(shown, interval)
  await query.select({ ...whose, from: from * 1_000, to: (to + 60) * 1_000 })
  const edges = { from: String((to + 1 - interval) * 1_000), to: String((to + 1) * 1_000) }
  const lately = { from: String((to + 1 - peopleSeconds) * 1_000), to: String((to + 1) * 1_000) }
  const [seconds, entries, lines, people] = await Promise.all([
    query.ask<Second>(secondsSql),
    query.ask<Entry>(fill(intervalSql, { ...named, ...edges })),
    query.ask<Line>(fill(tailSql, { ...named, limit: String(mostLines) })),
    query.ask<{ people: number }>(fill(peopleSql, { ...lately, people: isOf('people') }))
  ])
  return { to, seconds, entries, interval, lines, people: people[0]?.people ?? 0 }
}

/** The statistics of the interval, as HttpLogMonitor has them. */
export function statisticsOfMoment({ to, seconds, entries, interval }: Moment): Statistics {
  const from = to + 1 - interval
  const valuesOf = (list: Entry['list']) => entries.filter((entry) => entry.list === list)
  const ofCode = (code: string) => valuesOf('status').find(({ value }) => value === code)?.hits ?? 0
  return statisticsBy({
    from,
    seconds: interval,
    hits: sumOf(seconds, from, to),
    paths: valuesOf('path').map(({ value }) => value),
    users: valuesOf('user').map(({ value }) => value),
    codes: { '2xx': ofCode('2'), '3xx': ofCode('3'), '4xx': ofCode('4'), '5xx': ofCode('5') }
  })
}

/** Hits, or errors, from one second to another, both counted. */
export const sumOf = (
  seconds: readonly Second[],
  from: number,
  to: number,
  of: 'hits' | 'errors' = 'hits'
): number => seconds.reduce((sum, row) => (row.second >= from && row.second <= to ? sum + row[of] : sum), 0)
