import type { Period } from './period.ts'
import { later, monthsLater } from './clock.ts'
import { readRange, step, wholeDays, wholeMonths } from './range.ts'

const day = 86_400_000

interface Comparison {
  readonly name: string
  readonly title: string
  /** Whether it says something of its own about a range of so many days. */
  readonly suits: (days: number) => boolean
  readonly of: (period: Period, zone: string) => Period
}

const shift = ({ from, to }: Period, zone: string, days: number): Period => ({
  from: later(from, zone, days),
  to: later(to, zone, days)
})

const lengthInDays = ({ from, to }: Period) => (to - from) / day

/** What a range is compared with, by the name it has in the address. */
export const comparisons: readonly Comparison[] = [
  { name: 'prev', title: 'Previous period', suits: () => true, of: (period, zone) => step(period, -1, zone) },
  {
    name: 'week',
    title: 'Same days last week',
    suits: (days) => days < 6.9,
    of: (period, zone) => shift(period, zone, -7)
  },
  {
    name: 'weekday',
    title: 'Previous, same weekdays',
    suits: (days) => days > 7.1 && Math.round(days) % 7 > 0,
    of: (period, zone) => shift(period, zone, -7 * Math.ceil(lengthInDays(period) / 7 - 0.01))
  },
  {
    name: 'year',
    title: 'Same days last year',
    suits: () => true,
    of: ({ from, to }, zone) => ({ from: monthsLater(from, zone, -12), to: monthsLater(to, zone, -12) })
  }
]

export const defaultComparison = 'prev'

/** Those worth offering for a range, and the one that is chosen. */
export const offered = (period: Period, chosen: string) =>
  comparisons.filter(({ name, suits }) => name === chosen || suits(lengthInDays(period)))

/** The range that a `cmp` parameter stands for. What is not drawn (`off`) is compared all the same. */
export function compare(period: Period, text: string, zone: string): Period {
  const found = comparisons.find(({ name }) => name === text)
  if (found) return found.of(period, zone)
  return readRange(text, zone) ?? step(period, -1, zone)
}

/** What it is called beside a figure. */
export function titleOf(period: Period, text: string, zone: string) {
  if (text === 'week') return 'last week'
  if (text === 'year') return 'last year'
  if (readRange(text, zone)) return 'other period'
  const days = wholeDays(period, zone)
  if (days === 1) return text === 'weekday' ? 'last week' : 'previous day'
  if (days === 7) return 'previous week'
  const months = wholeMonths(period, zone)
  return months === 1 ? 'previous month' : months === 12 ? 'previous year' : 'previous period'
}
