/** A number ready to be shown; apart from its unit, which large figures set smaller. */
export interface Quantity {
  digits: string
  unit: string
}

export const unknown: Quantity = { digits: '–', unit: '' }

const space = '\u00a0'

/** Made when a number is first shown: it takes ten milliseconds and more, before which nothing would be painted. */
const numbers = new Map<number, Intl.NumberFormat>()
function grouped(value: number, decimals: number) {
  const found = numbers.get(decimals) ?? new Intl.NumberFormat('en', { maximumFractionDigits: decimals })
  numbers.set(decimals, found)
  return found.format(value)
}
const whole = (value: number) => grouped(value, 0)

/** Three significant digits in the first unit that keeps them below a thousand. */
function scaled(value: number, step: number, units: readonly string[]): Quantity {
  let unit = 0
  while (unit < units.length - 1 && Number(value.toPrecision(3)) >= step) {
    value /= step
    unit++
  }
  const digits = value >= step ? whole(value) : value.toPrecision(3)
  return { digits, unit: units[unit] ?? '' }
}

export function count(value: number | null): Quantity {
  if (value === null) return unknown
  if (Math.round(value) < 10_000) return { digits: whole(value), unit: '' }
  return scaled(value / 1000, 1000, ['k', 'M', 'B'])
}

export function bytes(value: number | null): Quantity {
  if (value === null) return unknown
  if (value < 1000) return { digits: whole(value), unit: `${space}B` }
  return scaled(value / 1000, 1000, [`${space}kB`, `${space}MB`, `${space}GB`, `${space}TB`])
}

export function duration(ms: number | null): Quantity {
  if (ms === null) return unknown
  if (ms < 9.95) return { digits: ms.toFixed(1), unit: `${space}ms` }
  if (ms < 10_000) return { digits: whole(ms), unit: `${space}ms` }
  if (ms < 59_950) return { digits: (ms / 1000).toFixed(1), unit: `${space}s` }
  return { digits: (ms / 60_000).toFixed(1), unit: `${space}min` }
}

export function percent(share: number | null): Quantity {
  if (share === null) return unknown
  const value = share * 100
  if (value > 0 && value < 0.005) return { digits: '<0.01', unit: '%' }
  return { digits: value === 0 ? '0' : value.toFixed(value < 0.995 ? 2 : value < 99.95 ? 1 : 0), unit: '%' }
}

export const text = ({ digits, unit }: Quantity) => digits + unit

/** A round quantity as an axis says it: without the digits that only tell how exact it is. */
export function tick({ digits, unit }: Quantity) {
  if (unit === `${space}ms` && digits.includes(','))
    return `${Number(digits.replace(',', '')) / 1000}${space}s`
  return (digits.includes('.') ? digits.replace(/\.?0+$/, '') : digits) + unit
}

/** The figure as it is, for titles: nothing rounded away that was counted. */
export const exact = (value: number | null) => (value === null ? '–' : grouped(value, 3))

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
