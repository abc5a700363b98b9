import type { AlertRule } from '#lib/schema/alerts.ts'
import { notifiedAt, type Wall } from './mute.ts'
import type { Spell } from './spell.ts'
import type { Course } from './course.ts'

/** What a rule would have done. */
export interface Outcome {
  /** How often it would have fired, muted times included. */
  readonly fired: number
  /** How often its condition held, and not for long enough. */
  readonly short: number
  /** Seconds for which it would have fired in all, and at the longest. */
  readonly seconds: number
  readonly longest: number
}

/** `to` is the last second that was looked at. */
export function outcomeOf(spells: readonly Spell[], to: number): Outcome {
  const lasted = spells.flatMap(({ fired, until }) => (fired === null ? [] : [(until ?? to + 1) - fired]))
  return {
    fired: lasted.length,
    short: spells.length - lasted.length,
    seconds: lasted.reduce((sum, seconds) => sum + seconds, 0),
    longest: Math.max(0, ...lasted)
  }
}

/** How many of the alerts that fired would have notified nobody under these mutes. `to` is the last second looked at. */
export const silencedBy = (
  mutes: Pick<AlertRule, 'muted' | 'quiet'>,
  spells: readonly Spell[],
  to: number,
  wall: Wall
): number =>
  spells.filter((spell) => spell.fired !== null && notifiedAt(mutes, spell, to, wall) === null).length

/** The lowest and the highest value of a course in each of `width` stretches of equal length; NaN where it has none. */
export function outlineOf(
  { second, value, slope }: Course,
  from: number,
  to: number,
  width: number
): { low: Float64Array; high: Float64Array } {
  const [low, high] = [new Float64Array(width).fill(NaN), new Float64Array(width).fill(NaN)]
  const scale = width / (to + 1 - from)
  for (let at = 0; at < second.length; at++) {
    const now = value[at]!
    if (Number.isNaN(now)) continue
    const first = Math.max(0, Math.floor((second[at]! - from) * scale))
    const next = second[at + 1] ?? to + 1
    const last = Math.min(width - 1, Math.ceil((next - from) * scale) - 1)
    for (let column = first; column <= last; column++) {
      const bottom = now + slope * Math.max(0, Math.floor(from + column / scale) - second[at]!)
      const top = now + slope * (Math.min(next, Math.ceil(from + (column + 1) / scale)) - 1 - second[at]!)
      if (!(low[column]! <= bottom)) low[column] = bottom
      if (!(high[column]! >= top)) high[column] = Math.max(now, top)
    }
  }
  return { low, high }
}
