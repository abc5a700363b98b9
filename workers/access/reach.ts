import { siteName } from '#lib/schema/manifest.ts'
import { Failure } from '../failure.ts'

/** The one Directory. */
export function directoryOf(env: Env) {
  return env.DIRECTORY.get(env.DIRECTORY.idFromName('directory'))
}

/** The HitBuffer of a site. A name that cannot be a site gets no object. */
export function bufferOf(env: Env, site: string) {
  if (!siteName.test(site)) throw new Failure(404, 'site_unknown', `site ${site.slice(0, 64)} is not known`)
  return env.HIT_BUFFER.get(env.HIT_BUFFER.idFromName(site))
}

/** Where refusals go that belong to no site. */
export function strayBuffer(env: Env) {
  return env.HIT_BUFFER.get(env.HIT_BUFFER.idFromName('*'))
}
