import { isSiteName } from '#lib/schema/site-name.ts'
import { Failure } from '../failure.ts'

/** The Watcher of a site. What can be no site gets no object. */
export function watcherOf(env: Env, site: string) {
  if (!isSiteName(site)) throw new Failure(404, 'site_unknown', `site ${site.slice(0, 64)} is not known`)
  return env.WATCHER.get(env.WATCHER.idFromName(site))
}
