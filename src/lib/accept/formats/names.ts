import type { AcceptedHit } from '#lib/schema/hit.ts'
import { isClientName, putAddress, putClientName } from '../client.ts'
import {
  cut,
  flag,
  isFields,
  keepExtra,
  noteAgent,
  putTime,
  readBytes,
  readDuration,
  readLastStatus,
  readStatus,
  readText,
  type Fields,
  type Source
} from '../fields.ts'
import { hopsOfForwarded } from '../forwarded.ts'
import { putMethod, putQuery, putReferrer, putRequest, putTarget, readHost } from '../request.ts'
import { Refused } from '../refused.ts'
import { scrubText } from '../scrub.ts'
import { keepSigned } from '../signed.ts'
import { earliestEpoch, readTime } from '../time.ts'
import type { Format } from './format.ts'
import { at, nameOf, names, type Found, type Name } from './meanings.ts'

/** What a format of the user's own has found in a record or a line. */
export const own: Format<Fields> = { name: 'own', matches: () => true, read: readNames }

const mostKeys = 64
export const deepest = 4

/** Reads a record by the names of its keys; keys that no column wants go to `extra`. */
export function readNames(hit: AcceptedHit, record: Fields, source: Source): void {
  const found = collect(hit, record)
  refuseOthers(record, found)
  if (found[at.signature] !== undefined) putSigned(hit, found)
  putTime(hit, found[at.time] ?? found[at.msec], source)
  putPrecise(hit, found[at.msec])
  putClient(hit, found)
  putResource(hit, found)
  hit.status = readStatus(hit, found[at.status])
  hit.bytes = readBytes(hit, found[at.bytes])
  hit.request_bytes = readBytes(hit, found[at.requestBytes])
  putDurations(hit, found)
  hit.cache_status = short(hit, found[at.cache])
  const referrer = readText(found[at.referrer])
  if (referrer !== null) putReferrer(hit, referrer)
  const agent = readText(found[at.agent])
  if (agent !== null) hit.user_agent = cut(hit, agent, 2048)
  else if (found[at.agent] !== undefined) noteAgent(hit)
  hit.server = short(hit, found[at.server]) ?? hit.server
  hit.request_id = short(hit, found[at.id])
  const message = readText(found[at.message])
  if (message !== null) hit.message = cut(hit, scrubText(message), 2048)
}

/** Whether a record has a key of these names, even with nothing in it, but not with an object. */
function isNamed(record: Fields, list: string): boolean {
  return list.split(' ').some((name) => record[name] !== undefined && !isFields(record[name]))
}

/** A request has a target or a request line, and a status, an address or an agent. */
function refuseOthers(record: Fields, found: Found): void {
  const status = found[at.status]
  const isAnswered =
    client.some((place) => found[place] !== undefined && found[place] !== '') ||
    (status === undefined ? isNamed(record, names.status) : isNumber(status))
  const isNone = asked.every((place) => found[place] === undefined)
  const isAsked = isNone ? isNamed(record, target) && !isConnection(found) : !isOtherService(found)
  if (isAnswered && isAsked) return
  const lack = isAsked ? 'status, address or agent' : 'path or request line'
  const keys = Object.keys(record).slice(0, 8).join(', ')
  throw new Refused('shape', `record is not a request: it has no ${lack}. Its keys: ${keys.slice(0, 80)}`)
}

const asked = [at.target, at.request]
const target = `${names.target} ${names.request}`
const client = [
  at.ip,
  at.forwarded,
  at.standard,
  at.clientName,
  at.proxied,
  at.real,
  at.cloudflare,
  at.trueClient,
  at.agent
]

/** Envoy logs a TCP connection with the names of a request, nothing under them, and the status 0. */
function isConnection(found: Found): boolean {
  return found[at.method] === undefined && Number(found[at.status]) === 0
}

/** A statement, a file, or an address of a database, in an event that has no method: `postgres://db/shop`. */
function isOtherService(found: Found): boolean {
  const target = found[at.target]
  return (
    found[at.method] === undefined &&
    found[at.request] === undefined &&
    typeof target === 'string' &&
    target.charCodeAt(0) !== 0x2f &&
    /^[a-z]:[\\/]|[\s\\]|^(?!(?:http|ws)s?:)[a-z][a-z\d+.-]{0,31}:\/\//i.test(target)
  )
}

