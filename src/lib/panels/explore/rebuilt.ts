import type { Hit } from '#lib/schema/hit.ts'

/** What a line of a log is rebuilt from. */
export type Logged = Pick<
  Hit,
  | 'kind'
  | 'time'
  | 'utc_offset'
  | 'host'
  | 'ip'
  | 'client_name'
  | 'remote_user'
  | 'method'
  | 'path'
  | 'query'
  | 'protocol'
  | 'status'
  | 'bytes'
  | 'referrer'
  | 'user_agent'
  | 'message'
  | 'extra'
>

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const utf8 = new TextEncoder()
const two = (n: number) => String(n).padStart(2, '0')
const hex = (byte: number) => byte.toString(16).toUpperCase().padStart(2, '0')
const bytesAs = (mark: string) => (text: string) =>
  Array.from(utf8.encode(text), (byte) => mark + hex(byte)).join('')

/** nginx escapes quotes, backslashes and every byte that is no printable ASCII. */
const escaped = (text: string) => text.replace(/[^ -~]+|["\\]/g, bytesAs('\\x'))

/** Hits have targets percent-decoded, all but control characters. What no request line can hold gets its escapes back. */
const encoded = (target: string) => target.replace(/[ "]|[^\p{Cc} -~]+/gu, bytesAs('%'))

/**
 * The line of a hit in the combined format, as nginx writes it; an error line is its message. Hits keep no raw lines:
 * escapes that mean the same, spaces and fields behind the agent may have been others.
 */
export function rebuilt(hit: Logged): string {
  if (hit.kind === 'error') return hit.message ?? ''
  const { referrer, user_agent, remote_user, status, bytes } = hit
  const quoted = [referrer, user_agent].map((text) => `"${text === null ? '-' : escaped(text)}"`)
  const user = remote_user === null ? '-' : escaped(remote_user)
  return [
    `${hit.ip ?? hit.client_name ?? '-'} - ${user} [${timeOf(hit)}]`,
    `"${requestOf(hit)}" ${status ?? '-'} ${bytes ?? '-'}`,
    ...quoted
  ].join(' ')
}

/** The line of a hit as a log holds it: that of an error log with its time, as nginx writes it. */
export function logLine(hit: Logged): string {
  if (hit.kind !== 'error') return rebuilt(hit)
  const { message, ip, client_name, path, method, host, referrer } = hit
  const client = ip ?? client_name
  // Without escapes a message of several lines would be several lines.
  const text = (message ?? '').replace(/[^ -~]+|\\/g, bytesAs('\\x'))
  const parts = [
    text || '-',
    ...(client === null ? [] : [`client: ${client}`]),
    ...(path === null && method === null ? [] : [`request: "${requestOf(hit)}"`]),
    ...(host === null ? [] : [`host: "${escaped(host)}"`]),
    ...(referrer === null ? [] : [`referrer: "${escaped(referrer)}"`])
  ]
  return `${errorTimeOf(hit)} [${levelOf(hit)}] 0#0: ${parts.join(', ')}`
}

const wallOf = ({ time, utc_offset }: Logged) => new Date(time + (utc_offset ?? 0) * 60_000)

/** `2026/11/21 20:39:40`, by the clock of the server. */
const errorTimeOf = (hit: Logged) =>
  wallOf(hit).toISOString().slice(0, 19).replaceAll('-', '/').replace('T', ' ')

function levelOf({ extra }: Logged): string {
  const { level } = JSON.parse(extra ?? '{}') as { level?: unknown }
  return typeof level === 'string' && /^\w+$/.test(level) ? level : 'error'
}

/** `21/Nov/2026:20:39:40 +0100`, by the clock of the server. */
function timeOf(hit: Logged): string {
  const minutes = hit.utc_offset ?? 0
  const wall = wallOf(hit)
  const date = `${two(wall.getUTCDate())}/${months[wall.getUTCMonth()]}/${wall.getUTCFullYear()}`
  const clock = [wall.getUTCHours(), wall.getUTCMinutes(), wall.getUTCSeconds()].map(two).join(':')
  const ahead = Math.abs(minutes)
  return `${date}:${clock} ${minutes < 0 ? '-' : '+'}${two(Math.floor(ahead / 60))}${two(ahead % 60)}`
}

/** `GET /path?query HTTP/1.1`. What was no request line is kept in `extra` as it was logged. */
function requestOf({ method, path, query, protocol, extra }: Logged): string {
  if (path === null && (method === null || method === 'OTHER')) return unreadable(extra)
  const target = `${path ?? ''}${query === null ? '' : `?${query}`}`
  return `${method ?? '-'} ${escaped(encoded(target))}${protocol === null ? '' : ` ${protocol}`}`
}

function unreadable(extra: string | null): string {
  const { request } = JSON.parse(extra ?? '{}') as { request?: unknown }
  return typeof request === 'string' ? request : ''
}
