import type { Period } from './period.ts'
import { bucketStarts, intervals, type Timing } from './buckets.ts'
import { instantOf, wallOf } from './clock.ts'

/** The instant of another range that a clock shows as long after its beginning. */
export const counterpart = (instant: number, { from }: Period, other: Period, zone: string) =>
  instantOf(wallOf(other.from, zone) + wallOf(instant, zone) - wallOf(from, zone), zone)

const minute = 60_000

/**
 * What of another range had passed when as much of this one had: all of it, where this one is over. `stretch` is the
 * part of this range that is looked at, and `now` the instant after which nothing is known.
 */
export function passedOf(
  range: Period,
  stretch: Period | null,
  other: Period,
  zone: string,
  now: number
): Period {
  const { from, to } = stretch ?? range
  const isRunning = now > from && now < to
  const last = isRunning ? Math.ceil(now / minute) * minute : to
  const like = (at: number) => counterpart(at, range, other, zone)
  return { from: stretch ? like(from) : other.from, to: isRunning || stretch ? like(last) : other.to }
}

/** For each bucket of a range the beginning of its counterpart in another; NaN where it has none. */
export function counterparts(starts: readonly number[], period: Period, other: Period, timing: Timing) {
  const others = bucketStarts(other, timing)
  const isCalendar = intervals[timing.interval] > intervals['1 hour']
  const into = (instant: number, { from }: Period) => wallOf(instant, timing.zone) - wallOf(from, timing.zone)
  const isAligned = starts[0] !== undefined && into(starts[0], period) === into(others[0] ?? NaN, other)
  if (isCalendar || !isAligned) return starts.map((_, i) => others[i] ?? NaN)
  const places = new Map(others.toReversed().map((start) => [into(start, other), start]))
  return starts.map((start) => places.get(into(start, period)) ?? NaN)
}
