import type { Adjustable } from '#lib/schema/hit.ts'
import { maskAddress, readAddress, readBareAddress } from './address.ts'
import { flag } from './fields.ts'

export const ipModes = ['full', 'truncated', 'none'] as const
/** How much of an address is kept: all, its /24 or /48, or nothing. */
export type IpMode = (typeof ipModes)[number]

export interface PrivacySettings {
  ip_mode: IpMode
  /** Whether the name that a user signed in with is kept. */
  keeps_remote_user: boolean
}

const marks = { truncated: 'ip_truncated', none: 'ip_none' } as const

/**
 * Removes from a hit what its site does not keep, before the hit enters the log.
 *
 * The address stays until the flush, which reads country, network and visitor from it. A mark on the hit tells
 * `keptAddress` to cut it then, so no part holds a whole address, and a later change of the setting leaves this hit alone.
 * The columns that identify a line are out of reach (`Adjustable`): a line that is sent again after a change of the
 * settings is still the same line.
 */
export function applyPrivacy(hit: Adjustable, { ip_mode, keeps_remote_user }: PrivacySettings): void {
  if (!keeps_remote_user) {
    if (hit.message !== null) hit.message = hideUsers(hit.message, hit.remote_user)
    hit.remote_user = null
    if (hit.extra !== null && userField.test(hit.extra)) hit.extra = withoutUsers(hit.extra)
  }
  if (ip_mode === 'full') return
  flag(hit, marks[ip_mode])
  if (hit.extra !== null) hit.extra = withoutAddresses(hit.extra)
  if (hit.message !== null) hit.message = maskAddresses(hit.message, ip_mode)
  hit.server = keptHost(hit.server, hit.flags)
}

/** The address that a part may hold, by the mark of the hit. To be asked after everything that reads the address. */
export function keptAddress(ip: string | null, flags: string | null): string | null {
  if (ip === null || flags === null || !flags.includes('ip_')) return ip
  const words = flags.split(',')
  if (words.includes(marks.none)) return null
  return words.includes(marks.truncated) ? maskAddress(ip, 24, 48) : ip
}

/** The host name that a part may hold, by the mark of the hit. */
export function keptName(name: string | null, flags: string | null): string | null {
  if (name === null || flags === null || !flags.includes('ip_')) return name
  const words = flags.split(',')
  if (words.includes(marks.none)) return null
  return words.includes(marks.truncated) ? shortenName(name) : name
}

/**
 * The host or server that a part may hold, by the mark of the hit. Names stay. An address may be the client's: some
 * servers call the client so.
 */
export function keptHost(host: string | null, flags: string | null): string | null {
  if (host === null || flags === null || !flags.includes('ip_')) return host
  return readAddress(host) === null ? host : keptAddress(readAddress(host), flags)
}

/** The network's part of a host name: the last two labels, and never all of them. */
function shortenName(name: string): string | null {
  const labels = name.split('.').slice(1).slice(-2)
  return labels.length === 0 ? null : labels.join('.')
}

/** A member that names a user: `user_id`, `auth.user.name`, `login`, ident. */
const userName = /^(?:.*[_.-])?(?:(?:end)?user|username|(?:end)?user[_.-]?(?:name|id)|ident|login)$/i
const userField = /(?:user|name|user[_.-]?id|ident|login)":/i

/** Who signed in, in a line of an access log that stands in a message: ident and user are before the time. */
const lineUsers = /^(\S{1,255}) \S{1,256} [^[\]]{1,256} (?=\[\d\d\/)/gm
const messageUsers = /\b((?:remote_|end)?user(?:_?name)?|login)(["']?[=:] ?["']?)[^\s"',;&:=]+/gi

/** A message without the names of users: that of the hit wherever it stands, others by what stands before them. */
function hideUsers(text: string, user: string | null): string {
  const hidden = text.replace(lineUsers, '$1 - - ').replace(messageUsers, '$1$2REDACTED')
  return user === null ? hidden : withoutWord(hidden, user)
}

const isWordAt = (text: string, at: number) => /[\p{L}\p{N}_]/u.test(text.charAt(at))

/** Text with a word taken out; inside of a longer one it stays. */
function withoutWord(text: string, word: string): string {
  let clean = ''
  let from = 0
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
    const end = at + word.length
    if (isWordAt(text, at - 1) || isWordAt(text, end)) continue
    clean += `${text.slice(from, at)}REDACTED`
    from = end
  }
  return clean + text.slice(from)
}

function withoutUsers(extra: string): string | null {
  const kept = leaveOutUsers(JSON.parse(extra)) as object
  return Object.keys(kept).length === 0 ? null : JSON.stringify(kept)
}

function leaveOutUsers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(leaveOutUsers)
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).filter(([name]) => !userName.test(name))
  return Object.fromEntries(kept.map(([name, inner]) => [name, leaveOutUsers(inner)]))
}

/** Fields nobody asked for are dropped where they hold an address: proxies name the client once more. */
function withoutAddresses(extra: string): string | null {
  const fields = JSON.parse(extra) as Record<string, unknown>
  const kept = Object.entries(fields).filter(([, value]) => !holdsAddress(JSON.stringify(value)))
  return kept.length === 0 ? null : JSON.stringify(Object.fromEntries(kept))
}

const addressLike = /[0-9a-f]{0,4}:[0-9a-f:.]{0,40}:[0-9a-f:.]{0,40}|\d{1,3}(?:\.\d{1,3}){3}/gi

/** In a hit as JSON, as it is refused. */
const clientName = /("client_name":")([^"]*)"/g

function holdsAddress(text: string): boolean {
  return maskAddresses(text, 'none') !== text
}

/** Text with its addresses shortened or taken out, as for a refused record whose fields nobody knows. */
export function maskAddresses(text: string, mode: IpMode): string {
  if (mode === 'full') return text
  const named = text.replace(clientName, (_, before: string, name: string) => {
    const kept = mode === 'none' ? null : shortenName(name)
    return `${before}${kept ?? 'REDACTED'}"`
  })
  return named.replace(addressLike, (word) => maskWord(word, mode))
}

function maskWord(word: string, mode: IpMode): string {
  // `client:2001:db8::7, ` and `2001:db8::7: `: the colons of the sentence are none of the address.
  const end = word.replace(/([^:]):?\.*$/, '$1')
  const parts = [word, end, word.replace(/^:(?!:)/, ''), end.replace(/^:(?!:)/, '')]
  const found = parts.find((part) => readBareAddress(part) !== null)
  if (found === undefined)
    return isGlued(word) || parts.some((part) => readAddress(part) !== null) ? 'REDACTED' : word
  return word.replace(found, mode === 'none' ? 'REDACTED' : maskAddress(found, 24, 48)!)
}

/** Several addresses without anything between: where one ends is not known. A time has fewer colons. */
function isGlued(word: string): boolean {
  return word.includes('::') || word.split(':').length > 8
}
