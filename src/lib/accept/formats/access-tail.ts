import type { AcceptedHit } from '#lib/schema/hit.ts'
import { isPrivate, readAddress } from '../address.ts'
import { cut, forgetAgent, keepExtra, readBytes, readDuration, readLastStatus, readText } from '../fields.ts'
import { putReferrer, readHost } from '../request.ts'
import { addForwarded, addHops, addSingle } from '../route.ts'
import { readHaproxyTail } from './haproxy.ts'
import { unescapeLine } from './unescape.ts'

interface Field {
  name: string | null
  value: string
  isQuoted: boolean
}

type Put = (hit: AcceptedHit, value: string) => void

const putDuration: Put = (hit, value) => (hit.duration = readDuration(hit, value, 1000))
const putUpstream: Put = (hit, value) => (hit.upstream_duration = readDuration(hit, value, 1000))
const putUpstreamStatus: Put = (hit, value) => (hit.upstream_status = readLastStatus(hit, value))
const putCache: Put = (hit, value) => (hit.cache_status = readText(value)?.slice(0, 256) ?? null)
const putId: Put = (hit, value) => (hit.request_id = readText(value)?.slice(0, 256) ?? null)
const putHost: Put = (hit, value) => (hit.host ??= readHost(value))

function putAgent(hit: AcceptedHit, value: string): void {
  const agent = readText(value)
  if (agent === null || hit.user_agent !== null) return keepExtra(hit, 'user_agent', value)
  hit.user_agent = cut(hit, unescapeLine(agent), 2048)
  forgetAgent(hit)
}

function putFrom(hit: AcceptedHit, value: string): void {
  if (readText(value) === null || hit.referrer !== null) return keepExtra(hit, 'referrer', value)
  putReferrer(hit, unescapeLine(value))
}

/** Fields that lines give names, as nginx' own documentation and `forwarders/nginx/loggia.conf` do; times in seconds. */
const named: Record<string, Put> = {
  rt: putDuration,
  request_time: putDuration,
  urt: putUpstream,
  upstream_response_time: putUpstream,
  ut: putUpstream,
  us: putUpstreamStatus,
  upstream_status: putUpstreamStatus,
  cs: putCache,
  upstream_cache_status: putCache,
  request_id: putId,
  host: putHost,
  sn: putHost,
  http_host: putHost,
  xff: putForwarded,
  x_forwarded_for: putForwarded,
  http_x_forwarded_for: putForwarded,
  proxy_protocol_addr: addHops,
  http_x_real_ip: addSingle,
  http_cf_connecting_ip: addSingle,
  http_true_client_ip: addSingle,
  real_ip: addSingle,
  x_real_ip: addSingle,
  cf_connecting_ip: addSingle,
  true_client_ip: addSingle,
  user_agent: putAgent,
  http_user_agent: putAgent,
  referer: putFrom,
  referrer: putFrom,
  http_referer: putFrom
}

/** Reads what stands around the agent of a line, in the order of the line. */
export function readTail(hit: AcceptedHit, text: string): void {
  if (readHaproxyTail(hit, text.slice(0, 4096))) return
  const fields = readFields(text.slice(0, 4096))
  if (readIngress(hit, fields) || readTraefik(hit, fields)) return
  const rest: string[] = []
  let forwarded: string | null = null
  for (const field of fields) {
    const { name, value } = field
    if (isForwarded(field)) forwarded = unescapeLine(value)
    else if (name !== null) putNamed(hit, name, value)
    else if (value !== '-' && value !== '' && !putUnnamed(hit, field)) rest.push(value)
  }
  if (rest.length > 0) keepExtra(hit, 'trailing', rest.join(' '))
  if (forwarded === null) return
  addForwarded(hit, forwarded)
  keepExtra(hit, 'http_forwarded', forwarded)
}

/** `Forwarded` by its name, or in quotes by its look: `"for=192.0.2.60;proto=http"`. */
function isForwarded({ name, value, isQuoted }: Field): boolean {
  if (name !== null) return value !== '-' && value !== '' && /^(?:http_)?forwarded$/.test(name)
  return isQuoted && /^(?:for|by|proto|host)=/i.test(value)
}

function putNamed(hit: AcceptedHit, name: string, value: string): void {
  if (Object.hasOwn(named, name)) named[name]!(hit, value)
  else keepExtra(hit, name, value)
}

