import { isNamedList, type Named } from './named.ts'

/** A view of a site under a name: the query of its address. A value may be, or hold, the slot `$value`. */
export interface SavedView extends Named {
  readonly query: string
}

export const mostViews = 200
const longest = 4_000

/** Whether a value is a list of saved views, each name once, within its bounds. */
export const isViewList = (value: unknown): value is readonly SavedView[] =>
  isNamedList(value, { items: mostViews, text: mostViews * longest }, ({ query }) =>
    typeof query === 'string' && query.startsWith('?') && query.length <= longest ? query : null
  )
