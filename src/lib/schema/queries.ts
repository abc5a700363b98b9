import { isNamedList, type Named } from './named.ts'

/** A query of the SQL page under a name. */
export interface SavedQuery extends Named {
  readonly sql: string
}

/** The longest query that can be saved, in characters. */
export const longestQuery = 50_000
/** With the other settings of the site, a list has to fit into a row of 2 MB. */
const bounds = { items: 200, text: 200_000 }

/** Whether a value is a list of saved queries, each name once, within its bounds. */
export const isQueryList = (value: unknown): value is readonly SavedQuery[] =>
  isNamedList(value, bounds, ({ sql }) =>
    typeof sql === 'string' && sql.trim() !== '' && sql.length <= longestQuery ? sql : null
  )
