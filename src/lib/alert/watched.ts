import type { AlertRule } from '#lib/schema/alerts.ts'
import { isZone, wallOf } from '#lib/time/clock.ts'
import type { Wall } from './mute.ts'

/** The rules of a site that its server watches. */
export interface Watched {
  readonly rules: readonly AlertRule[]
  /** The zone of the site: a name, or minutes east of UTC. */
  readonly zone: string | number
}

/** The clock of a site; UTC if its zone is not known here. */
export function wallBy(zone: string | number): Wall {
  if (typeof zone === 'number') return (instant) => instant + zone * 60_000
  return isZone(zone) ? (instant) => wallOf(instant, zone) : (instant) => instant
}
