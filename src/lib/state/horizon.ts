import { passedOf } from '#lib/time/counterpart.ts'
import { session } from './session.svelte.ts'
import { sync } from './sync.svelte.ts'
import { view } from './view.svelte.ts'

/** The instant after which nothing is known: now, or without a network that of the newest hit. */
export const horizon = (): number =>
  session.isOffline ? Math.min(sync.holding?.newest ?? Infinity, view.now) : view.now

/** The end of what the range is compared with: as much of it as has passed of the range. Null if nothing is compared. */
export function comparedUntil(): number | null {
  const { range, stretch, previous, zone } = view
  return previous && passedOf(range, stretch, previous, zone, horizon()).to
}
