import type { Traffic } from '#lib/data/filter.ts'
import type { ColumnName } from '#lib/schema/hit.ts'
import breakdown from './breakdown.sql?raw'
import figures from './figures.sql?raw'
import now from './now.sql?raw'

export type Counted = 'visitors' | 'page_views' | 'requests'

export const countedNames: Record<Counted, string> = {
  visitors: 'Visitors',
  page_views: 'Page views',
  requests: 'Requests'
}

/** A question of the form "what values has this column, and how much of each?" */
export interface Panel {
  readonly title: string
  readonly field: ColumnName
  /** What its rows say: the head of the first column. */
  readonly head: string
  readonly counted: Counted
  /** Of twenty columns. */
  readonly width: 4 | 5 | 7
  readonly color: string
  /** Which hits it is about, when not all. */
  readonly condition?: string
  /** What a value that is missing means. */
  readonly missing: string
  /** Why there may be nothing to list although there are hits. */
  readonly empty: string
}

export const panels: readonly Panel[] = [
  {
    title: 'Pages',
    field: 'path',
    head: 'Path',
    counted: 'page_views',
    width: 7,
    color: 'var(--t-human)',
    missing: 'No path',
    empty: 'No paths: the log format has no request line.'
  },
  {
    title: 'Referrers',
    field: 'referrer_domain',
    head: 'Referrer',
    counted: 'visitors',
    width: 5,
    color: 'var(--t-human)',
    condition: `referrer_kind IS DISTINCT FROM 'internal'`,
    missing: 'Direct or none',
    empty: 'Nobody came from outside: every hit was referred by the site itself.'
  },
  {
    title: 'Countries',
    field: 'country',
    head: 'Country',
    counted: 'visitors',
    width: 4,
    color: 'var(--t-human)',
    missing: 'Unknown',
    empty: 'No countries: the log format has no address.'
  },
  {
    title: 'Networks',
    field: 'as_org',
    head: 'Network',
    counted: 'requests',
    width: 4,
    color: 'var(--c-sky)',
    missing: 'Unknown',
    empty: 'No networks: the log format has no address.'
  },
  {
    title: 'Statuses',
    field: 'status',
    head: 'Answer',
    counted: 'requests',
    width: 5,
    color: 'var(--status-2xx)',
    missing: 'No status',
    empty: 'No statuses: the log format has no status field.'
  },
  {
    title: 'Bots',
    field: 'bot_name',
    head: 'Agent',
    counted: 'requests',
    width: 5,
    color: 'var(--t-bot)',
    condition: 'is_bot',
    missing: 'Unnamed',
    empty: 'No bots among these hits.'
  },
  {
    title: 'Browsers',
    field: 'browser',
    head: 'Browser',
    counted: 'visitors',
    width: 5,
    color: 'var(--t-human)',
    missing: 'Unknown',
    empty: 'No browsers: the log format has no User-Agent field.'
  },
  {
    title: 'Systems',
    field: 'os',
    head: 'System',
    counted: 'visitors',
    width: 5,
    color: 'var(--t-human)',
    missing: 'Unknown',
    empty: 'No systems: the log format has no User-Agent field.'
  }
]

export interface Figures {
  requests: number
  visitors: number
  visits: number
  page_views: number
  bytes: number
  errors: number
}

/** A row of figures.sql: the figures of people or of bots, or the latency of all. */
export type FiguresRow = { bucket: number | null; is_total: boolean } & (
  ({ is_bot: boolean } & Figures) | { is_bot: null; p50: number | null; p95: number | null }
)

export interface Value {
  value: string | number | null
  is_total: boolean
  /** How many different values there are. */
  listed: number
  requests: number
  counted: number
}

export const figuresSql = figures

/** People who were there in the five minutes before `ms`, whatever is selected. */
export const nowSql = (ms: number) => now.replace('{ms}', String(Math.floor(ms / calm) * calm))
const calm = 15_000

/** Visitors are people, unless only bots are looked at. */
const measures: Record<Counted, (traffic: Traffic) => string> = {
  visitors: (traffic) => `count(DISTINCT visitor) FILTER (${traffic === 'bots' ? 'is_bot' : 'NOT is_bot'})`,
  page_views: () =>
    `count(*) FILTER (coalesce(method, 'GET') = 'GET' AND NOT is_asset AND NOT starts_with(path, '/api/')
    AND (status BETWEEN 200 AND 299 OR status = 304))`,
  requests: () => 'count(*)'
}

/** What the measures read. */
const measured: Record<Counted, readonly ColumnName[]> = {
  visitors: ['visitor', 'is_bot'],
  page_views: ['method', 'is_asset', 'path', 'status'],
  requests: []
}

export const breakdownSql = ({ field, counted, condition = 'true' }: Panel, traffic: Traffic) =>
  breakdown
    .replaceAll('{column}', field)
    .replace('{columns}', [...new Set([field, ...measured[counted]])].join(', '))
    .replace('{condition}', condition)
    .replace('{measure}', measures[counted](traffic))
