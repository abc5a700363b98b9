import { offsetAt } from './buckets.ts'

const minute = 60_000
const day = 86_400_000

export const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone

export function isZone(name: string) {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }))
  } catch {
    return false
  }
}

const quarter = 15 * minute
const offsets = new Map<string, number>()

/** Clocks are changed at quarters of an hour; to ask `Intl` takes a tenth of a millisecond. */
function offsetIn(zone: string, instant: number) {
  const at = Math.floor(instant / quarter)
  const found = offsets.get(`${zone} ${at}`)
  if (found !== undefined) return found
  const offset = offsetAt(zone, at * quarter)
  if (offsets.size > 20_000) offsets.clear()
  offsets.set(`${zone} ${at}`, offset)
  return offset
}

/** What the clock of a zone shows at an instant, written as if it were UTC. */
export const wallOf = (instant: number, zone: string) => instant + offsetIn(zone, instant) * minute

/** When the clock of a zone shows a time: the first of two, or where the clock goes on when it skips that time. */
export function instantOf(wall: number, zone: string) {
  const [before = 0, after = 0] = [wall - day, wall + day].map((at) => wall - offsetIn(zone, at) * minute)
  const found = [before, after].filter((instant) => wallOf(instant, zone) === wall)
  return found.length ? Math.min(...found) : before
}

const midnightWall = (wall: number) => wall - (((wall % day) + day) % day)

/** Midnight of a zone, `days` after the day of an instant, whatever the clocks did in between. */
export const midnight = (at: number, zone: string, days = 0) =>
  instantOf(midnightWall(wallOf(at, zone)) + days * day, zone)

/** The first midnight of a month, `months` after the month of an instant. */
export function firstOfMonth(at: number, zone: string, months = 0) {
  const date = new Date(wallOf(at, zone))
  return instantOf(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1), zone)
}

/** Days and hours later by the clock of a zone. */
export const later = (at: number, zone: string, days: number) =>
  instantOf(wallOf(at, zone) + days * day, zone)

/** The same day and time of the clock, months later; the last day of a month that is too short for it. */
export function monthsLater(at: number, zone: string, months: number) {
  const date = new Date(wallOf(at, zone))
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + months]
  const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
  const first = Date.UTC(year, month, Math.min(date.getUTCDate(), last))
  return instantOf(first + date.getTime() - midnightWall(date.getTime()), zone)
}

/** `2026-11-21T13:40` by the clock of a zone. */
export const minuteText = (at: number, zone: string) => new Date(wallOf(at, zone)).toISOString().slice(0, 16)
export const dayText = (at: number, zone: string) => minuteText(at, zone).slice(0, 10)

/** `UTC+1`, `UTC-3:30`. */
export function offsetText(zone: string, at: number) {
  const minutes = offsetAt(zone, at)
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60]
  return minutes
    ? `UTC${minutes < 0 ? '−' : '+'}${hours}${rest ? `:${String(rest).padStart(2, '0')}` : ''}`
    : 'UTC'
}
