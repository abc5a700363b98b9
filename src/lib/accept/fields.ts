import type { AcceptedHit } from '#lib/schema/hit.ts'
import type { OwnFormat } from './formats/format.ts'
import { scrubValue } from './scrub.ts'
import { judgeTime, readTime, type Moment } from './time.ts'
import type { Zone } from './zone.ts'

/** What accepting a batch needs to know besides its bytes. */
export interface Context {
  /** When the batch arrived, ms since 1970. */
  received: number
  /** Id of the token it came with, for the column. */
  token: string | null
  /** Minutes east of UTC for times that name no zone, or the zone that they are in. */
  utc_offset?: number | Zone
  /** The token names the site: what a record calls its service, however spelled, is not asked. */
  is_single?: boolean
  /** Formats that the site or the token describes: they go before all others. */
  formats?: readonly OwnFormat[]
}

/** The context of one record: what its wrapper said, for what the record itself leaves open. */
export interface Source extends Context {
  /** A fall-back only: the record's own time counts. */
  time: unknown
  server: string | null
  service: unknown
}

/** A record as parsed; only names that the tables list are ever read from it. */
export type Fields = Record<string, unknown>

/** A record to be filled. It inherits nothing: a stranger may call a field `constructor`. */
export const emptyRecord = (): Fields => Object.create(null) as Fields

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A hit of nothing but defaults. Every hit is made here, so that all share one hidden class. */
export function blankHit(source: Source, shape: string): AcceptedHit {
  return {
    kind: 'request',
    time: source.received,
    utc_offset: null,
    host: null,
    method: null,
    path: null,
    query: null,
    protocol: null,
    scheme: null,
    status: null,
    bytes: null,
    request_bytes: null,
    duration: null,
    upstream_duration: null,
    upstream_status: null,
    cache_status: null,
    referrer: null,
    user_agent: null,
    ip: null,
    client_name: null,
    remote_user: null,
    server: source.server,
    request_id: null,
    message: null,
    extra: null,
    shape,
    token: source.token,
    flags: null
  }
}

/** Notes on the hit what was repaired or doubtful. */
export function flag(hit: Pick<AcceptedHit, 'flags'>, word: string): void {
  if (hit.flags === null) hit.flags = word
  else if (!hit.flags.split(',').includes(word)) hit.flags += ',' + word
}

/** The text of a value; null for what logs write when there is none. */
export function readText(value: unknown): string | null {
  if (typeof value === 'string') return value === '' || value === '-' ? null : value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return Array.isArray(value) && !Array.isArray(value[0]) ? readText(value[0]) : null
}

/** Shortens to `longest` UTF-16 units without splitting a character, and says so. */
export function cut(hit: AcceptedHit, text: string, longest: number): string {
  if (text.length <= longest) return text
  flag(hit, 'cut')
  const code = text.charCodeAt(longest - 1)
  return text.slice(0, code >= 0xd800 && code < 0xdc00 ? longest - 1 : longest)
}

/** The mark of a hit whose format shows the agent, where the client sent none: it declares a machine. */
export const noAgent = 'no_agent'
/** The mark of a hit whose address is that of a proxy: the log did not tell the client's. */
export const ofProxy = 'ip_of_proxy'

export function noteAgent(hit: AcceptedHit): void {
  flag(hit, noAgent)
}

/** Takes the mark back: the format leaves the agent out. */
export function forgetAgent(hit: AcceptedHit): void {
  const words = hit.flags?.split(',').filter((word) => word !== noAgent) ?? []
  hit.flags = words.length === 0 ? null : words.join(',')
}

/** The agent of a hit as JSON, so that it can be read again: empty if the client sent none, absent if the format has none. */
export function agentField({ user_agent, flags }: Pick<AcceptedHit, 'user_agent' | 'flags'>): {
  user_agent: string | undefined
} {
  const isNone = flags !== null && flags.split(',').includes(noAgent)
  return { user_agent: user_agent ?? (isNone ? '' : undefined) }
}