function putForwarded(hit: AcceptedHit, value: string): void {
  addHops(hit, value)
  keepExtra(hit, 'http_x_forwarded_for', value)
}

/**
 * What a field without a name can only be. In quotes `"2.75"` is nginx' gzip ratio, `"172.19.0.8:80"` the upstream, and
 * another list of addresses X-Forwarded-For. With three decimals it is a time in seconds: first that of the request,
 * then that of the upstream.
 */
function putUnnamed(hit: AcceptedHit, { value, isQuoted }: Field): boolean {
  if (/^[\d.]+:\d{1,5}$|^\[[0-9a-f:]+\]:\d{1,5}$/i.test(value) && isPrivate(readAddress(value) ?? '')) {
    keepExtra(hit, 'upstream_addr', value)
    return true
  }
  const isTime = /^\d{1,9}\.\d{3}$/.test(value)
  if (isQuoted && !isTime && /^\d{1,6}\.\d{1,6}$/.test(value)) {
    keepExtra(hit, 'gzip_ratio', value)
    return true
  }
  if (isTime) {
    if (hit.duration === null) putDuration(hit, value)
    else if (hit.upstream_duration === null) putUpstream(hit, value)
    else return false
    return true
  }
  if (!value.split(/[,\s]+/).some((part) => readAddress(part) !== null)) return false
  putForwarded(hit, value)
  return true
}

/**
 * ingress-nginx: `462 0.050 [service] [alternative] upstream length time status request-id`. Older versions lack the
 * alternative and the id; with retries each of the last fields is a list.
 */
function readIngress(hit: AcceptedHit, fields: Field[]): boolean {
  const [length, time, service, ...more] = joinLists(fields.map(({ value }) => value))
  if (service === undefined || !isBracketed(service) || length === undefined || time === undefined)
    return false
  if (isBracketed(more[0] ?? '')) more.shift()
  const [upstream, , upstreamTime, status, id] = more
  hit.request_bytes = readBytes(hit, length)
  hit.duration = readDuration(hit, time, 1000)
  hit.upstream_duration = readDuration(hit, upstreamTime, 1000)
  hit.upstream_status = readLastStatus(hit, status)
  hit.request_id = readText(id)?.slice(0, 256) ?? null
  keepExtra(hit, 'upstream_service', service.slice(1, -1))
  keepExtra(hit, 'upstream_addr', upstream)
  return true
}

const isBracketed = (text: string) => text.startsWith('[') && text.endsWith(']')

/** nginx separates the values of several upstreams by `, ` and ` : `. */
function joinLists(values: string[]): string[] {
  const joined: string[] = []
  let isOpen = false
  for (const value of values) {
    if (isOpen || value === ':') joined.push(`${joined.pop() ?? ''} ${value}`)
    else joined.push(value)
    isOpen = value.endsWith(',') || value === ':'
  }
  return joined
}

/** Traefik: `1234 "router" "url" 12ms`. It shows no agent unless it is configured to. */
function readTraefik(hit: AcceptedHit, fields: Field[]): boolean {
  const [count, router, url, time] = fields.map((field) => field.value)
  if (fields.length !== 4 || !/^\d+$/.test(count ?? '') || !/^\d+ms$/.test(time ?? '')) return false
  hit.shape = 'traefik'
  forgetAgent(hit)
  hit.duration = readDuration(hit, time, 1)
  keepExtra(hit, 'router', router)
  keepExtra(hit, 'service_url', url)
  return true
}

/** Words and quoted texts, each perhaps with a `name=` before it. */
function readFields(text: string): Field[] {
  const fields: Field[] = []
  for (let at = 0; at < text.length; at++) {
    if (text[at] === ' ') continue
    const equals = endOfName(text, at)
    const name = text[equals] === '=' && equals > at ? text.slice(at, equals) : null
    const start = name === null ? at : equals + 1
    const isQuoted = text[start] === '"'
    const stop = isQuoted ? closingQuote(text, start + 1) : text.indexOf(' ', start + 1)
    const end = stop < 0 ? text.length : stop
    fields.push({ name, value: text.slice(isQuoted ? start + 1 : start, end), isQuoted })
    at = end
  }
  return fields
}

/** The next quote that no backslash escapes; -1 if there is none. */
function closingQuote(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === '"') return at
  }
  return -1
}

function endOfName(text: string, start: number): number {
  let end = start
  while (end - start < 64 && /[a-z_]/i.test(text[end] ?? '')) end++
  return end
}
