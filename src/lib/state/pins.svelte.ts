import { isPinList } from '#lib/schema/pins.ts'
import { NamedList } from './named-list.svelte.ts'

/** The queries that are pinned to the overview of a site. */
export const pins = new NamedList('pins', '', isPinList)