const longestExtra = 2048
/** Less room than this drops the value; a cut value takes at most the longest, which leaves room for other keys. */
const shortestCut = 16
const longestCut = 1024

/**
 * Adds a key to `extra`, a JSON object as text. A value that does not fit is cut, one that has no room is left out; the
 * flag `cut` says so. A key that is there already gets a number.
 */
export function keepExtra(hit: AcceptedHit, key: string, value: unknown): void {
  if (value === null || value === undefined || value === '' || value === '-') return
  const start = hit.extra === null ? '{' : `${hit.extra.slice(0, -1)},`
  const name = JSON.stringify(hit.extra === null ? key : freeKey(hit.extra, key))
  // Most of what comes once `extra` is full has no room whatever it is.
  const room = longestExtra - start.length - name.length - 2
  if (room < shortestCut) return flag(hit, 'cut')
  const kept = scrubValue(key, value)
  const json = JSON.stringify(kept)
  if (json.length > room) flag(hit, 'cut')
  const text =
    json.length > room ? cutJson(typeof kept === 'string' ? kept : json, Math.min(room, longestCut)) : json
  hit.extra = `${start}${name}:${text}}`
}

function freeKey(extra: string, key: string): string {
  if (!extra.includes(`"${key}"`)) return key
  const keys = new Set(Object.keys(JSON.parse(extra) as object))
  let number = 2
  while (keys.has(`${key}_${number}`)) number++
  return keys.has(key) ? `${key}_${number}` : key
}

/** As much of a text as its JSON has room for. */
function cutJson(text: string, room: number): string {
  let kept = text.slice(0, room - 2)
  while (JSON.stringify(kept).length > room) kept = kept.slice(0, -Math.ceil(kept.length / 16))
  const code = kept.charCodeAt(kept.length - 1)
  return JSON.stringify(code >= 0xd800 && code < 0xdc00 ? kept.slice(0, -1) : kept)
}

/**
 * The time of a hit: the line's own, whatever the clock says. The clock at arrival is wrong more often than it seems, and
 * a line that comes again must be the same line. A hit without one has the time of its wrapper, or of arrival.
 */
export function putTime(hit: AcceptedHit, value: unknown, source: Source): void {
  const moment = readOwnTime(hit, value, source) ?? readTime(source.time)
  if (moment === null) {
    flag(hit, 'no_time')
    keepExtra(hit, 'time', value)
    return
  }
  const time = placeTime(hit, moment, source)
  const verdict = time === null ? null : judgeTime(time, source.received)
  if (verdict !== null) flag(hit, verdict)
  if (moment.guessed) flag(hit, 'epoch')
  if (time === null) keepExtra(hit, 'time', value)
  else hit.time = time
}

/** Null if the line has no time, or only one without a zone while that of its wrapper needs none. */
function readOwnTime(hit: AcceptedHit, value: unknown, source: Source): Moment | null {
  const moment = readTime(value)
  const needsZone = moment !== null && moment.offset === null && source.utc_offset === undefined
  if (!needsZone || (readTime(source.time)?.offset ?? null) === null) return moment
  flag(hit, 'wrapper_time')
  keepExtra(hit, 'time', value)
  return null
}

function placeTime(hit: AcceptedHit, moment: Moment, source: Source): number | null {
  if (moment.offset !== null) {
    hit.utc_offset = moment.offset
    return moment.time
  }
  if (source.utc_offset === undefined) {
    flag(hit, 'no_zone')
    return null
  }
  flag(hit, 'site_zone')
  const offset = typeof source.utc_offset === 'number' ? source.utc_offset : source.utc_offset(moment.time)
  hit.utc_offset = offset
  return moment.time - offset * 60_000
}

const borrowed = ['no_time', 'no_zone', 'site_zone', 'wrapper_time']

/** Whether the time of a hit with these flags is the line's own: no clock and no setting has a part in it. */
export function isOwnTime(flags: string | null): boolean {
  return flags === null || !flags.split(',').some((word) => borrowed.includes(word))
}

