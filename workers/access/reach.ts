import { isSiteName } from '#lib/schema/site-name.ts'
import { Failure } from '../failure.ts'
import { allSites } from './tokens.ts'

/** The one Directory. */
export function directoryOf(env: Env) {
  return env.DIRECTORY.get(env.DIRECTORY.idFromName('directory'))
}

/** The HitBuffer of a site; under `*` that of refusals that belong to none. What can be no site gets no object. */
export function bufferOf(env: Env, site: string) {
  if (site !== allSites && !isSiteName(site))
    throw new Failure(404, 'site_unknown', `site ${site.slice(0, 64)} is not known`)
  return env.HIT_BUFFER.get(env.HIT_BUFFER.idFromName(site))
}