const isDigit = (code: number) => code >= 0x30 && code <= 0x39

/** Whether a status is one or was meant to be: an event's is a word. */
function isNumber(status: unknown): boolean {
  if (typeof status === 'number') return true
  const text = readText(status) ?? ''
  return isDigit(text.charCodeAt(0)) || /^\s*\d/.test(text)
}

/** The keys of a record but for some. */
export function without(record: Fields, names: string): Fields {
  const known = new Set(names.split(' '))
  return Object.fromEntries(Object.entries(record).filter(([name]) => !known.has(name)))
}

/** The value of a header, whose name may be spelled in any case and whose values may be a list. */
export function headerOf(headers: unknown, name: string): unknown {
  const wanted = name.toLowerCase()
  if (Array.isArray(headers))
    return headers.find((header): header is Fields => isHeader(header, wanted))?.value
  if (!isFields(headers)) return undefined
  const found = Object.keys(headers).find((key) => key.toLowerCase() === wanted)
  return found === undefined ? undefined : headers[found]
}

/** `{"name":"User-Agent","value":"curl/8"}` of a list. */
function isHeader(header: unknown, wanted: string): header is Fields {
  return isFields(header) && typeof header.name === 'string' && header.name.toLowerCase() === wanted
}

const nothing = Object.keys(names).map(() => undefined)
const unranked = nothing.map(() => mostKeys)

function collect(hit: AcceptedHit, record: Fields): Found {
  const found: unknown[] = nothing.slice()
  const ranks = unranked.slice()
  let count = 0
  for (const key in record) {
    if (++count > mostKeys) {
      flag(hit, 'keys')
      break
    }
    let value = record[key]
    if (value === undefined) continue
    if (value === null || value === '' || value === '-') {
      // An agent with nothing in it says that the client sent none.
      if (found[at.agent] === undefined && nameOf(key)?.place === at.agent) found[at.agent] = ''
      continue
    }
    const isNested = typeof value === 'object'
    if (isNested) refuseDeep(key, value)
    const name = nameOf(key)
    if (isNested && name !== undefined && isFields(value)) value = takeInner(hit, key, value, name.place)
    if (name === undefined || (isNested && readText(value) === null)) keepExtra(hit, key, value)
    else {
      const { place, rank } = isJudged(name.place) ? placeOf(key, value, name) : name
      if (rank >= ranks[place]!) continue
      found[place] = value
      ranks[place] = rank
    }
  }
  return found
}

const isJudged = (place: number) => place === at.time || place === at.seconds || place === at.status

/** Where a value belongs that not only its key tells. */
function placeOf(key: string, value: unknown, name: Name): Name {
  if (name.place !== at.status) return placeTime(key, value, name)
  return isNumber(value) ? name : { ...name, rank: mostKeys - 1 }
}

/**
 * Where a time belongs. AWS' `requestTime` is the time of the request, nginx's a span; a number so small is no date. The
 * time that a line names in `timestamp` goes before `@timestamp`, which without a date filter is that of arrival.
 */
function placeTime(key: string, value: unknown, name: Name): Name {
  if (name.place === at.seconds) return key === 'requestTime' && !isSmall(value) ? ofRequest : name
  if (key === 'timestamp' && typeof value === 'string' && lineTime.test(value)) return ofLine
  return isSmall(value) ? { ...name, rank: mostKeys - 1 } : name
}

const ofRequest: Name = { place: at.time, rank: -1 }
const ofLine = nameOf('time_local')!
const lineTime = /^\[?[ \d]?\d\/[A-Z][a-z]{2}\/\d{4}:[\d: ]{8} [+-]\d{4}\]?$/

/** Below the seconds of 1973, and so a span. */
function isSmall(value: unknown): boolean {
  const number = typeof value === 'string' && value.length < 16 ? Number(value) : value
  return typeof number === 'number' && number < earliestEpoch
}

/** Where the value is in an object of this name: `"client":{"ip":"203.0.113.7"}`. */
const inner = new Map([
  [at.ip, ['ip', 'address', 'addr']],
  [at.agent, ['original', 'raw', 'string']]
])