/** 100 to 999, also from `"200 OK"` and `[200]`; null, with a flag, if it is not a status. */
export function readStatus(hit: AcceptedHit, value: unknown): number | null {
  const only = Array.isArray(value) && value.length === 1 ? (value[0] as unknown) : value
  const status = typeof only === 'string' ? leadingNumber(only) : only
  if (typeof status === 'number' && status >= 100 && status <= 999 && Number.isInteger(status)) return status
  if (readText(value) !== null) flag(hit, 'status')
  return null
}

/** `200` of `200` and `200 OK`, NaN of anything else. */
function leadingNumber(text: string): number {
  if (text.length === 3) {
    const a = text.charCodeAt(0) - 0x30
    const b = text.charCodeAt(1) - 0x30
    const c = text.charCodeAt(2) - 0x30
    if (a >= 0 && a < 10 && b >= 0 && b < 10 && c >= 0 && c < 10) return a * 100 + b * 10 + c
    return NaN
  }
  const match = /^\s*(\d{3})(?:\s|$)/.exec(text)
  return match === null ? NaN : Number(match[1])
}

/** A count of bytes: a whole number that a double holds exactly. */
export function readBytes(hit: AcceptedHit, value: unknown): number | null {
  if (typeof value === 'number' && value >= 0 && Number.isSafeInteger(value)) return value
  const text = readText(value)
  if (text === null) return null
  const bytes = wholeNumber(text)
  if (Number.isSafeInteger(bytes)) return bytes
  flag(hit, 'bytes')
  return null
}

function wholeNumber(text: string): number {
  let value = 0
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 0x30
    if (digit < 0 || digit > 9 || i > 15) return /^\d{1,16}\.0*$/.test(text) ? Number(text) : NaN
    value = value * 10 + digit
  }
  return value
}

const units: Record<string, number> = { ns: 1e-6, us: 1e-3, µs: 1e-3, μs: 1e-3, ms: 1, s: 1e3, m: 6e4 }

/**
 * Milliseconds of a time span counted in `unit` ms. nginx lists one span for each upstream it tried
 * (`0.1, 0.2 : -`): they are summed.
 */
export function readDuration(hit: AcceptedHit, value: unknown, unit: number): number | null {
  if (typeof value === 'number') return judgeDuration(hit, value * unit)
  const text = readText(value)
  if (text === null) return null
  if (!text.includes(',') && !text.includes(':')) return judgeDuration(hit, oneDuration(text, unit))
  const spans = parts(text)
    .filter((part) => part !== '-')
    .map((part) => oneDuration(part, unit))
  return spans.length === 0
    ? null
    : judgeDuration(
        hit,
        spans.reduce((sum, span) => sum + span, 0)
      )
}

function oneDuration(text: string, unit: number): number {
  if (/^\d{1,15}\.\d{1,15}$/.test(text)) return Number(text) * unit
  // Go writes `1h2m3.5s`.
  const whole = /^(?:(\d{1,9})h)?(\d{1,9})m(\d{1,2}(?:\.\d{1,9})?)s$/.exec(text)
  if (whole !== null) return Number(whole[1] ?? 0) * 36e5 + Number(whole[2]) * 6e4 + Number(whole[3]) * 1e3
  const match = /^\s*(-?\d{1,15}(?:\.\d{0,15})?)\s*(ns|us|µs|μs|ms|s|m)?\s*$/.exec(text)
  return match === null ? NaN : Number(match[1]) * (match[2] === undefined ? unit : units[match[2]]!)
}

/** Microseconds are the finest that servers measure: more digits are noise of the multiplication. */
function judgeDuration(hit: AcceptedHit, duration: number): number | null {
  if (duration >= 0 && duration < 1e12) return Math.round(duration * 1000) / 1000
  flag(hit, 'duration')
  return null
}

/** The status of the last upstream that was tried. */
export function readLastStatus(hit: AcceptedHit, value: unknown): number | null {
  const text = readText(value)
  return text === null
    ? null
    : readStatus(
        hit,
        parts(text).findLast((part) => part !== '-')
      )
}

function parts(text: string): string[] {
  return text
    .slice(0, 1024)
    .split(/[,:]/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
}
