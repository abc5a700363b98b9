import { pushState } from '$app/navigation'
import { resolve } from '$app/paths'
import { page } from '$app/state'
import { isDimension, type Dimension } from '#lib/filter/dimension.ts'

/** Opens all values of a column over the page, under an address of its own. */
export const openTop = (field: Dimension) => pushState(resolve(pathOf(field)), { top: field })

/** The address of a column's values, under what is selected. */
export const pathOf = (field: Dimension) =>
  `/s/${encodeURIComponent(page.params.site ?? '')}/top/${field}${page.url.search}` as '/'

/** The column of an address, or null when it is none of ours. */
export const readTop = (text: string | undefined) => (isDimension(text) ? text : null)
