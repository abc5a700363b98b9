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

/** The figure as it is, for titles: nothing rounded away that was counted. A share is told in percent. */
export function exact(value: number | null, unit?: 'share' | 'points' | 'ms'): string {
  if (value === null) return '–'
  if (unit === 'points') return `${grouped(value * 100, 3)}%`
  return grouped(value, 3) + (unit === 'ms' ? `${space}ms` : '')
}
