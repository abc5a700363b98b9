import { count, duration, exact, text } from './number.ts'

/** How two figures are compared: by share, as percentages in points, or by what lies between them. */
export type Unit = 'share' | 'points' | 'ms'

export const incomparable = '–'
/** What it is compared with is on its way. */
export const coming = '…'
export const stillLoading = (compared: string) => `The ${compared} is still loading`
const space = '\u00a0'

const signed = (value: number, digits: string) => (value < 0 ? `−${digits}` : `+${digits}`)

const trimmed = (size: number) => {
  const rounded = size < 99.95 ? size.toFixed(1) : text(count(Math.round(size)))
  return rounded === '0.0' ? '0' : rounded
}

/** `+6.2%`, `+118 ms`, `−0.22 pp`; `new` where there was nothing, and `–` where there is nothing to compare with. */
export function change(now: number | null, before: number | null, unit: Unit): string {
  if (now === null || before === null || Number.isNaN(now) || Number.isNaN(before)) return incomparable
  const by = now - before
  if (unit === 'ms') return Math.abs(by) < 0.05 ? `0${space}ms` : signed(by, text(duration(Math.abs(by))))
  if (unit === 'points') {
    const points = Math.abs(by * 100)
    const digits = points < 0.995 ? points.toFixed(2) : points.toFixed(1)
    return Number(digits) ? `${signed(by, digits)}${space}pp` : `0${space}pp`
  }
  if (before === 0) return now ? 'new' : '0%'
  const digits = trimmed(Math.abs(by / before) * 100)
  return digits === '0' ? '0%' : `${signed(by, digits)}%`
}

/** Whether a change is to be glad of; neither where no direction is better, or nothing has changed. */
export function verdict(now: number | null, before: number | null, better: 'up' | 'down' | undefined) {
  if (!better || now === null || before === null || now === before || Number.isNaN(now - before)) return ''
  return now > before === (better === 'up') ? 'good' : 'bad'
}

export const against = (before: number | null) => (before === null ? '' : `before: ${exact(before)}`)
