import type { Period } from './period.ts'

/** Widths of buckets: those up to an hour are a stretch of time, the others are read off the zone's clock. */
export const intervals = {
  '1 second': 1_000,
  '10 seconds': 10_000,
  '1 minute': 60_000,
  '5 minutes': 300_000,
  '15 minutes': 900_000,
  '1 hour': 3_600_000,
  '6 hours': 21_600_000,
  '1 day': 86_400_000,
  '1 week': 604_800_000,
  '1 month': 2_629_746_000
} as const

export type Interval = keyof typeof intervals

/** In which zone's days and in what buckets time is told. */
export interface Timing {
  zone: string
  interval: Interval
}

/** A stretch in which a zone's clock is the same number of minutes ahead of UTC. */
interface Offset {
  /** The instant it begins, and the time of the clock from which on no earlier offset is meant. */
  at: number
  wall: number
  minutes: number
}

const minute = 60_000
const day = 86_400_000
const isCalendar = (interval: Interval) => intervals[interval] > intervals['1 hour']

/** The narrowest interval with no more than `most` buckets in a period. */
export const chooseInterval = ({ from, to }: Period, most: number): Interval =>
  intervalNames.find((name) => (to - from) / intervals[name] <= most) ?? '1 month'

const intervalNames = Object.keys(intervals) as Interval[]

/** A zone's offset at a period's start, then each change in it. */
export function findOffsets(zone: string, { from, to }: Period): Offset[] {
  const minutes = offsetAt(zone, from)
  const offsets = [{ at: from, wall: from + minutes * minute, minutes }]
  for (let index = Math.floor(from / span); index * span < to; index++)
    offsets.push(...changesIn(zone, index).filter(({ at }) => at > from && at <= to))
  return offsets
}

/** Since 1970 no zone has changed its clock twice within six days. */
const step = 6 * day
const span = 60 * step
const found = new Map<string, Offset[]>()

/** The changes of a zone's clock in a span. `Intl` has no list of them, so they are searched, once. */
function changesIn(zone: string, index: number): Offset[] {
  const key = `${zone} ${index}`
  const known = found.get(key)
  if (known) return known
  const changes: Offset[] = []
  let before = offsetAt(zone, index * span)
  for (let time = index * span; time < (index + 1) * span; time += step) {
    const minutes = offsetAt(zone, time + step)
    if (minutes === before) continue
    const at = findChange(zone, time, time + step)
    changes.push({ at, wall: at + Math.max(before, minutes) * minute, minutes })
    before = minutes
  }
  found.set(key, changes)
  return changes
}

function findChange(zone: string, before: number, after: number): number {
  const minutes = offsetAt(zone, after)
  let [low, high] = [Math.floor(before / minute), Math.ceil(after / minute)]
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (offsetAt(zone, middle * minute) === minutes) high = middle
    else low = middle
  }
  return high * minute
}

const clocks = new Map<string, Intl.DateTimeFormat>()

function clockOf(zone: string) {
  const clock =
    clocks.get(zone) ??
    new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric'
    })
  clocks.set(zone, clock)
  return clock
}

/** How many minutes a zone's clock is ahead of UTC at an instant. */
export function offsetAt(zone: string, instant: number): number {
  if (zone === 'UTC') return 0
  const parts = Object.fromEntries(
    clockOf(zone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, +value])
  )
  const { year, month, day, hour, minute: minutes, second } = parts as Record<string, number>
  const wall = Date.UTC(year!, month! - 1, day, hour, minutes, second)
  return Math.round((wall - Math.floor(instant / 1000) * 1000) / minute)
}

const toLocal = (offsets: readonly Offset[], instant: number) =>
  instant + (offsets.findLast(({ at }) => instant >= at) ?? offsets[0]!).minutes * minute

// A time of the clock that comes twice is taken for its first coming, one that never comes for the change.
const toInstant = (offsets: readonly Offset[], wall: number) =>
  wall - (offsets.findLast((offset) => wall >= offset.wall) ?? offsets[0]!).minutes * minute

/**
 * The instants at which the buckets of a period begin; the first may begin before it. Lord Howe Island, whose clock
 * alone is moved by half an hour, has an hour twice a year that SQL and this divide in different ways.
 */
export function bucketStarts(period: Period, { zone, interval }: Timing): number[] {
  const offsets = offsetsOf(zone, [period])
  const starts = []
  let start = bucketOf(offsets, period.from, interval)
  while (start < period.to) {
    starts.push(start)
    start = nextBucket(offsets, start, interval)
  }
  return starts
}

