import type { HostSite } from '#lib/accept/hosts.ts'
import type { TokenScope } from '#lib/schema/access.ts'
import type { HostList } from './host-lists.ts'

/**
 * How the text of a token begins, by what it may do. The prefix marks it for secret scanners, and since only the hash of
 * the whole text is kept, no token can pass for one of another scope.
 */
const prefixes: Readonly<Record<TokenScope, string>> = { ingest: 'lgi_', annotations: 'lga_' }

/** The check digits refuse a typing error without a look-up. */
const pattern = /^lg[ia]_([a-z0-9]{8})_([A-Za-z0-9_-]{43})_([0-9a-f]{8})$/

/** All sites: the token takes the site from each record's `service`. */
export const allSites = '*'

/** What a token may do. */
export interface Grant {
  id: string
  site: string
  /** Nothing any more. */
  is_revoked: boolean
  /** It writes until then: a newer token replaces it, or it was made for a time. Ms since 1970, UTC. */
  rotate_by: number | null
  /** Where it may be used; anywhere where none is named. */
  networks: string[]
  /** Line formats of its own; missing from a Directory of the version before. */
  line_formats?: readonly string[]
  /** Of a token for all sites, the hosts whose lines go to a site; missing from a Directory of before. */
  host_sites?: readonly HostSite[]
  /** Those hosts and earlier lists of them, the newest first; missing from a Directory of before. */
  host_lists?: readonly HostList[]
}

/** Makes a token's text out of its id and 32 random bytes. */
export function formatToken(id: string, secret: Uint8Array, scope: TokenScope = 'ingest'): string {
  const body = `${prefixes[scope]}${id}_${base64url(secret)}`
  return `${body}_${crc32(body)}`
}

/** The public part of a token, by which it is found and listed. */
export function idOf(token: string): string {
  return token.slice(4, 12)
}

/** How a token of a scope is listed: by its id, without its secret. */
export const shownToken = (id: string, scope: TokenScope): string => `${prefixes[scope]}${id}_…`

/** Tokens of other scopes are told by their prefix. */
export function isOtherScope(text: string, scope: TokenScope): boolean {
  return /^lg[airs]_/.test(text) && !text.startsWith(prefixes[scope])
}

/** Whether `text` can be a token of a scope at all. */
export function isToken(text: string, scope: TokenScope): boolean {
  const match = text.startsWith(prefixes[scope]) ? pattern.exec(text) : null
  return match !== null && crc32(text.slice(0, -9)) === match[3]
}

/** How a token is named in an error: enough to find it, too little to use it. */
export function mask(text: string): string {
  return /^lg[ia]_/.test(text) ? `${text.slice(0, 6)}…` : `${text.slice(0, 2)}…`
}

/** The token of a request: `Authorization: Bearer`, or Basic or ApiKey with the token as password. */
export function tokenOf(authorization: string | undefined): string | null {
  const [scheme = '', value = ''] = (authorization ?? '').trim().split(/\s+/, 2)
  if (/^bearer$/i.test(scheme)) return value || null
  if (!/^(?:basic|apikey)$/i.test(scheme)) return null
  if (/^lg[ia]_/.test(value)) return value
  try {
    const text = atob(value)
    return text.slice(text.indexOf(':') + 1) || null
  } catch {
    return null
  }
}

export function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}

function crc32(text: string): string {
  let crc = 0xffffffff
  for (let i = 0; i < text.length; i++) {
    crc ^= text.charCodeAt(i)
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (0xedb88320 & -(crc & 1))
  }
  return (~crc >>> 0).toString(16).padStart(8, '0')
}
