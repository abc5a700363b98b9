/** A view of a site under a name: the query of its address. A value may be, or hold, the slot `$value`. */
export interface SavedView {
  readonly name: string
  readonly query: string
}

export const mostViews = 200
const longest = { name: 80, query: 4_000 }

/** Whether a value is a list of saved views, each name once, within its bounds. */
export const isViewList = (value: unknown): value is readonly SavedView[] =>
  Array.isArray(value) &&
  value.length <= mostViews &&
  value.every(isView) &&
  new Set(value.map(({ name }) => name)).size === value.length

function isView(value: unknown): value is SavedView {
  const { name, query } = (value ?? {}) as Partial<Record<keyof SavedView, unknown>>
  return (
    typeof name === 'string' &&
    name.trim() !== '' &&
    name.length <= longest.name &&
    typeof query === 'string' &&
    query.startsWith('?') &&
    query.length <= longest.query
  )
}
