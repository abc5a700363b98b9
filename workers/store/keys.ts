import type { Part } from '#lib/schema/manifest.ts'
import { isSiteName } from '#lib/schema/site-name.ts'

/** The only place that knows what objects are called. Keys are hive partitions, so DuckDB, Spark or ClickHouse prune by them. */
const pattern = /^site=([^/]+)\/year=(\d{4})\/month=(\d{2})\/day=(\d{2})\/([a-z0-9]{16})\.parquet$/

interface PartName {
  site: string
  day: string
  id: string
}

/** Where a part lies in the bucket. */
export function partKey(site: string, { day, id }: Pick<Part, 'day' | 'id'>): string {
  const [year, month, date] = day.split('-')
  const key = `site=${site}/year=${year}/month=${month}/day=${date}/${id}.parquet`
  if (parsePartKey(key) === null) throw new Error(`part ${id} of site ${site} on ${day} has no valid key`)
  return key
}

/** The part a key names, or null for a key that is not ours. */
export function parsePartKey(key: string): PartName | null {
  const [, site, year, month, date, id] = pattern.exec(key) ?? []
  return site && id && isSiteName(site) ? { site, day: `${year}-${month}-${date}`, id } : null
}
