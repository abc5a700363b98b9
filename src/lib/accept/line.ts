import type { AcceptedHit } from '#lib/schema/hit.ts'
import { readAddress } from './address.ts'
import {
  blankHit,
  cut,
  flag,
  keepExtra,
  putAddress,
  putTime,
  readBytes,
  readStatus,
  readText,
  type Source
} from './fields.ts'
import { decodeEscapes } from './json.ts'
import { putReferrer, putRequest, readHost } from './request.ts'
import { readTail } from './tail.ts'

/**
 * Reads a line of an access log: common, combined, with the virtual host in front or in the ident field, and
 * with whatever follows the agent. Null if it is none. One pass, no regular expression over the whole line.
 */
export function readLine(line: string, source: Source): AcceptedHit | null {
  const open = timeOpening(line)
  const close = open < 0 ? -1 : line.indexOf(']', open)
  if (close < 0 || line.charCodeAt(close + 1) !== 0x20 || line.charCodeAt(close + 2) !== 0x22) return null
  const requestEnd = closingQuote(line, close + 3, true)
  if (requestEnd < 0) return null
  const statusEnd = endOfWord(line, requestEnd + 2)
  const bytesEnd = endOfWord(line, statusEnd + 1)

  const hit = blankHit(source, 'common')
  if (!putClient(hit, line.slice(0, open).trim())) return null
  putTime(hit, line.slice(open + 1, close), source)
  const request = line.slice(close + 3, requestEnd)
  putRequest(hit, quoted(hit, request), readText(request))
  hit.status = readStatus(hit, line.slice(requestEnd + 2, statusEnd))
  hit.bytes = readBytes(hit, line.slice(statusEnd + 1, bytesEnd))
  const agentEnd = putReferrerAndAgent(hit, line, bytesEnd + 1)
  if (agentEnd < line.length) readTail(hit, line.slice(agentEnd).trim())
  return hit
}

/** The `[` of `[15/Jan/2026:`, which only the time has. */
function timeOpening(line: string): number {
  for (let at = line.indexOf('['); at >= 0; at = line.indexOf('[', at + 1)) {
    const isTime = line.charCodeAt(at + 3) === 0x2f && line.charCodeAt(at + 7) === 0x2f
    if (isTime && line.charCodeAt(at + 12) === 0x3a) return at
  }
  return -1
}

/**
 * The quote that ends a field begun at `from`: not escaped, and followed by a space or the end. Servers that do
 * not escape quotes are told by what follows the request: a status.
 */
function closingQuote(line: string, from: number, isRequest: boolean): number {
  for (let at = line.indexOf('"', from); at >= 0; at = line.indexOf('"', at + 1)) {
    if (line.charCodeAt(at - 1) === 0x5c && isEscaped(line, at, from)) continue
    const next = line.charCodeAt(at + 1)
    if (isRequest ? next === 0x20 && isStatus(line.charCodeAt(at + 2)) : !(next === next) || next === 0x20)
      return at
  }
  return -1
}

function isEscaped(line: string, at: number, from: number): boolean {
  let slashes = 0
  while (at - slashes > from && line.charCodeAt(at - slashes - 1) === 0x5c) slashes++
  return slashes % 2 === 1
}

function isStatus(code: number): boolean {
  return code === 0x2d || (code >= 0x30 && code <= 0x39)
}

function endOfWord(line: string, from: number): number {
  const end = line.indexOf(' ', from)
  return end < 0 ? line.length : end
}

/** `address ident user`, or a virtual host before them, or (OVH, Gitea) in the place of ident. */
function putClient(hit: AcceptedHit, text: string): boolean {
  const first = text.indexOf(' ')
  const second = first < 0 ? -1 : text.indexOf(' ', first + 1)
  const address = second < 0 ? null : readAddress(text.slice(0, first))
  const isPlain = address !== null && text.charCodeAt(second - 1) !== 0x2c
  if (isPlain && readAddress(text.slice(first + 1, second)) === null) {
    hit.ip = address
    putIdentity(hit, text.slice(first + 1, second), text.slice(second + 1))
    return true
  }
  return putOddClient(hit, text)
}

/** Words before the time that are looked at: a client may forge a list of proxies of any length. */
const mostWords = 256

/** Lists of addresses, a quoted list before the peer, host names, a virtual host first. */
function putOddClient(hit: AcceptedHit, text: string): boolean {
  const words = text
    .replaceAll('"', '')
    .split(' ', mostWords)
    .filter((word) => word !== '')
  if (words.length < 2) return false
  const isVhost = words.length > 3 && readAddress(words[0]!.replace(/,$/, '')) === null
  if (isVhost) {
    hit.host = readHost(words.shift()!)
    hit.shape = 'vhost'
  }
  let count = 1
  while (count < words.length && (words[count - 1]!.endsWith(',') || readAddress(words[count]!) !== null))
    count++
  putAddress(hit, words.slice(0, count).join(' '), null)
  putIdentity(hit, words[count] ?? '-', words.slice(count + 1).join(' '))
  return true
}

function putIdentity(hit: AcceptedHit, ident: string, user: string): void {
  const isHost = hit.host === null && ident !== '-' && ident.includes('.') && readAddress(ident) === null
  if (isHost) hit.host = readHost(ident)
  else keepExtra(hit, 'ident', ident)
  const name = readText(user)
  if (name !== null) hit.remote_user = cut(hit, unescapeLine(name), 256)
}

/** Returns where the agent ends; an agent that no quote ends runs to the end of the line. */
function putReferrerAndAgent(hit: AcceptedHit, line: string, start: number): number {
  if (line.charCodeAt(start) !== 0x22) return start
  const referrerEnd = closingQuote(line, start + 1, false)
  if (referrerEnd < 0) return start
  if (hit.shape === 'common') hit.shape = 'combined'
  const referrer = quoted(hit, line.slice(start + 1, referrerEnd))
  if (referrer !== null) putReferrer(hit, referrer)
  if (line.charCodeAt(referrerEnd + 2) !== 0x22) return referrerEnd + 1
  const end = closingQuote(line, referrerEnd + 3, false)
  if (end < 0) flag(hit, 'cut')
  const agent = quoted(hit, line.slice(referrerEnd + 3, end < 0 ? undefined : end))
  if (agent !== null) hit.user_agent = cut(hit, agent, 2048)
  return end < 0 ? line.length : end + 1
}

/** The text of a quoted field; null for `-` and nothing. */
function quoted(hit: AcceptedHit, text: string): string | null {
  const value = readText(text)
  if (value === null || !value.includes('\\')) return value
  const clear = unescapeLine(value)
  if (clear.includes('\ufffd')) flag(hit, 'utf8')
  return clear
}

const letters: Record<string, string> = { n: '\n', r: '\r', t: '\t', b: '\b', v: '\v', f: '\f' }

/** nginx writes `\xHH` for bytes, Apache also `\"`, `\\` and letters. */
function unescapeLine(text: string): string {
  if (!text.includes('\\')) return text
  return text.replace(/(?:\\x[0-9a-f]{2})+|\\([^])/gi, (run, char: string | undefined) =>
    char === undefined ? decodeEscapes(run) : (letters[char] ?? char)
  )
}
