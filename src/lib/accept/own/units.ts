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