// As the SQL of `bucket` does it: DuckDB's weeks begin on Monday.
function bucketOf(offsets: readonly Offset[], instant: number, interval: Interval): number {
  const wall = toLocal(offsets, instant)
  if (interval === '1 month') return toInstant(offsets, monthOf(wall, 0))
  const origin = interval === '1 week' ? Date.UTC(2000, 0, 3) : 0
  const start = wall - modulo(wall - origin, intervals[interval])
  return isCalendar(interval) ? toInstant(offsets, start) : start - (wall - instant)
}

function nextBucket(offsets: readonly Offset[], start: number, interval: Interval): number {
  const wall = toLocal(offsets, start)
  if (interval === '1 month') return toInstant(offsets, monthOf(wall, 1))
  const width = intervals[interval]
  // A bucket that begins late, since its midnight never came, ends when it should.
  if (isCalendar(interval)) return bucketOf(offsets, toInstant(offsets, wall + width), interval)
  const change = offsets.find(({ at }) => at > start && at < start + width)
  const next = bucketOf(offsets, change?.at ?? start + width, interval)
  return next > start ? next : start + width
}

/** A quarter of a UTC day: in long periods it is known of these when a value was counted. */
const quarter = day / 4
const mostSlots = 32

/** The equal slots in which it is shown when a value was counted: quarters of a day, or whole multiples, from a week on. */
export function slotsOf({ from, to }: Period): { from: number; width: number; count: number } {
  if (!isLong({ from, to })) return { from, width: Math.max(1, Math.ceil((to - from) / 24)), count: 24 }
  const first = Math.floor(from / quarter) * quarter
  const width = quarter * Math.ceil((to - first) / quarter / mostSlots)
  return { from: first, width, count: Math.ceil((to - first) / width) }
}

/** Whether a period is told by quarters of a day, and latency in it by bins. */
export const isLong = ({ from, to }: Period): boolean => to - from > 6 * day

const monthOf = (wall: number, ahead: number) => {
  const date = new Date(wall)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + ahead, 1)
}

const modulo = (value: number, by: number) => ((value % by) + by) % by

// A bucket may begin before its period and end after it.
const offsetsOf = (zone: string, periods: readonly Period[]) =>
  findOffsets(zone, {
    from: Math.min(...periods.map(({ from }) => from)) - 32 * day,
    to: Math.max(...periods.map(({ to }) => to)) + 32 * day
  })

/** The expressions of views.sql that know the zone, and the values they read. */
export function planTiming({ zone, interval }: Timing, periods: readonly Period[]) {
  const offsets = offsetsOf(zone, periods)
  const variables: Record<string, number | Date> = { bucket_width: intervals[interval] }
  offsets.forEach((offset, i) => {
    variables[`zone_minutes_${i}`] = offset.minutes
    variables[`zone_from_${i}`] = new Date(offset.at)
    variables[`zone_local_from_${i}`] = new Date(offset.wall)
  })
  return {
    variables,
    parts: {
      zone_offset: offsetCase(offsets, 'instant', 'zone_from'),
      zone_offset_of_local: offsetCase(offsets, 'wall', 'zone_local_from'),
      bucket: bucketSql(interval)
    }
  }
}

/** A Monday before all hits: the engine's division of whole numbers rounds towards zero. */
const origin = Date.UTC(1600, 0, 3)

// In whole milliseconds: over a million hits this takes a quarter of what time_bucket() does.
function bucketSql(interval: Interval): string {
  if (interval === '1 month') {
    const wall = `time_bucket(INTERVAL '1 month', local_time(instant))`
    return `${wall} - to_minutes(zone_offset_of_local(${wall}))`
  }
  const width = `CAST(getvariable('bucket_width') AS BIGINT)`
  const wall = `(epoch_ms(instant) + 60_000 * zone_offset(instant) - ${origin})`
  const start = `(${wall} // ${width} * ${width} + ${origin})`
  const offset = isCalendar(interval) ? `zone_offset_of_local(epoch_ms(${start}))` : 'zone_offset(instant)'
  return `epoch_ms(${start} - 60_000 * ${offset})`
}

const minutesSql = (i: number) => `CAST(getvariable('zone_minutes_${i}') AS BIGINT)`

function offsetCase(offsets: readonly Offset[], time: string, from: string): string {
  const cases = offsets
    .map((_, i) => `WHEN ${time} >= getvariable('${from}_${i}') THEN ${minutesSql(i)}`)
    .slice(1)
    .reverse()
  return cases.length ? `CASE ${cases.join(' ')} ELSE ${minutesSql(0)} END` : minutesSql(0)
}
