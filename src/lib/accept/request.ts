import type { AcceptedHit } from '#lib/schema/hit.ts'
import { blake2s } from '@noble/hashes/blake2.js'
import { cut, flag, keepExtra } from './fields.ts'
import { scrub } from './scrub.ts'

const longest = 8192

/** `GET /path?query HTTP/1.1`; what is no request line (TLS on port 80, junk) is kept in `extra`. */
export function putRequest(hit: AcceptedHit, line: string | null, logged: string | null = line): void {
  const first = line === null ? -1 : line.indexOf(' ')
  if (line === null || first < 1 || !isMethod(line, first)) {
    flag(hit, 'request')
    if (line === null || logged === null) return
    hit.method = 'OTHER'
    keepExtra(hit, 'request', logged)
    return
  }
  const last = line.lastIndexOf(' ')
  const hasProtocol = last > first && /^[A-Z]{3,8}\/\d/.test(line.slice(last + 1, last + 17))
  hit.method = line.slice(0, first)
  if (hasProtocol) hit.protocol = line.slice(last + 1, last + 17)
  const target = line.slice(first + 1, hasProtocol ? last : undefined)
  if (target !== '') putRequested(hit, target)
}

/** Methods are at most 32 capitals; what else stands there becomes `OTHER`. */
export function putMethod(hit: AcceptedHit, value: string): void {
  const method = value.toUpperCase()
  hit.method = isMethod(method, method.length) ? method : 'OTHER'
  if (hit.method === 'OTHER') keepExtra(hit, 'method', value)
}

function isMethod(text: string, end: number): boolean {
  if (end > 32 || end < 1) return false
  for (let i = 0; i < end; i++) {
    const code = text.charCodeAt(i)
    if ((code < 0x41 || code > 0x5a) && (code !== 0x2d || i === 0) && code !== 0x5f) return false
  }
  return true
}

/** `example.org/path`, unless it is a file with more of the path behind: `index.php/path`. */
const withHost = /^((?:[a-z0-9_-]+\.)+([a-z]{2,63}|xn--[a-z0-9-]{1,59})\.?(?::\d{1,5})?)\//i
const ofFile = /^(?:php\d?|phtml|p?html?|aspx?|jspx?|cgi|do|action|dll|exe|js|css|json|xml|txt)$/i

/** The target that a record names: that of a request line, or an address without its scheme. */
export function putTarget(hit: AcceptedHit, target: string): void {
  const [, host, last] = (target.charCodeAt(0) === 0x2f ? null : withHost.exec(target)) ?? []
  if (host === undefined || last === undefined || ofFile.test(last)) return putRequested(hit, target)
  hit.host ??= readHost(host)
  putPath(hit, target.slice(host.length))
}

/** Path and query of a request target; of an absolute one also scheme and host. */
function putRequested(hit: AcceptedHit, target: string): void {
  if (target.charCodeAt(0) === 0x2f) return putPath(hit, target)
  const absolute = /^((?:http|ws)s?):\/\/([^/?#]*)/i.exec(target)
  if (absolute === null) return putPath(hit, target)
  hit.scheme ??= absolute[1]!.toLowerCase()
  hit.host ??= readHost(absolute[2]!.slice(absolute[2]!.lastIndexOf('@') + 1))
  const rest = target.slice(absolute[0].length)
  putPath(hit, rest.startsWith('/') ? rest : '/' + rest)
}

function putPath(hit: AcceptedHit, target: string): void {
  const mark = target.indexOf('?')
  const path = mark < 0 ? target : target.slice(0, mark)
  if (path !== '') putWholePath(hit, scrub(decode(path, keptInPath)))
  if (mark >= 0) putQuery(hit, target.slice(mark + 1))
}

/** Of a path too long to keep, `extra` tells by 64 bits of BLAKE2s whether it is the same as another. */
function putWholePath(hit: AcceptedHit, path: string): void {
  hit.path = cut(hit, path, longest)
  if (path.length <= longest) return
  const digest = blake2s(new TextEncoder().encode(path), { dkLen: 8 })
  const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
  keepExtra(hit, 'path_hash', hex)
}

/** The query without its `?`. */
export function putQuery(hit: AcceptedHit, query: string): void {
  if (query === '' || query === '-') return
  hit.query = cut(hit, scrub(decode(query, keptInQuery)), longest)
}

/** Where a request came from, with secrets out; a referrer stays encoded, as its own site wrote it. */
export function putReferrer(hit: AcceptedHit, referrer: string): void {
  hit.referrer = cut(hit, scrub(referrer), longest)
}

let lastHost = ''
let lastName: string | null = null

/** A host in lower case without port and the dot of the root; nginx's `_` and `-` are no hosts. */
export function readHost(value: string): string | null {
  if (value === lastHost) return lastName
  const text = value.trim().toLowerCase()
  const port = /:\d{1,5}$/.exec(text)
  const isBareV6 = port !== null && !text.startsWith('[') && text.indexOf(':') !== port.index
  const name = (port === null || isBareV6 ? text : text.slice(0, port.index)).replace(/\.$/, '')
  lastHost = value
  lastName = name === '' || name === '-' || name === '_' ? null : name.slice(0, 255)
  return lastName
}

const keptInPath = '%?#'
const keptInQuery = '%&=+#'
const escapes = /(?:%[0-9a-f]{2})+/gi

/**
 * Percent-decodes each run of escapes that is valid UTF-8, once. Control characters and what would change how the
 * text is taken apart stay escaped, so that decoding again changes nothing; other runs stay as logged.
 */
function decode(text: string, kept: string): string {
  return text.includes('%') ? text.replace(escapes, (run) => decodeRun(run, kept)) : text
}

/** A path with its query as hits have them: each percent-decoded, joined by a question mark. */
export function decodeTarget(target: string): string {
  const at = target.indexOf('?')
  if (at < 0) return decode(target, keptInPath)
  return `${decode(target.slice(0, at), keptInPath)}?${decode(target.slice(at + 1), keptInQuery)}`
}

function decodeRun(run: string, kept: string): string {
  let decoded: string
  try {
    decoded = decodeURIComponent(run)
  } catch {
    return run
  }
  let text = ''
  for (const char of decoded) {
    const code = char.charCodeAt(0)
    const stays = code < 0x20 || code === 0x7f || kept.includes(char)
    text += stays ? '%' + (code < 16 ? '0' : '') + code.toString(16).toUpperCase() : char
  }
  return text
}
