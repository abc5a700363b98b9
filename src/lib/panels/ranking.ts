import type { Traffic } from '#lib/data/filter.ts'
import { sqlOf, type Dimension } from '#lib/data/dimension.ts'
import { audienceOf } from './breakdowns.ts'
import { fill } from './fill.ts'
import top from './top.sql?raw'

export interface Top {
  column: Dimension
  traffic: Traffic
  isSearched: boolean
  sort: TopMetric | 'value'
  isAscending: boolean
  limit: number
}

export const topMetrics = ['visitors', 'page_views', 'requests', 'bytes', 'p95', 'errors'] as const
export type TopMetric = (typeof topMetrics)[number]

/** A row of top.sql. */
export type TopRow = { value: string | null; is_total: boolean; listed: number } & Record<
  TopMetric,
  number | null
>

export const topSql = ({ column, traffic, isSearched, sort, isAscending, limit }: Top) =>
  fill(top, {
    column,
    value: sqlOf(column),
    audience: audienceOf(traffic),
    condition: isSearched
      ? `contains(lower(CAST(${sqlOf(column)} AS VARCHAR)), lower(getvariable('top_search')))`
      : 'true',
    // As what it is, not as the text that is shown.
    sort: `${sort === 'value' ? 'hit.value' : sort} ${isAscending ? 'ASC' : 'DESC'}`,
    limit: String(limit + 1)
  })
