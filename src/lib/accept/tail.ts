import type { AcceptedHit } from '#lib/schema/hit.ts'
import { forwardedAddress, isPrivate } from './address.ts'
import { keepExtra, readBytes, readDuration, readLastStatus, readText } from './fields.ts'

interface Field {
  name: string | null
  value: string
}

/** Fields named by the recipes of nginx' own documentation and by `forwarders/nginx.conf`; times in seconds. */
const named: Record<string, (hit: AcceptedHit, value: string) => void> = {
  rt: (hit, value) => (hit.duration = readDuration(hit, value, 1000)),
  urt: (hit, value) => (hit.upstream_duration = readDuration(hit, value, 1000)),
  us: (hit, value) => (hit.upstream_status = readLastStatus(hit, value)),
  cs: (hit, value) => (hit.cache_status = value === '-' ? null : value),
  request_id: (hit, value) => (hit.request_id = readText(value)?.slice(0, 256) ?? null)
}

/** Reads what follows the agent of a combined line. */
export function readTail(hit: AcceptedHit, text: string): void {
  const fields = readFields(text.slice(0, 4096))
  if (readIngress(hit, fields) || readTraefik(hit, fields)) return
  const rest: string[] = []
  for (const { name, value } of fields) {
    if (name !== null) putNamed(hit, name, value)
    else if (value !== '-' && value !== '' && !putUnnamed(hit, value)) rest.push(value)
  }
  if (rest.length > 0) keepExtra(hit, 'trailing', rest.join(' '))
}

function putNamed(hit: AcceptedHit, name: string, value: string): void {
  if (Object.hasOwn(named, name)) named[name]!(hit, value)
  else keepExtra(hit, name, value)
}

/** `"2.75"` is nginx' gzip ratio, a list of addresses X-Forwarded-For. */
function putUnnamed(hit: AcceptedHit, value: string): boolean {
  const forwarded = forwardedAddress(value)
  if (forwarded !== null) {
    if (hit.ip === null || isPrivate(hit.ip)) hit.ip = forwarded
    keepExtra(hit, 'http_x_forwarded_for', value)
    return true
  }
  if (!/^\d{1,6}\.\d{1,6}$/.test(value)) return false
  keepExtra(hit, 'gzip_ratio', value)
  return true
}

/** ingress-nginx: `462 0.050 [service] [alternative] upstream length time status request-id`. */
function readIngress(hit: AcceptedHit, fields: Field[]): boolean {
  const [length, time, service, , upstream, , upstreamTime, status, id] = fields.map((field) => field.value)
  if (service === undefined || !/^\[.*\]$/.test(service) || length === undefined || time === undefined)
    return false
  hit.request_bytes = readBytes(hit, length)
  hit.duration = readDuration(hit, time, 1000)
  hit.upstream_duration = readDuration(hit, upstreamTime, 1000)
  hit.upstream_status = readLastStatus(hit, status)
  hit.request_id = readText(id)?.slice(0, 256) ?? null
  keepExtra(hit, 'upstream_service', service.slice(1, -1))
  keepExtra(hit, 'upstream_addr', upstream)
  return true
}

/** Traefik: `1234 "router" "url" 12ms`. */
function readTraefik(hit: AcceptedHit, fields: Field[]): boolean {
  const [count, router, url, time] = fields.map((field) => field.value)
  if (fields.length !== 4 || !/^\d+$/.test(count ?? '') || !/^\d+ms$/.test(time ?? '')) return false
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
    const stop = text.indexOf(isQuoted ? '"' : ' ', start + 1)
    const end = stop < 0 ? text.length : stop
    fields.push({ name, value: text.slice(isQuoted ? start + 1 : start, end) })
    at = end
  }
  return fields
}

function endOfName(text: string, start: number): number {
  let end = start
  while (end - start < 64 && /[a-z_]/i.test(text[end] ?? '')) end++
  return end
}
