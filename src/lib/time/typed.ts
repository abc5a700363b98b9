const day = 86_400_000
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

/** Days are told as the page tells them elsewhere, whatever the browser's language. */
const format = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC'
})

/** `19 Feb 2020` for `2020-02-19`; what is no day stays as it is. */
export const sayDay = (iso: string) => (isDay(iso) ? format.format(Date.parse(iso)) : iso)

const isDay = (iso: string) => {
  const at = Date.parse(`${iso}T00:00Z`)
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(iso)
}

const pad = (number: string | number, digits: number) => String(number).padStart(digits, '0')

/** Reads `19 Feb 2020`, `19 Feb`, `19.2.2020`, `19/2/2020` or `2020-02-19`; null if it is no day. */
export function readDay(text: string, year: number): string | null {
  const words = text.trim().toLowerCase()
  const [, y, m, d] = /^(\d{4})-(\d\d?)-(\d\d?)$/.exec(words) ?? []
  const [, d2, m2, y2] = /^(\d\d?)[./](\d\d?)[./](\d{4})$/.exec(words) ?? []
  const [, d3, name, y3] = /^(?:[a-z]{3,9},? )?(\d\d?)\.? ([a-z]{3,9})\.?(?:,? (\d{4}))?$/.exec(words) ?? []
  const month = m ?? m2 ?? (name ? months.indexOf(name.slice(0, 3)) + 1 : 0)
  const iso = `${pad(y ?? y2 ?? y3 ?? year, 4)}-${pad(month, 2)}-${pad(d ?? d2 ?? d3 ?? '', 2)}`
  return isDay(iso) ? iso : null
}

/** Reads `9:05` or `09.05` as `09:05`; an empty text stays one, and null is no time. */
export function readClock(text: string): string | null {
  const words = text.trim()
  if (words === '') return ''
  const [, hour, minute] = /^(\d\d?)[:.](\d\d)$/.exec(words) ?? []
  if (!hour || !minute || Number(hour) > 23 || Number(minute) > 59) return null
  return `${pad(hour, 2)}:${minute}`
}

/** A day that is so many days after another, as `2020-02-19`. */
export const daysAfter = (iso: string, days: number) =>
  new Date(Date.parse(iso) + days * day).toISOString().slice(0, 10)

/** A month that is so many months after that of a day, as `2020-02`. */
export function monthAfter(iso: string, count: number): string {
  const date = new Date(`${iso.slice(0, 7)}-01`)
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + count)).toISOString().slice(0, 7)
}

/** The weeks of a month, from Monday on; null where a day is of another month. */
export function weeksOf(month: string): (string | null)[][] {
  const first = `${month}-01`
  const ahead = (new Date(first).getUTCDay() + 6) % 7
  const length = Math.round((Date.parse(`${monthAfter(first, 1)}-01`) - Date.parse(first)) / day)
  return Array.from({ length: Math.ceil((ahead + length) / 7) }, (_, week) =>
    Array.from({ length: 7 }, (_, i) => {
      const at = week * 7 + i - ahead
      return at < 0 || at >= length ? null : daysAfter(first, at)
    })
  )
}
