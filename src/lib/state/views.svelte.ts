import { isViewList } from '#lib/schema/views.ts'
import { NamedList } from './named-list.svelte.ts'

/** The saved views of a site. */
export const savedViews = new NamedList('saved_views', 'views', isViewList)
