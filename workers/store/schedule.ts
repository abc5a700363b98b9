import { flushLimit } from './flush.ts'
import type { Unflushed } from './unflushed.ts'

/** Accepted to visible: a minute costs 1,440 parts a site and day, merged away; nobody waits for them. */
const patience = 60_000
/** The same while a dashboard is open: it writes once in so long at most. */
const watchedPatience = 2_000
/** After a pause of so long the next hits wait only for those that come with them. */
const company = 250

/**
 * When the log is to be flushed, in ms since 1970; null when it is empty. `flushed` is when it last was, as far as this
 * object knows.
 */
export function flushTime(
  { rows, oldest }: Unflushed,
  watched: boolean,
  now: number,
  flushed = -Infinity
): number | null {
  if (oldest === null) return null
  // By a clock that was days ahead it came in some days: it waits no longer than others.
  if (rows >= flushLimit || oldest > now + patience) return now
  if (!watched) return Math.max(oldest + patience, now)
  return Math.max(
    Math.min(oldest + watchedPatience, Math.max(oldest + company, flushed + watchedPatience)),
    now
  )
}

/** After a failure: 1 s, 2 s, 4 s … up to 5 minutes. */
export function retryDelay(failures: number): number {
  return Math.min(1_000 * 2 ** (failures - 1), 300_000)
}
