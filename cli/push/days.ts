const day = 86_400_000

/** Each UTC day from one to another, both as `2026-11-21`, oldest first. Throws with a sentence where a date is none. */
export function daysBetween(from: string, to: string): Date[] {
  const [first, last] = [readDay(from), readDay(to)]
  if (last < first) throw new Error(`The last day, ${to}, is before the first, ${from}`)
  return Array.from({ length: (last - first) / day + 1 }, (_, i) => new Date(first + i * day))
}

function readDay(text: string): number {
  const time = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN
  if (Number.isNaN(time) || dayOf(time) !== text)
    throw new Error(`${text} is not a day: write it as 2026-11-21`)
  return time
}

/** The UTC day of a time in ms since 1970, `2026-11-21`. */
export const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10)

/** So many days before a time. */
export const daysBefore = (time: number, days: number): string => dayOf(time - days * day)

const parts = /\{(yyyy|yy|mm|dd)\}/g

/** Whether an address has places for a date. */
export const isTemplate = (address: string): boolean => address.search(parts) >= 0

/** An address with a day in its places: `{yyyy}`, `{yy}`, `{mm}`, `{dd}`. */
export function fillDay(address: string, date: Date): string {
  const [yyyy = '', mm = '', dd = ''] = dayOf(date.getTime()).split('-')
  const values: Record<string, string> = { yyyy, yy: yyyy.slice(2), mm, dd }
  return address.replace(parts, (_, name: string) => values[name]!)
}