/** The value inside of an object, whose other members go to `extra`; the object itself where it has none. */
function takeInner(hit: AcceptedHit, key: string, value: Fields, place: number): unknown {
  const name = inner.get(place)?.find((name) => readText(value[name]) !== null)
  if (name === undefined) return value
  const rest = without(value, name)
  if (Object.keys(rest).length > 0) keepExtra(hit, key, rest)
  return value[name]
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

/** The headers of a signed bot; others, or those that lack one, may be secrets. */
function putSigned(hit: AcceptedHit, found: Found): void {
  const [agent, input, signature] = [at.signedAgent, at.signedInput, at.signature].map((place) =>
    readText(found[place])
  )
  if (agent && input && signature && keepSigned(hit, { agent, input, signature })) return
  keepExtra(hit, 'http_signature', found[at.signature])
}

/** `$msec` has the milliseconds that `$time_iso8601` lacks. */
function putPrecise(hit: AcceptedHit, msec: unknown): void {
  const precise = msec === undefined ? null : readTime(msec)
  if (precise !== null && Math.abs(precise.time - hit.time) < 2000) hit.time = precise.time
}

function putClient(hit: AcceptedHit, found: Found): void {
  const forwarded = readList(found[at.forwarded])
  const standard = readList(found[at.standard])
  // Most proxies write X-Forwarded-For, and pass on a Forwarded that the client sent.
  const listed = forwarded ?? (standard === null ? null : hopsOfForwarded(standard))
  // The PROXY protocol names who connected to the load balancer, which is nearer than any header.
  const hops = [listed, readText(found[at.proxied])].filter((hop) => hop !== null)
  const single = singles.map((place) => readText(found[place])).filter((value) => value !== null)
  putAddress(hit, readText(found[at.ip]), hops.length === 0 ? null : hops.join(','), single)
  if (forwarded !== null && hit.ip !== forwarded) keepExtra(hit, 'http_x_forwarded_for', found[at.forwarded])
  keepExtra(hit, 'http_forwarded', found[at.standard])
  const name = readText(found[at.clientName])
  if (name !== null && hit.ip === null && isClientName(name)) putClientName(hit, name)
  else if (name !== null) keepExtra(hit, 'remote_host', name)
  hit.remote_user = short(hit, found[at.user])
}

const singles = [at.real, at.cloudflare, at.trueClient]

/** A header that came several times is a list in JSON, in the order of its lines. */
function readList(value: unknown): string | null {
  return readText(Array.isArray(value) ? value.join(',') : value)
}

/** The parts of the request win over the request line, which has them all. */
function putResource(hit: AcceptedHit, found: Found): void {
  const host = readText(found[at.host])
  if (host !== null) hit.host = readHost(host)
  const scheme = short(hit, found[at.scheme])
  if (scheme !== null) hit.scheme = scheme.toLowerCase()
  const request = readText(found[at.request])
  if (request !== null) putRequest(hit, request)
  const method = readText(found[at.method])
  if (method !== null) putMethod(hit, method)
  const target = readText(found[at.target])
  if (target !== null && (request === null || hit.path === null)) putTarget(hit, target)
  const query = readText(found[at.query])
  if (query !== null && hit.query === null) putQuery(hit, query.startsWith('?') ? query.slice(1) : query)
  const protocol = short(hit, found[at.protocol])
  if (protocol !== null) putProtocol(hit, protocol)
}

/** `HTTP/1.1`, `1.1`, `http1.1` and `h2`; some call the scheme so. */
function putProtocol(hit: AcceptedHit, protocol: string): void {
  const version = /^(?:http\/?|h)?(\d(?:\.\d)?)$/i.exec(protocol)?.[1]
  if (/^https?$/i.test(protocol)) hit.scheme ??= protocol.toLowerCase()
  else hit.protocol = version === undefined ? protocol.toUpperCase() : `HTTP/${version}`
}

function putDurations(hit: AcceptedHit, found: Found): void {
  hit.duration = readDuration(hit, found[at.seconds], 1000) ?? readDuration(hit, found[at.millis], 1)
  const upstream = readText(found[at.upstreamSeconds])
  hit.upstream_duration = readDuration(hit, upstream, 1000) ?? readDuration(hit, found[at.upstreamMillis], 1)
  if (upstream !== null && /[,:]/.test(upstream)) keepExtra(hit, 'upstream_response_time', upstream)
  hit.upstream_status = readLastStatus(hit, found[at.upstreamStatus])
}

function short(hit: AcceptedHit, value: unknown): string | null {
  const text = readText(value)
  return text === null ? null : cut(hit, text, 256)
}
