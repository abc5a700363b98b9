import type { AcceptedHit } from '#lib/schema/hit.ts'
import { readAddress } from '../address.ts'
import { putAddress, putClientName } from '../client.ts'
import { cut, keepExtra, readText } from '../fields.ts'
import { readHost } from '../request.ts'
import { unescapeLine } from './unescape.ts'

/** What stands before the time of a line. */
export interface Client {
  /** The virtual host, before the client or in the place of ident or user. */
  host: string | null
  /** The host stood first: `vhost` is the shape. */
  isVhost: boolean
  /** The peer, and proxies beside it. */
  addresses: string
  /** X-Forwarded-For, if the line separates it from the peer. */
  forwarded: string | null
  /** The client's name, where Apache looked it up instead of logging the address. */
  name: string | null
  ident: string
  user: string
}

/** Reads `address ident user` and its variants; null if the text is none of them. */
export function readClient(text: string): Client | null {
  const first = text.indexOf(' ')
  const isCommon = first > 0 && text.startsWith(' - ', first) && text.indexOf(' ', first + 3) < 0
  const address = isCommon && text.charCodeAt(first - 1) !== 0x2c ? readAddress(text.slice(0, first)) : null
  if (address === null || text.includes('"')) return readWords(text)
  return {
    host: null,
    isVhost: false,
    addresses: address,
    forwarded: null,
    name: null,
    ident: '-',
    user: text.slice(first + 3)
  }
}

/** The most words read before the time: a client can forge a list of proxies of any length. */
const mostWords = 256

interface Words {
  words: string[]
  at: number
}

/** Lists of addresses, a quoted list before the peer, a virtual host first, host names instead of addresses. */
function readWords(text: string): Client | null {
  const all: Words = { words: splitWords(text), at: 0 }
  const host = takeVhost(all)
  const addresses = takeAddresses(all)
  let name: string | null = null
  if (addresses.length === 0) {
    const word = all.words[all.at++]
    if (word === undefined) return null
    // Gunicorn writes no client at all over a Unix socket: ` - - [`.
    if (word === '-' && all.words.length === 2) all.at = 0
    else if (all.words.length < 3 && host === null) return null
    else if (isName(word)) name = word
    else if (word !== '-' && !word.startsWith('unix:')) return null
  }
  const left = all.words.slice(all.at).filter((word) => !isBracketed(word))
  // An address behind the peer or a socket is that of X-Forwarded-For; behind a word this is no line of the format.
  const forwarded = left.filter(isAddress)
  if (forwarded.length > 0 && addresses.length === 0 && !all.words[all.at - 1]?.startsWith('unix:'))
    return null
  const inBrackets = all.words.slice(all.at).find(isBracketed)
  return {
    isVhost: host !== null,
    addresses: addresses.join(' '),
    forwarded: inBrackets?.slice(1, -1) ?? (forwarded.length > 0 ? forwarded.join(',') : null),
    name,
    ...readIdentity(forwarded.length > 0 ? left.filter((word) => !isAddress(word)) : left, host)
  }
}

function splitWords(text: string): string[] {
  const words: string[] = []
  for (const [word, inQuotes] of text.matchAll(/"((?:[^"\\]|\\[^])*)"|\S+/g)) {
    words.push(inQuotes === undefined ? word : inQuotes.trim() || '-')
    if (words.length === mostWords) break
  }
  return words
}

const level = /^(?:INFO|DEBUG|TRACE|NOTICE|WARN(?:ING)?|ERROR)$/i

/** A host stands before the client: it is no address, or one with a port that another address follows. */
function takeVhost(all: Words): string | null {
  const [first = '', second = '', third = ''] = all.words
  // `$host - $remote_addr - $remote_user`.
  if (second === '-' && isName(first) && isAddress(third)) {
    all.at = 2
    return first
  }
  // Two names in front are those of a pod and its container, or of a machine and a program, unless one has a dot.
  if (all.words.length > 4 && isName(first) && isName(second) && isAddress(third)) {
    all.at = 2
    return [second, first].find(isDotted) ?? null
  }
  if (level.test(first) && isAddress(second)) {
    all.at = 1
    return null
  }
  const isBefore = isAddress(second) || (all.words.length > 3 && second !== '-' && isName(second))
  const isHost = isAddress(first)
    ? /[\]\d]:\d+$/.test(first) && !first.includes(',') && hasPort(first)
    : isName(first)
  if (!isHost || !isBefore || second.startsWith('(')) return null
  all.at = 1
  return first
}

/** `203.0.113.7:443` and `[2001:db8::1]:443`, not `2001:db8::1`. */
function hasPort(word: string): boolean {
  return word.startsWith('[') || word.indexOf(':') === word.lastIndexOf(':')
}

function takeAddresses(all: Words): string[] {
  const addresses: string[] = []
  const { words } = all
  // An empty X-Forwarded-For before the peer.
  while (words[all.at] === 'unknown,') all.at++
  if (words[all.at] === '-' && isAddress(words[all.at + 1] ?? '')) all.at++
  for (; all.at < words.length; all.at++) {
    const word = words[all.at]!
    const isListed = all.at > 0 && words[all.at - 1]!.endsWith(',') && addresses.length > 0
    if (isBracketed(word) || (!isListed && !isAddress(word))) break
    addresses.push(word.replace(/[()]/g, ''))
  }
  return addresses
}

/** A word that is an address, perhaps with a comma behind it, in parentheses, or a list of them that was quoted. */
function isAddress(word: string): boolean {
  return (
    word !== '' &&
    word.split(/[\s,]+/).every((part) => part === '' || readAddress(part.replace(/[()]/g, '')) !== null)
  )
}

/** `[203.0.113.9]`, not `[2001:db8::9]:51000`. */
function isBracketed(word: string): boolean {
  return word.startsWith('[') && word.endsWith(']')
}

/** A host name: letters, digits and hyphens between dots, and perhaps a port. A time, a prefix or an escape is none. */
function isName(word: string): boolean {
  return (
    word.length <= 255 &&
    /^(?:\*\.)?(?=[\d.-]*[a-z_])[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?(?::\d{1,5})?$/i.test(word)
  )
}

const isDotted = (word: string) => word.includes('.') && isName(word) && readAddress(word) === null

/** What stands between the client and the time: ident and user; OVH and Gitea write the host in the place of ident. */
function readIdentity(words: string[], vhost: string | null): Pick<Client, 'host' | 'ident' | 'user'> {
  const [ident = '-', ...more] = words
  if (more.length === 0) {
    const isHost = vhost === null && isDotted(ident)
    return { host: isHost ? ident : vhost, ident: '-', user: isHost ? '-' : ident }
  }
  const isHost = vhost === null && isDotted(ident)
  const [user = '-', third] = more
  const isHostLast = vhost === null && !isHost && user === '-' && third !== undefined && isDotted(third)
  return {
    host: isHost ? ident : isHostLast ? third : vhost,
    ident: isHost ? '-' : ident,
    user: isHostLast ? user : more.filter((word, i) => i > 0 || word !== '-' || more.length === 1).join(' ')
  }
}

export function putClient(hit: AcceptedHit, client: Client): void {
  const { host, isVhost, addresses, forwarded, name, ident, user } = client
  if (host !== null) hit.host = readHost(host)
  if (isVhost) hit.shape = 'vhost'
  putAddress(hit, addresses === '' ? null : addresses, forwarded)
  if (name !== null) putClientName(hit, name)
  keepExtra(hit, 'ident', ident)
  const text = readText(user)
  if (text !== null) hit.remote_user = cut(hit, unescapeLine(text), 256)
}
