import { page } from '$app/state'
import { pathTo, type Subject } from './subject.ts'

/** The page of a subject of the site that is open, under what is selected. */
export const linkTo = (subject: Subject) => (pathTo(page.params.site ?? '', subject) + page.url.search) as '/'
