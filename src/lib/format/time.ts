const formats = {
  short: { weekday: 'short', day: 'numeric', month: 'short' },
  long: { day: 'numeric', month: 'short', year: 'numeric' },
  month: { month: 'short', year: 'numeric' },
  clock: { hour: '2-digit', minute: '2-digit' }
} satisfies Record<string, Intl.DateTimeFormatOptions>

let zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone
const made = new Map<string, Intl.DateTimeFormat>()

/** From now on times are told by the clock of the zone that this gives: the browser's, until another is chosen. */
export const tellTimesIn = (chosen: () => string) => {
  zone = chosen
}

function inZone(format: keyof typeof formats) {
  const key = `${format} ${zone()}`
  const found = made.get(key) ?? new Intl.DateTimeFormat('en-GB', { ...formats[format], timeZone: zone() })
  made.set(key, found)
  return found
}

export const time = (ms: number) => inZone('clock').format(ms)
export const day = (ms: number) => inZone('short').format(ms).replace(',', '')
export const date = (ms: number) => inZone('long').format(ms)
export const month = (ms: number) => inZone('month').format(ms)

const yearOf = (ms: number) => date(ms).slice(-4)
const isOfThisYear = (ms: number) => yearOf(ms) === yearOf(Date.now())

/** `Sat 21 Nov`, or `21 Nov 2025` where that is not of the year which those who read it have in mind. */
export const dated = (ms: number, minded = Date.now()) => (yearOf(ms) === yearOf(minded) ? day(ms) : date(ms))
/** `Sat 21 Nov 13:40` */
export const moment = (ms: number) => `${dated(ms)} ${time(ms)}`

/** `Sat 21 Nov 13:40`, or `Sat 21 Nov 13:40 – Sun 22 Nov 02:00`; whole days without their hours, other years with theirs. */
export function span(from: number, to: number) {
  const isMidnight = (ms: number) => time(ms) === '00:00'
  const last = to - 1
  const isDays = date(from) !== date(last)
  const isFar = yearOf(from) !== yearOf(last)
  const start = isFar ? date(from) : day(from)
  const end = (ms: number) => (isFar ? date(ms) : isOfThisYear(ms) ? day(ms) : `${day(ms)} ${yearOf(ms)}`)
  if (isMidnight(from) && isMidnight(to)) return isDays ? `${start} – ${end(last)}` : end(from)
  return isDays
    ? `${start} ${time(from)} – ${end(to)} ${time(to)}`
    : `${end(from)} ${time(from)} – ${time(to)}`
}

/** A clock may be so far ahead of another before what it dates is said to be ahead. */
export const skew = 300_000

export function ago(ms: number) {
  const seconds = Math.max(0, Math.round(ms / 1000))
  if (seconds < 90) return `${seconds} s`
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`
  if (seconds < 36 * 3600) return `${Math.round(seconds / 3600)} h`
  return `${Math.round(seconds / 86_400)} days`
}
