import type { Format } from './format.ts'
import { readNames } from './names.ts'

const cell = (name: string) => String.raw`(?<${name}>[^,]*), `

const pattern = new RegExp(
  String.raw`^(?<remote_addr>[\da-f.:]+), ${cell('user')}(?<date>\d{1,2}\/\d{1,2}\/\d{2}(?:\d{2})?), (?<clock>\d{1,2}:\d\d:\d\d), ` +
    `${cell('site_id')}${cell('hostname')}${cell('server_addr')}` +
    String.raw`(?<duration_ms>\d+), (?<request_bytes>\d+), (?<bytes>\d+), (?<status>\d{1,3}), (?<win32_status>\d+), ` +
    String.raw`(?<method>[^\s,]+), (?<path>.*?), (?<query>[^\s,]\S*?),? *$`,
  'i'
)

/**
 * IIS' own format, with commas. Its time is local and names no zone; it shows no agent, and escapes nothing.
 */
export const iis: Format<string> = {
  name: 'iis',
  matches: (line) => pattern.test(line),
  read(hit, line, source) {
    const { date, clock, ...found } = pattern.exec(line)!.groups!
    readNames(hit, { ...found, time: `${isoOf(date!)} ${clock!.padStart(8, '0')}` }, source)
  }
}

/** The day, written as month/day/year; a first number that is no month is the day. */
function isoOf(date: string): string {
  const [first, second, year] = date.split('/').map(Number) as [number, number, number]
  const [month, day] = first > 12 ? [second, first] : [first, second]
  const parts = [year < 100 ? 2000 + year : year, month, day]
  return parts.map((part) => String(part).padStart(2, '0')).join('-')
}
