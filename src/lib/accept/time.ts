/** A time as logged: milliseconds since 1970 as if it were UTC, and the zone it came with. */
export interface Moment {
  /** UTC where `offset` is known; otherwise the wall clock read as UTC. */
  time: number
  /** Minutes east of UTC, or null when the text names no zone. */
  offset: number | null
  /** True when a bare number was taken for something other than seconds. */
  guessed: boolean
}

const minute = 60_000
const day = 86_400_000
const months = 'JanFebMarAprMayJunJulAugSepOctNovDec'

// Lines of a log share their second, and nearly all of a batch its day.
let lastText = ''
let lastMoment: Moment | null = null
let lastYear = -1
let lastMonth = -1
let lastDay = -1
let lastMidnight = 0

/** Reads ISO 8601, RFC 1123, `15/Jan/2026:10:11:12 +0330`, `2026/01/15 10:11:12` and epochs of any magnitude. */
export function readTime(value: unknown): Moment | null {
  if (typeof value === 'number') return inRange(readEpoch(value))
  if (typeof value !== 'string') return null
  if (value === lastText) return lastMoment
  const moment = inRange(readText(value.trim()))
  lastText = value
  lastMoment = moment
  return moment
}

/** No request was logged outside. The bounds do not move with the clock, or a line would be another one later. */
const earliest = Date.UTC(1970, 0)
const latest = Date.UTC(2100, 0)

/** A smaller number is no date: it counts something else. */
export const earliestEpoch = 1e8

function inRange(moment: Moment | null): Moment | null {
  return moment !== null && moment.time >= earliest && moment.time < latest ? moment : null
}

/** RFC 1123, as in headers of HTTP: `Mon, 30 Nov 2026 06:10:11 GMT`. */
const httpDate = /^[A-Z][a-z]{2}, {1,2}(\d{1,2}) ([A-Z][a-z]{2}) (\d{4} .+)$/

/** As the C library writes it: `Mon Nov 30 06:10:11 2026`, perhaps with `UTC` before the year. */
const asctime = /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) ([ \d]\d) (\d\d:\d\d:\d\d(?:\.\d+)?)( (?:UTC|GMT))? (\d{4})$/

function readText(text: string): Moment | null {
  // Tomcat and Apache put brackets around the time.
  if (text.length < 64 && text.charCodeAt(0) === 0x5b && text.endsWith(']'))
    return readText(text.slice(1, -1).trim())
  if (text.length < 64 && text.charCodeAt(2) === 0x2f) return readLocal(text)
  // The day may be padded with a space, which is gone by now.
  if (text.length < 64 && text.charCodeAt(1) === 0x2f) return readLocal(`0${text}`)
  const separator = text.charCodeAt(4)
  if (text.length < 64 && (separator === 0x2d || separator === 0x2f)) return readIso(text)
  const dated = text.length < 64 ? httpDate.exec(text) : null
  if (dated !== null) return readLocal(`${dated[1]!.padStart(2, '0')}/${dated[2]}/${dated[3]}`)
  const clock = text.length < 64 ? asctime.exec(text) : null
  if (clock !== null)
    return readLocal(`${clock[2]!.replace(' ', '0')}/${clock[1]}/${clock[5]}:${clock[3]}${clock[4] ?? ''}`)
  return /^-?\d{1,20}(?:\.\d{1,12})?$/.test(text) ? readEpoch(Number(text)) : null
}

/** Seconds up to the year 5138; what is larger can only be milli-, micro- or nanoseconds. */
function readEpoch(value: number): Moment | null {
  const size = Math.abs(value)
  if (!(size >= earliestEpoch && size < 1e20)) return null
  const factor = size < 1e11 ? 1e3 : size < 1e14 ? 1 : size < 1e17 ? 1e-3 : 1e-6
  return { time: Math.round(value * factor), offset: 0, guessed: factor !== 1e3 }
}

function readIso(text: string): Moment | null {
  const midnight = midnightOf(digits(text, 0, 4), digits(text, 5, 2), digits(text, 8, 2))
  if (midnight === null || text.charCodeAt(7) !== text.charCodeAt(4)) return null
  return text.length === 10 ? null : readClock(text, 11, midnight)
}

function readLocal(text: string): Moment | null {
  const midnight = midnightOf(digits(text, 7, 4), monthAt(text, 3), digits(text, 0, 2))
  return midnight === null ? null : readClock(text, 12, midnight)
}

