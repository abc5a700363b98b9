import type { Traffic } from '#lib/filter/filter.ts'
import type { Dimension } from '#lib/filter/dimension.ts'
import { codeOf } from '#lib/ask/lookups.ts'
import { fill } from '#lib/engine/fill.ts'
import { isList } from '#lib/star/star.ts'
import { audienceOf, isOf } from '#lib/ask/class-of.ts'
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

export function topSql({ column, traffic, isSearched, sort, isAscending, limit }: Top): string {
  const { join, code, names } = codeOf(column)
  const isListing = isList(column)
  const name = names ? 'names.value' : 'counted.code'
  const holds = (value: string) =>
    `contains(lower(CAST(${value} AS VARCHAR)), lower(getvariable('top_search')))`
  const condition = names ? `${code} IN (SELECT key FROM ${names} WHERE ${holds('value')})` : holds(code)
  return fill(top, {
    column,
    code,
    join,
    // A hit stands in the rows of all values that its list holds. The total counts it once.
    is_first: isListing ? 'row_number() OVER (PARTITION BY seq) = 1' : 'true',
    total: isListing ? '(is_first), ()' : '()',
    has_row: isListing ? 'grouping(code) = 0 OR is_first OR count(*) = 0' : 'true',
    audience: isOf(audienceOf(traffic)),
    condition: isSearched ? condition : 'true',
    name,
    names: names ? ` LEFT JOIN ${names} AS names ON names.key = counted.code` : '',
    // As what it is, not as the text that is shown.
    sort: `${sort === 'value' ? name : sort} ${isAscending ? 'ASC' : 'DESC'}`,
    limit: String(limit + 1)
  })
}
