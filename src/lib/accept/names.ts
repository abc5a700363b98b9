import type { AcceptedHit } from '#lib/schema/hit.ts'
import {
  cut,
  flag,
  keepExtra,
  putAddress,
  putTime,
  readBytes,
  readDuration,
  readLastStatus,
  readStatus,
  readText,
  type Fields,
  type Source
} from './fields.ts'
import { putMethod, putQuery, putReferrer, putRequest, putTarget, readHost } from './request.ts'
import { Refused } from './refused.ts'
import { readTime } from './time.ts'

/** What a value is read as, and the names it goes by; of several present the first counts. */
const names = {
  time: 'date time_iso8601 time_local @timestamp timestamp time ts datetime event_time StartUTC EdgeStartTimestamp',
  msec: 'msec',
  service: 'service',
  host: 'host http_host server_name vhost domain',
  ip: 'remote_addr ip client_ip client remote remote_ip clientip ClientIP',
  forwarded: 'http_x_forwarded_for x_forwarded_for xff',
  user: 'remote_user user',
  method: 'request_method method verb http_method',
  request: 'request',
  target: 'request_uri path uri url target',
  query: 'args query query_string',
  protocol: 'server_protocol protocol http_version',
  scheme: 'scheme',
  status: 'status code status_code response_status',
  bytes: 'bytes_sent length size bytes body_bytes_sent body_bytes_size response_size',
  requestBytes: 'request_length request_bytes',
  seconds: 'request_time generation_time_milli duration_s',
  millis: 'duration_ms request_time_ms response_time_ms latency_ms duration took',
  upstreamSeconds: 'upstream_response_time',
  upstreamStatus: 'upstream_status',
  cache: 'upstream_cache_status cache_status',
  referrer: 'referrer http_referer referer http_referrer',
  agent: 'user_agent http_user_agent agent ua useragent',
  server: 'hostname machine server',
  id: 'request_id req_id cf-ray cf_ray trace_id',
  message: 'message msg'
} as const

type Meaning = keyof typeof names
type Found = { [M in Meaning]: unknown }

const meanings = new Map<string, { meaning: Meaning; rank: number }>()
for (const meaning of Object.keys(names) as Meaning[]) {
  for (const [rank, name] of names[meaning].split(' ').entries()) meanings.set(name, { meaning, rank })
}

const mostKeys = 64
export const deepest = 4

/** Reads a record by the names of its keys; keys that no column wants go to `extra`. */
export function readNames(hit: AcceptedHit, record: Fields, source: Source): void {
  const found = collect(hit, record)
  putTime(hit, found.time ?? found.msec, source)
  putPrecise(hit, found.msec)
  putClient(hit, found)
  putResource(hit, found)
  hit.status = readStatus(hit, found.status)
  hit.bytes = readBytes(hit, found.bytes)
  hit.request_bytes = readBytes(hit, found.requestBytes)
  putDurations(hit, found)
  hit.cache_status = short(hit, found.cache)
  const referrer = readText(found.referrer)
  if (referrer !== null) putReferrer(hit, referrer)
  const agent = readText(found.agent)
  if (agent !== null) hit.user_agent = cut(hit, agent, 2048)
  hit.server = short(hit, found.server) ?? hit.server
  hit.request_id = short(hit, found.id)
  const message = readText(found.message)
  if (message !== null) hit.message = cut(hit, message, 2048)
}

function nothing(): Found {
  return Object.fromEntries(Object.keys(names).map((meaning) => [meaning, undefined])) as Found
}

const blank = nothing()

function collect(hit: AcceptedHit, record: Fields): Found {
  const found = { ...blank }
  const ranks: { [M in Meaning]?: number } = {}
  let count = 0
  for (const key in record) {
    if (++count > mostKeys) {
      flag(hit, 'keys')
      break
    }
    const value = record[key]
    if (value === null || value === '' || value === '-') continue
    const known = meanings.get(key)
    const isNested = typeof value === 'object'
    if (isNested) refuseDeep(key, value)
    if (known === undefined || (isNested && readText(value) === null)) keepExtra(hit, key, value)
    else if (known.rank < (ranks[known.meaning] ?? mostKeys)) {
      found[known.meaning] = value
      ranks[known.meaning] = known.rank
    }
  }
  return found
}

function refuseDeep(key: string, value: object): void {
  if (!isShallow(value, deepest - 1))
    throw new Refused('too_deep', `${key} is nested deeper than ${deepest} levels`)
}

/** Whether a value nests at most `levels` deep; looks no deeper than that. */
export function isShallow(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true
  return levels > 0 && Object.values(value).every((inner) => isShallow(inner, levels - 1))
}

/** `$msec` has the milliseconds that `$time_iso8601` lacks. */
function putPrecise(hit: AcceptedHit, msec: unknown): void {
  const precise = msec === undefined ? null : readTime(msec)
  if (precise !== null && Math.abs(precise.time - hit.time) < 2000) hit.time = precise.time
}

function putClient(hit: AcceptedHit, found: Found): void {
  putAddress(hit, readText(found.ip), readText(found.forwarded))
  if (found.forwarded !== undefined && hit.ip !== found.forwarded) {
    keepExtra(hit, 'http_x_forwarded_for', found.forwarded)
  }
  hit.remote_user = short(hit, found.user)
}

/** The parts of the request win over the request line, which has them all. */
function putResource(hit: AcceptedHit, found: Found): void {
  const host = readText(found.host)
  if (host !== null) hit.host = readHost(host)
  const scheme = short(hit, found.scheme)
  if (scheme !== null) hit.scheme = scheme.toLowerCase()
  const request = readText(found.request)
  if (request !== null) putRequest(hit, request)
  const method = readText(found.method)
  if (method !== null) putMethod(hit, method)
  const target = readText(found.target)
  if (target !== null && (request === null || hit.path === null)) putTarget(hit, target)
  const query = readText(found.query)
  if (query !== null && hit.query === null) putQuery(hit, query)
  const protocol = short(hit, found.protocol)
  if (protocol !== null) hit.protocol = protocol.startsWith('HTTP') ? protocol : `HTTP/${protocol}`
}

function putDurations(hit: AcceptedHit, found: Found): void {
  hit.duration = readDuration(hit, found.seconds, 1000) ?? readDuration(hit, found.millis, 1)
  const upstream = readText(found.upstreamSeconds)
  hit.upstream_duration = readDuration(hit, upstream, 1000)
  if (upstream !== null && /[,:]/.test(upstream)) keepExtra(hit, 'upstream_response_time', upstream)
  hit.upstream_status = readLastStatus(hit, found.upstreamStatus)
}

function short(hit: AcceptedHit, value: unknown): string | null {
  const text = readText(value)
  return text === null ? null : cut(hit, text, 256)
}
