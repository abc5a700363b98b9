import type { AcceptedHit } from '#lib/schema/hit.ts'
import { cut, putAddress, putTime, readBytes, readDuration, readStatus, readText } from './fields.ts'
import type { Fields, Source } from './fields.ts'
import { readNames } from './names.ts'
import { putReferrer, putTarget, readHost } from './request.ts'

export interface Shape {
  /** What the column `shape` stores. */
  name: string
  matches(record: Fields): boolean
  read(hit: AcceptedHit, record: Fields, source: Source): void
}

/** The shapes a JSON record may have, most specific first. */
export const shapes: readonly Shape[] = [
  {
    name: 'ballcone',
    matches: (record) => record.generation_time_milli !== undefined,
    read: readBallcone
  },
  {
    name: 'nginx',
    matches: (record) =>
      record.remote_addr !== undefined ||
      record.request_uri !== undefined ||
      record.http_user_agent !== undefined ||
      record.body_bytes_sent !== undefined,
    read: readNames
  },
  {
    name: 'generic',
    matches: (record) => requestNames.some((name) => record[name] !== undefined),
    read: readNames
  }
]

/** A record without any of these tells of no request. */
const requestNames = ['path', 'request', 'status', 'code', 'uri', 'url', 'status_code', 'method']

/**
 * Ballcone's and Matomo's nginx format; `generation_time_milli` holds seconds in spite of its name. Read by hand,
 * since most records are of it; one with more keys goes through the table of names.
 */
function readBallcone(hit: AcceptedHit, record: Fields, source: Source): void {
  const { service, ip, host, path, status, referrer, user_agent: agent, length, date } = record
  const seconds = record.generation_time_milli
  let known = 1
  if (service !== undefined) known++
  if (ip !== undefined) known++
  if (host !== undefined) known++
  if (path !== undefined) known++
  if (status !== undefined) known++
  if (referrer !== undefined) known++
  if (agent !== undefined) known++
  if (length !== undefined) known++
  if (date !== undefined) known++
  if (Object.keys(record).length !== known) return readNames(hit, record, source)

  putTime(hit, date, source)
  if (typeof host === 'string') hit.host = readHost(host)
  if (typeof path === 'string' && path !== '') putTarget(hit, path)
  hit.status = readStatus(hit, status)
  hit.bytes = readBytes(hit, length)
  hit.duration = readDuration(hit, seconds, 1000)
  if (typeof referrer === 'string' && referrer !== '' && referrer !== '-') putReferrer(hit, referrer)
  if (typeof agent === 'string' && agent !== '' && agent !== '-') hit.user_agent = cut(hit, agent, 2048)
  putAddress(hit, readText(ip), null)
}
