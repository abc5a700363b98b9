import { isQueryList } from '#lib/schema/queries.ts'
import { NamedList } from './named-list.svelte.ts'

/** The saved queries of a site. */
export const savedQueries = new NamedList('saved_queries', 'queries', isQueryList)
