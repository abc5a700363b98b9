import type { Fields } from '../fields.ts'
import type { Format } from './format.ts'
import { readNames } from './names.ts'

/** nginx's own variable names, which most people write. */
export const nginx: Format<Fields> = {
  name: 'nginx',
  matches: (record) =>
    record.remote_addr !== undefined ||
    record.request_uri !== undefined ||
    record.http_user_agent !== undefined ||
    record.body_bytes_sent !== undefined,
  read: (hit, record, source) =>
    readNames(
      hit,
      isOfNginx(record) || isOfZap(record) || isOfSlog(record) ? inSeconds(record) : record,
      source
    )
}

/** A record without any of these tells of no request. */
const requestNames =
  'path request status code uri url status_code method statusCode httpMethod requestMethod requestUri requestUrl requestPath Path Url Uri Method Status StatusCode RequestPath'.split(
    ' '
  )

/** A record of no known server that names parts of a request. */
export const generic: Format<Fields> = {
  name: 'generic',
  matches: (record) => requestNames.some((name) => record[name] !== undefined),
  read: (hit, record, source) =>
    readNames(hit, isOfZap(record) || isOfSlog(record) ? inSeconds(record) : record, source)
}

/** nginx measures in seconds only. `remote_addr` alone is a name that many use: then nginx's three decimals tell. */
function isOfNginx(record: Fields): boolean {
  return (
    record.http_user_agent !== undefined ||
    record.body_bytes_sent !== undefined ||
    record.request_uri !== undefined ||
    record.time_iso8601 !== undefined ||
    record.time_local !== undefined ||
    (typeof record.duration === 'string' && /^\d{1,9}\.\d{3}$/.test(record.duration))
  )
}

/** Go's zap counts times and spans in seconds with a fraction. */
function isOfZap({ ts, level }: Fields): boolean {
  return typeof ts === 'number' && ts < 1e11 && level !== undefined
}

/** Go's slog writes spans as whole nanoseconds. */
const isOfSlog = ({ time, level, msg }: Fields): boolean =>
  msg !== undefined && typeof time === 'string' && typeof level === 'string' && /^[A-Z]/.test(level)

const spans = ['duration', 'response_time', 'responseTime', 'response-time', 'took']

/** A record with its span in seconds: one without a unit counts seconds if it has a fraction, in slog nanoseconds. */
function inSeconds(record: Fields): Fields {
  const name = spans.find((name) => record[name] !== undefined)
  if (name === undefined) return record
  const { [name]: span, ...others } = record
  if (isOfSlog(record) && typeof span === 'number') return { duration_s: span / 1e9, ...others }
  const isFraction = typeof span === 'number' ? !Number.isInteger(span) : isDecimal(span)
  return isFraction ? { duration_s: span, ...others } : record
}

/** `0.250`. */
function isDecimal(value: unknown): boolean {
  return typeof value === 'string' && /^\d{1,9}\.\d{1,9}$/.test(value)
}
