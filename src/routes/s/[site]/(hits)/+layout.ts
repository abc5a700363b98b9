import { error } from '@sveltejs/kit'
import { readSiteName } from '#lib/schema/site-name.ts'

/** A name that no site can have is an address where nothing is. */
export const load = ({ params }: { params: { site: string } }) => {
  if (readSiteName(params.site) === null) error(404)
}
