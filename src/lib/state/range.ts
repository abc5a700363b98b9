import type { Period } from '#lib/data/filter.ts'

const minute = 60_000
const hour = 60 * minute

export const presets = [
  { name: 'today', title: 'Today' },
  { name: 'yesterday', title: 'Yesterday' },
  { name: '24h', title: '24 hours' },
  { name: '7d', title: '7 days' },
  { name: '30d', title: '30 days' },
  { name: 'all', title: 'All' }
] as const

export type Preset = (typeof presets)[number]['name']
export const defaultPreset: Preset = '7d'

/** Local midnight `days` after the day of `at`, whatever the clocks did in between. */
export function midnight(at: number, days = 0) {
  const day = new Date(at)
  day.setHours(0, 0, 0, 0)
  day.setDate(day.getDate() + days)
  return day.getTime()
}

const ranges: Record<Preset, (now: number, held: Period | null) => Period> = {
  today: (now) => ({ from: midnight(now), to: midnight(now, 1) }),
  yesterday: (now) => ({ from: midnight(now, -1), to: midnight(now) }),
  '24h': (now) => lastHours(now, 24),
  '7d': (now) => ({ from: midnight(now, -6), to: midnight(now, 1) }),
  '30d': (now) => ({ from: midnight(now, -29), to: midnight(now, 1) }),
  all: (now, held) => ({
    from: midnight(held?.from ?? now),
    to: midnight(held?.to ?? now, 1)
  })
}

const lastHours = (now: number, hours: number) => {
  const to = Math.ceil((now + 1) / hour) * hour
  return { from: to - hours * hour, to }
}

export const isPreset = (text: string): text is Preset => presets.some(({ name }) => name === text)

const local = /^\d{4}-\d\d-\d\d(T\d\d:\d\d)?$/

/** A moment as `p` writes it: a local day or a local minute. A day that ends a range is included. */
function readMoment(text: string, end: boolean) {
  if (!local.test(text)) return NaN
  const at = new Date(text.includes('T') ? text : `${text}T00:00`).getTime()
  return end && !text.includes('T') ? midnight(at, 1) : at
}

/** The range of a `p` parameter; what cannot be read is the default. `held` is what the site holds. */
export function readPeriod(text: string, now: number, held: Period | null): Period {
  if (isPreset(text)) return ranges[text](now, held)
  const [start = '', end = start] = text.split(',')
  const [from, to] = [readMoment(start, false), readMoment(end, true)]
  return from < to ? { from, to } : ranges[defaultPreset](now, held)
}

const two = (n: number) => String(n).padStart(2, '0')
export const writeDay = (ms: number) => {
  const at = new Date(ms)
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
}
export const writeMinute = (ms: number) => {
  const at = new Date(ms)
  return `${writeDay(ms)}T${two(at.getHours())}:${two(at.getMinutes())}`
}

export function writePeriod({ from, to }: Period): string {
  if (from !== midnight(from) || to !== midnight(to)) return `${writeMinute(from)},${writeMinute(to)}`
  const last = writeDay(midnight(to, -1))
  return last === writeDay(from) ? last : `${writeDay(from)},${last}`
}

const wholeDays = ({ from, to }: Period) =>
  from === midnight(from) && to === midnight(to) ? Math.round((to - from) / (24 * hour)) : 0

/** The range of the same length before (-1) or after (1): whole days stay whole days. */
export function step(period: Period, direction: -1 | 1): Period {
  const days = wholeDays(period)
  if (days)
    return { from: midnight(period.from, days * direction), to: midnight(period.to, days * direction) }
  const length = (period.to - period.from) * direction
  return { from: period.from + length, to: period.to + length }
}
