import type { Period } from './period.ts'
import {
  dayText,
  firstOfMonth,
  instantOf,
  later,
  midnight as midnightIn,
  minuteText,
  monthsLater,
  ownZone
} from './clock.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** Midnight of the browser's own clock, `days` after the day of an instant. */
export const midnight = (at: number, days = 0) => midnightIn(at, ownZone, days)

export const presets = [
  { name: '1h', title: 'Last hour' },
  { name: 'today', title: 'Today' },
  { name: 'yesterday', title: 'Yesterday' },
  { name: '24h', title: '24 hours' },
  { name: '7d', title: '7 days' },
  { name: '30d', title: '30 days' },
  { name: 'month', title: 'This month' },
  { name: 'year', title: 'This year' },
  { name: 'all', title: 'All' }
] as const

export type Preset = (typeof presets)[number]['name']
export const defaultPreset: Preset = '7d'

type Ranges = Record<Preset, (now: number, zone: string, held: Period | null) => Period>

const ranges: Ranges = {
  '1h': (now) => until(now, hour),
  today: (now, zone) => ({ from: midnightIn(now, zone), to: midnightIn(now, zone, 1) }),
  yesterday: (now, zone) => ({ from: midnightIn(now, zone, -1), to: midnightIn(now, zone) }),
  '24h': (now) => until(now, day),
  '7d': (now, zone) => ({ from: midnightIn(now, zone, -6), to: midnightIn(now, zone, 1) }),
  '30d': (now, zone) => ({ from: midnightIn(now, zone, -29), to: midnightIn(now, zone, 1) }),
  month: (now, zone) => ({ from: firstOfMonth(now, zone), to: firstOfMonth(now, zone, 1) }),
  year: (now, zone) => {
    const from = instantOf(Date.UTC(Number(dayText(now, zone).slice(0, 4)), 0, 1), zone)
    return { from, to: monthsLater(from, zone, 12) }
  },
  all: (now, zone, held) => ({
    from: midnightIn(held?.from ?? now, zone),
    to: midnightIn(held?.to ?? now, zone, 1)
  })
}

/** A length that ends with the minute that now is in, so that the range moves once a minute. */
function until(now: number, length: number): Period {
  const to = Math.ceil((now + 1) / minute) * minute
  return { from: to - length, to }
}

export const isPreset = (text: string): text is Preset => presets.some(({ name }) => name === text)

/** Only these years: to find a zone's clock changes takes time for each of them. */
const local = /^(19|20|21)\d\d-\d\d-\d\d(T\d\d:\d\d)?$/

/** A moment as `p` writes it: a day or a minute of the zone. A day that ends a range is included. */
function readMoment(text: string, zone: string, end: boolean) {
  if (!local.test(text)) return NaN
  const wall = Date.parse(text.includes('T') ? `${text}Z` : `${text}T00:00Z`)
  if (Number.isNaN(wall) || !isDay(text.slice(0, 10))) return NaN
  return instantOf(end && !text.includes('T') ? wall + day : wall, zone)
}

/** False for 30 February, which `Date.parse` takes for 2 March. */
const isDay = (text: string) => new Date(`${text}T00:00Z`).toISOString().startsWith(text)

/** Whether a text is a day or a minute as `p` writes them. */
export const isMoment = (text: string, zone: string) => !Number.isNaN(readMoment(text, zone, false))

/** `2026-11-01`, `2026-11-01,2026-11-21` or to the minute; null when it says no range. */
export function readRange(text: string, zone: string): Period | null {
  const [start = '', end = start, ...more] = text.split(',')
  if (more.length) return null
  const [from, to] = [readMoment(start, zone, false), readMoment(end, zone, true)]
  return from < to ? { from, to } : null
}

/** The range of a `p` parameter; what cannot be read is the default. `held` is what the site holds. */
export const readPeriod = (text: string, now: number, held: Period | null, zone = ownZone): Period =>
  isPreset(text)
    ? ranges[text](now, zone, held)
    : (readRange(text, zone) ?? ranges[defaultPreset](now, zone, held))

export function writePeriod({ from, to }: Period, zone: string): string {
  if (!wholeDays({ from, to }, zone)) return `${minuteText(from, zone)},${minuteText(to, zone)}`
  const [first, last] = [dayText(from, zone), dayText(to - 1, zone)]
  return first === last ? first : `${first},${last}`
}

/** A stretch as the address can say it, which knows no seconds: none of it is left out. */
export const writeStretch = ({ from, to }: Period, zone: string) =>
  writePeriod({ from: Math.floor(from / minute) * minute, to: Math.ceil(to / minute) * minute }, zone)

/** A range of twice the length around another, whole days where that is; not into days to come. */
export function widen({ from, to }: Period, now: number, zone: string): Period {
  const days = wholeDays({ from, to }, zone)
  const side = days ? Math.ceil(days / 2) : 0
  const half = Math.ceil((to - from) / 2 / minute) * minute
  const wide = days
    ? { from: later(from, zone, -side), to: later(to, zone, side) }
    : { from: from - half, to: to + half }
  const end = midnightIn(now, zone, 1)
  if (wide.to <= end || to > end) return wide
  return days
    ? { from: later(from, zone, -side - Math.round((wide.to - end) / day)), to: end }
    : { from: wide.from - (wide.to - end), to: end }
}

/** How many whole days of the zone a range is, or 0. */
export const wholeDays = ({ from, to }: Period, zone: string) =>
  from === midnightIn(from, zone) && to === midnightIn(to, zone) ? Math.round((to - from) / day) : 0

/** How many whole months, or 0. */
export function wholeMonths({ from, to }: Period, zone: string) {
  if (from !== firstOfMonth(from, zone) || to !== firstOfMonth(to, zone)) return 0
  return Math.round((to - from) / (30.44 * day))
}

/** The range of the same length before (-1) or after (1): months stay months, and whole days whole days. */
export function step({ from, to }: Period, direction: -1 | 1, zone: string): Period {
  const months = wholeMonths({ from, to }, zone) * direction
  if (months) return { from: monthsLater(from, zone, months), to: monthsLater(to, zone, months) }
  const days = wholeDays({ from, to }, zone) * direction
  if (days) return { from: later(from, zone, days), to: later(to, zone, days) }
  const length = (to - from) * direction
  return { from: from + length, to: to + length }
}
