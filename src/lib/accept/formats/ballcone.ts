import type { AcceptedHit } from '#lib/schema/hit.ts'
import { putAddress } from '../client.ts'
import { cut, noteAgent, putTime, readBytes, readDuration, readStatus, readText } from '../fields.ts'
import type { Fields, Source } from '../fields.ts'
import { putReferrer, putTarget, readHost } from '../request.ts'
import type { Format } from './format.ts'
import { readNames } from './names.ts'

/**
 * Ballcone's and Matomo's nginx format; `generation_time_milli` holds seconds in spite of its name. Read by hand, since
 * most records are of it; one with more keys goes through the table of names.
 */
export const ballcone: Format<Fields> = {
  name: 'ballcone',
  matches: (record) => record.generation_time_milli !== undefined,
  read: readBallcone
}

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
  const isRequest = path !== undefined && (status ?? ip ?? agent) !== undefined
  if (!isRequest || Object.keys(record).length !== known) return readNames(hit, record, source)

  putTime(hit, date, source)
  if (typeof host === 'string') hit.host = readHost(host)
  if (typeof path === 'string' && path !== '') putTarget(hit, path)
  hit.status = readStatus(hit, status)
  hit.bytes = readBytes(hit, length)
  hit.duration = readDuration(hit, seconds, 1000)
  if (typeof referrer === 'string' && referrer !== '' && referrer !== '-') putReferrer(hit, referrer)
  if (typeof agent === 'string') {
    if (agent === '' || agent === '-') noteAgent(hit)
    else hit.user_agent = cut(hit, agent, 2048)
  }
  putAddress(hit, readText(ip), null)
}
