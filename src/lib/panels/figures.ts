import type { Question } from '#lib/ask/counted.ts'
import { quarterOfHour, type Measure, type Place } from '#lib/ask/measure.ts'
import { fill } from '#lib/engine/fill.ts'
import { classes, type ClassName } from '#lib/verdict/classes.ts'
import type { Traffic } from '#lib/filter/filter.ts'
import type { Period } from '#lib/time/period.ts'
import figures from './figures.sql?raw'
import bins from './latency-bins.sql?raw'
import exactLatency from './latency.sql?raw'
import { latency, requests, visits } from './measures/measures.ts'
import nearest from './nearest.sql?raw'

export interface Figures {
  requests: number
  visitors: number
  visits: number
  page_views: number
  bytes: number
  /** Answered with 4xx, and with 5xx. */
  refused: number
  errors: number
}

/** Milliseconds; null where the log has no durations. */
export interface Latency {
  p50: number | null
  p95: number | null
  p99: number | null
}

/** The key figures of one stretch of time, for everybody and for each class apart. */
export type Split = Record<ClassName | 'all', Figures> & Latency

/** A row of figures.sql: some of the figures of a class, or the latency of all; of a bucket, or with null of all. */
export type FiguresRow = {
  bucket: number | null
  /** Its place in the list of classes. */
  class: number | null
  /** Whether the totals count it. */
  is_counted: boolean | null
  /** p50, p95 and p99. */
  latency: (number | null)[] | null
} & { [name in keyof Figures]: number | null }

const literal = (ms: number) => `epoch_ms(${Math.floor(ms)})`

/**
 * The figures of the chart's range, or of what it is compared with; in the totals only what lies in `stretch`. Latency
 * is told by bins where the range is long.
 */
export function figuresOf(
  period: 'chart' | 'chart_previous',
  stretch: Period | null,
  isLong = false
): Question {
  const [from, to] = stretch ? [literal(stretch.from), literal(stretch.to)] : []
  const isCounted = (slot: string) => (stretch ? `(${slot} >= ${from} AND ${slot} < ${to})` : 'true')
  /** The bucket, or what of it lies on one side of an edge of the stretch. */
  const at: Place = {
    of: (time) => {
      const bucket = `bucket(${time})`
      if (!stretch) return bucket
      return `greatest(${bucket}, CASE WHEN ${time} >= ${to} THEN ${to} WHEN ${time} >= ${from} THEN ${from} END)`
    },
    by: quarterOfHour.by
  }
  return (counted) => {
    const ask = (measure: Measure) => counted(measure, { period, at, stretch })
    const gaps = { is_counted: isCounted, period }
    return fill(figures, {
      ...gaps,
      requests: ask(requests),
      visits: ask(visits),
      latency: isLong ? fill(bins, { ...gaps, bins: ask(latency) }) : fill(exactLatency, gaps)
    })
  }
}

/** The hits on either side of the chart's range, in milliseconds. */
export const nearestSql = nearest

const nothing: Figures = {
  requests: 0,
  visitors: 0,
  visits: 0,
  page_views: 0,
  bytes: 0,
  refused: 0,
  errors: 0
}
const unknown: Latency = { p50: null, p95: null, p99: null }
const names = Object.keys(nothing) as (keyof Figures)[]

const sum = (several: readonly Figures[]): Figures =>
  several.reduce((a, b) => {
    const entries = names.map((name) => [name, a[name] + b[name]] as const)
    return Object.fromEntries(entries) as unknown as Figures
  }, nothing)

const empty = () =>
  ({
    ...Object.fromEntries([...classes, { name: 'all' }].map(({ name }) => [name, { ...nothing }])),
    ...unknown
  }) as Split

/** Several buckets as one: what can be added up is; visitors, visits and latency of them all are not known here (NaN). */
export function together(splits: readonly Split[]): Split {
  const whole = empty()
  for (const name of ['p50', 'p95', 'p99'] as const)
    whole[name] = splits.some((split) => split[name] !== null) ? NaN : null
  for (const name of ['all', ...classes.map(({ name }) => name)] as const)
    whole[name] = { ...sum(splits.map((split) => split[name])), visitors: NaN, visits: NaN }
  return whole
}

/** The answer of figures.sql as the total and one split a bucket; a bucket without hits is full of zeros. */
export function splits(rows: readonly FiguresRow[], starts: readonly number[]) {
  const total = empty()
  const each = starts.map(empty)
  const places = new Map(starts.map((start, i) => [start, i]))
  for (const row of rows) {
    const split = row.bucket === null ? total : each[places.get(row.bucket) ?? -1]
    if (split) add(split, row)
    if (row.is_counted) add(total, row)
  }
  for (const split of [total, ...each]) split.all = sum(classes.map(({ name }) => split[name]))
  return { total, each }
}

function add(split: Split, { latency, ...row }: FiguresRow) {
  const one = classes[row.class ?? -1]
  if (one) for (const name of names) split[one.name][name] += row[name] ?? 0
  else [split.p50 = null, split.p95 = null, split.p99 = null] = latency ?? []
}

export const shownClasses = (traffic: Traffic) =>
  classes.filter(({ name }) => traffic === 'all' || name === traffic)
