import { page } from '$app/state'
import { view } from '#lib/state/view.svelte.ts'

const parameter = 'sql'

/** The address of the SQL page of the site with a query in a new cell, under the same period and filter. */
export const linkToSql = (sql: string): string =>
  `/s/${encodeURIComponent(page.params.site ?? '')}/sql${view.link({})}#${parameter}=${encodeURIComponent(sql)}`

/** The query in the hash of an address; null if there is none. No server sees a hash. */
export const sqlIn = (hash: string): string | null => new URLSearchParams(hash.slice(1)).get(parameter)
