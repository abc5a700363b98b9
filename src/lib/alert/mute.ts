import type { AlertRule, Quiet } from '#lib/schema/alerts.ts'
import type { Spell } from './spell.ts'

/** Milliseconds since 1970 as the clock of a zone shows them, written as if it were UTC. */
export type Wall = (instant: number) => number

const day = 1_440

/** Whether a rule notifies nobody at a second. */
export function isMuted(
  { muted, quiet }: Pick<AlertRule, 'muted' | 'quiet'>,
  second: number,
  wall: Wall
): boolean {
  if (muted && second >= muted.from && second < muted.until) return true
  if (!quiet.length) return false
  const minute = Math.floor(wall(second * 1_000) / 60_000)
  const days = Math.floor(minute / day)
  // 1 January 1970 was a Thursday.
  return quiet.some((time) => isIn(time, (days + 4) % 7, minute - days * day))
}

function isIn({ days, from, to }: Quiet, weekday: number, minute: number): boolean {
  if (from < to) return days.includes(weekday) && minute >= from && minute < to
  return (days.includes(weekday) && minute >= from) || (days.includes((weekday + 6) % 7) && minute < to)
}

/** The second at which an alert notifies: once it is not muted. Null if it was muted until it was over. */
export function notifiedAt(
  rule: Pick<AlertRule, 'muted' | 'quiet'>,
  { fired, until }: Spell,
  now: number,
  wall: Wall
): number | null {
  if (fired === null) return null
  const end = until ?? now + 1
  for (let at = fired; at < end; at = Math.floor(at / 60) * 60 + 60) if (!isMuted(rule, at, wall)) return at
  return null
}