let lastName = 'Jan'
let lastNumber = 1

function monthAt(text: string, at: number): number {
  if (text.startsWith(lastName, at)) return lastNumber
  const name = text.slice(at, at + 3)
  // Some write `NOV` or `nov`.
  const place = months.indexOf(name.charAt(0).toUpperCase() + name.slice(1).toLowerCase())
  if (place < 0 || place % 3 !== 0 || name.length < 3) return 0
  lastName = name
  lastNumber = place / 3 + 1
  return lastNumber
}

function midnightOf(year: number, month: number, dayOfMonth: number): number | null {
  if (year === lastYear && month === lastMonth && dayOfMonth === lastDay) return lastMidnight
  if (year < 0 || month < 1 || month > 12 || dayOfMonth < 1 || dayOfMonth > 31) return null
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, dayOfMonth)
  if (date.getUTCDate() !== dayOfMonth) return null
  lastYear = year
  lastMonth = month
  lastDay = dayOfMonth
  lastMidnight = date.getTime()
  return lastMidnight
}

/** `HH:MM[:SS[.fraction]][zone]`; a leap second counts as the first of the next minute, as in POSIX. */
function readClock(text: string, at: number, midnight: number): Moment | null {
  // `: 9:11:12` pads the hour with a space.
  const hour = text.charCodeAt(at) === 0x20 ? digits(text, at + 1, 1) : digits(text, at, 2)
  const minutes = digits(text, at + 3, 2)
  const hasSeconds = text.charCodeAt(at + 5) === 0x3a
  const seconds = hasSeconds ? digits(text, at + 6, 2) : 0
  if (text.charCodeAt(at + 2) !== 0x3a || hour < 0 || hour > 23 || minutes < 0 || minutes > 59) return null
  if (seconds < 0 || seconds > 60) return null
  let end = at + (hasSeconds ? 8 : 5)
  let fraction = 0
  const mark = text.charCodeAt(end)
  if (mark === 0x2e || mark === 0x2c) {
    let scale = 100
    for (end++; isDigit(text.charCodeAt(end)); end++, scale /= 10) {
      if (scale >= 1) fraction += (text.charCodeAt(end) - 0x30) * scale
    }
  }
  const time = midnight + hour * 3_600_000 + minutes * minute + seconds * 1000 + fraction
  const offset = readZone(text, end)
  if (offset === undefined) return null
  return { time: offset === null ? time : time - offset * minute, offset, guessed: false }
}

/** Minutes east of UTC; null when there is no zone, undefined when what stands there is none. */
function readZone(text: string, start: number): number | null | undefined {
  const at = text.charCodeAt(start) === 0x20 ? start + 1 : start
  if (at >= text.length) return null
  const sign = text.charCodeAt(at)
  if (sign === 0x5a || sign === 0x7a) return at + 1 === text.length ? 0 : undefined
  if (sign !== 0x2b && sign !== 0x2d) return /^(?:UTC|GMT)$/.test(text.slice(at)) ? 0 : undefined
  const hours = digits(text, at + 1, 2)
  const colon = text.charCodeAt(at + 3) === 0x3a ? 1 : 0
  const hasMinutes = text.length > at + 3
  const minutes = hasMinutes ? digits(text, at + 3 + colon, 2) : 0
  if (hours < 0 || hours > 18 || minutes < 0 || minutes > 59) return undefined
  const end = at + 5 + colon
  // Go writes the name of the zone behind its offset.
  if (hasMinutes && text.length !== end && !/^ [A-Z]{3,5}$/.test(text.slice(end))) return undefined
  return sign === 0x2d ? -(hours * 60 + minutes) : hours * 60 + minutes
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39
}

/** The number that `count` digits at `at` spell, or -1. */
function digits(text: string, at: number, count: number): number {
  let value = 0
  for (let i = at; i < at + count; i++) {
    const code = text.charCodeAt(i)
    if (!isDigit(code)) return -1
    value = value * 10 + code - 0x30
  }
  return value
}

/** Where a hit stands in time, seen from when it was received: more than a day ahead, or before 2000. */
export function judgeTime(time: number, received: number): 'skew' | 'old' | null {
  if (time > received + day) return 'skew'
  return time < 946_684_800_000 ? 'old' : null
}
