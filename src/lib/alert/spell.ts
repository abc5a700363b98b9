import type { AlertRule } from '#lib/schema/alerts.ts'
import type { Course } from './course.ts'

/** A time in which the condition of a rule held; seconds since 1970. */
export interface Spell {
  /** The first second that it held. */
  readonly since: number
  /** The second that the alert fired; null as long as it has not held for long enough. */
  readonly fired: number | null
  /** The first second at which it was over; null while it goes on. */
  readonly until: number | null
  /** The value at the second that it fired. */
  readonly value: number
  /** The value that was farthest from the threshold. */
  readonly peak: number
}

/** One that goes on. */
type Open = { -readonly [N in keyof Spell]: Spell[N] }

type Limits = Pick<AlertRule, 'comparator' | 'threshold' | 'for' | 'recovery'>

/** What a rule has seen, and can go on from. */
export interface Watched {
  /** Spells that are over, then the one that goes on, if there is one. */
  readonly spells: readonly Spell[]
  /** All seconds before this one have been looked at. */
  readonly next: number
}

/**
 * The spells of a rule up to and with the second `to`. It goes on from what was seen `before`, if given: then
 * `course` begins at its next second.
 */
export function watch(
  limits: Limits,
  { second, value, slope }: Course,
  to: number,
  before?: Watched
): Watched {
  const { comparator, threshold } = limits
  const isAbove = comparator === 'above'
  const recovery = limits.recovery ?? threshold
  const spells = before ? [...before.spells] : []
  let open: Open | null = spells.at(-1)?.until === null ? { ...spells.pop()! } : null
  for (let at = 0; at < second.length && second[at]! <= to; at++) {
    let now = value[at]!
    let start = second[at]!
    // It stays at this value up to here, without it.
    const end = Math.min(second[at + 1] ?? Infinity, to + 1)
    const limit = open?.fired != null ? recovery : threshold
    if (isAbove ? !(now >= limit) : !(now < limit)) {
      if (open) {
        open.until = start
        spells.push(open)
        open = null
      }
      // A value that grows passes the threshold on its way.
      const rise = slope ? Math.ceil(threshold - now) : NaN
      if (!(start + rise < end)) continue
      start += rise
      now += rise
    }
    open ??= { since: start, fired: null, until: null, value: now, peak: now }
    const last = now + slope * (end - 1 - start)
    if (isAbove ? last > open.peak : last < open.peak) open.peak = last
    const fires = Math.max(start, open.since + limits.for)
    if (open.fired === null && fires < end) {
      open.fired = fires
      open.value = now + slope * (fires - start)
    }
  }
  if (open) spells.push(open)
  return { spells, next: to + 1 }
}
