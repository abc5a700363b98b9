import { awayProblem, mostAway } from '#lib/alert/away.ts'
import type { Watched } from '#lib/alert/watched.ts'
import type { AlertRule } from '#lib/schema/alerts.ts'
import { bufferOf } from '../access/reach.ts'
import type { SiteSettings } from '../access/settings.ts'
import { Failure } from '../failure.ts'
import { watcherOf } from './reach.ts'

/** Settings that decide what is watched. */
export const watchedBy = ['alerts', 'state', 'time_zone', 'utc_offset'] as const

/** Throws a `Failure` if the server can't watch a rule that asks for it. */
export function checkAway(rules: readonly AlertRule[]): void {
  const watched = rules.filter(({ away }) => away)
  if (watched.length > mostAway)
    throw new Failure(
      400,
      'settings',
      `alerts: ${watched.length} rules are to be watched by the server, and it watches at most ${mostAway}`
    )
  for (const rule of watched) {
    const problem = awayProblem(rule)
    if (problem !== null)
      throw new Failure(400, 'settings', `alerts: ${rule.title}: the server can't watch it: ${problem}`)
  }
}

/** Tells the objects of a site which rules they watch from now on. A site that never had one gets no Watcher. */
export async function watchAway(
  env: Env,
  site: string,
  settings: SiteSettings,
  origin: string
): Promise<void> {
  const { alerts, state, utc_offset, time_zone } = settings
  const rules = state === 'active' ? (alerts ?? []).filter(({ isOn, away }) => isOn && away) : []
  const watched: Watched = { rules, zone: utc_offset ?? time_zone ?? 'UTC' }
  const wasWatched = await bufferOf(env, site).watch(rules.length ? watched : null)
  if (rules.length || wasWatched) await watcherOf(env, site).watch(site, watched, origin)
}
