import type { Traffic } from '#lib/filter/filter.ts'
import type { Period } from '#lib/time/period.ts'
import { audienceOf } from './breakdowns.ts'
import { fill } from '#lib/engine/fill.ts'
import figures from './figures.sql?raw'
import bins from './latency-bins.sql?raw'
import latency from './latency.sql?raw'
import nearest from './nearest.sql?raw'
import rolled from './rolled/figures.sql?raw'
import rolledLatency from './rolled/latency.sql?raw'

/** The classes that hits are split into, from the bottom of a stack to its top. */
export const classes = [
  { name: 'people', title: 'People', color: 'var(--t-human)' },
  { name: 'bots', title: 'Bots', color: 'var(--t-bot)' }
] as const

type ClassName = (typeof classes)[number]['name']

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
  is_bot: boolean | null
  /** Whether the totals count it. */
  is_counted: boolean | null
  /** p50, p95 and p99. */
  latency: (number | null)[] | null
} & { [name in keyof Figures]: number | null }

const day = 86_400_000
const literal = ({ from, to }: Period) =>
  `time >= epoch_ms(${Math.floor(from)}) AND time < epoch_ms(${Math.ceil(to)})`

/** Whether the bucket in which a day begins is another than that in which it ends. */
const isCut = `bucket(time) <> bucket(time + INTERVAL 86399999 MILLISECONDS)`

/**
 * The figures of the chart's range, or of what it is compared with; in the totals only what lies in `counted`. Latency
 * is told by bins where the range is long; without roll-ups where they cannot tell anything.
 */
export function figuresSql(
  period: 'chart' | 'chart_previous',
  traffic: Traffic,
  counted: Period | null,
  isRolled = true,
  isLong = false
): string {
  const audience = audienceOf(traffic)
  const test = counted ? literal(counted) : 'true'
  const whole = counted && {
    from: Math.ceil(counted.from / day) * day,
    to: Math.floor(counted.to / day) * day
  }
  const isTold = `is_rolled('', '${period}', time) AND ${whole ? literal(whole) : 'true'}`
  const isLeft = `is_left('', '${period}', time)${whole ? ` OR NOT (${literal(whole)})` : ''}`
  const rest = `selected('', '${period}') WHERE ${isRolled ? `(${isLeft})` : 'true'}`
  const rolledOf = (template: string) =>
    isRolled ? `\n${fill(template, { audience, is_told: isTold, is_cut: isCut })}` : ''
  return fill(figures, {
    rest,
    rolled: rolledOf(rolled),
    latency: fill(isLong ? bins : latency, {
      period,
      rest,
      counted: test,
      rolled_latency: rolledOf(rolledLatency)
    }),
    audience,
    is_bot: String(traffic === 'bots'),
    counted: test,
    counted_visitors: counted ? `(SELECT DISTINCT visitor FROM ${rest} AND ${audience} AND ${test})` : 'stay'
  })
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

const empty = (): Split => ({ people: { ...nothing }, bots: { ...nothing }, all: nothing, ...unknown })

/** Several buckets as one: what can be added up is; visitors, visits and latency of them all are not known here. */
export function together(splits: readonly Split[]): Split {
  const whole = empty()
  for (const name of ['people', 'bots', 'all'] as const)
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
  if (row.is_bot === null) [split.p50 = null, split.p95 = null, split.p99 = null] = latency ?? []
  else for (const name of names) split[row.is_bot ? 'bots' : 'people'][name] += row[name] ?? 0
}

export const shownClasses = (traffic: Traffic) =>
  classes.filter(({ name }) => traffic === 'all' || name === traffic)
