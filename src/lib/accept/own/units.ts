import { readText, type Fields } from '../fields.ts'

/** Times in units that `names.ts` does not know, and dates apart from their clocks. */
export function inOurUnits({
  duration_us,
  duration_ns,
  date,
  clock,
  fraction,
  peer,
  ...found
}: Fields): Fields {
  const millis = (value: unknown, share: number) => (isNumber(value) ? Number(value) / share : value)
  return {
    ...found,
    ...(isCalendar(found.time) && { time: isoOf(found.time) }),
    ...(peer !== undefined && (found.remote_addr === undefined ? { remote_addr: peer } : { peer })),
    ...(fraction !== undefined && { fraction }),
    ...(duration_us !== undefined && { duration_ms: millis(duration_us, 1e3) }),
    ...(duration_ns !== undefined && { duration_ms: millis(duration_ns, 1e6) }),
    ...(date !== undefined && { time: clock === undefined ? date : join(String(date), String(clock)) })
  }
}

const isNumber = (value: unknown) => /^\d{1,18}(?:\.\d+)?$/.test(readText(value) ?? '')
const join = (date: string, clock: string) =>
  `${date}${date.includes('/') && !/^\d{4}/.test(date) ? ':' : 'T'}${clock}`

const months = 'JanFebMarAprMayJunJulAugSepOctNovDec'
const calendar = /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) ([ \d]\d) (\d\d:\d\d:\d\d(?:\.\d+)?) (\d{4})$/

/** Whether a time is written as C's `ctime` writes it: `Mon Nov 30 06:10:11 2026`. */
const isCalendar = (time: unknown): time is string => typeof time === 'string' && calendar.test(time)

function isoOf(time: string): string {
  const [, month = '', day = '', clock = '', year = ''] = calendar.exec(time) ?? []
  const number = months.indexOf(month) / 3 + 1
  return `${year}-${String(number).padStart(2, '0')}-${day.replace(' ', '0')}T${clock}`
}
