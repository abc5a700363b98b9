import type { AcceptedHit } from '#lib/schema/hit.ts'
import { cut, flag, noteAgent, putTime, readBytes, readStatus, readText, type Source } from '../fields.ts'
import { putReferrer, putRequest } from '../request.ts'
import { type Client, putClient, readClient } from './access-client.ts'
import { readTail } from './access-tail.ts'
import { readTime } from '../time.ts'
import type { Format } from './format.ts'
import { unescapeLine } from './unescape.ts'

/**
 * A line of an access log: common, combined, with the virtual host in front or in the ident field, and with whatever
 * stands around the agent. `shape` becomes `combined` or `vhost` where the line has more than the common format. One pass,
 * no regular expression over the whole line.
 */
export const accessLine: Format<string> = {
  name: 'common',
  matches: (line) => partsOf(line) !== null,
  read: readLine
}

/** Where the parts of a line lie. */
interface Parts {
  /** The line, with single spaces between its fields. */
  line: string
  client: Client
  /** The brackets around the time. */
  open: number
  close: number
  requestEnd: number
}

let lastLine = ''
let lastParts: Parts | null = null

/** The parts of a line; null if it is no access log. `matches` and `read` ask for the same line in turn. */
function partsOf(line: string): Parts | null {
  if (line !== lastLine) {
    lastParts = findParts(line) ?? (wide.test(line) ? findParts(withSingleSpaces(line)) : null)
    lastLine = line
  }
  return lastParts
}

const wide = / {2}|\t/

/** Some servers align their fields, or put tabs between them. */
function withSingleSpaces(line: string): string {
  return line.replace(/"(?:[^"\\]|\\[^])*"|[ \t]+/g, (run) => (run.startsWith('"') ? run : ' '))
}

function findParts(line: string): Parts | null {
  const open = timeOpening(line)
  const close = open < 0 ? -1 : line.indexOf(']', open)
  if (close < 0 || line.charCodeAt(close + 1) !== 0x20 || line.charCodeAt(close + 2) !== 0x22) return null
  const requestEnd = closingQuote(line, close + 3, true)
  if (requestEnd < 0) return null
  const hasQuotes = line.indexOf('"', close + 3) !== requestEnd
  if (hasQuotes && areFields(line.slice(close + 3, requestEnd))) return null
  const client = readClient(line.slice(0, open).trim())
  return client === null ? null : { line, client, open, close, requestEnd }
}

/** Whether several quoted fields stand where one should: a host before the request, or its parts. */
const areFields = (request: string) => request.includes('" "') && !/^[A-Z][A-Z-]* [^"]/.test(request)

function readLine(hit: AcceptedHit, written: string, source: Source): void {
  const { line, client, open, close, requestEnd } = partsOf(written)!
  const statusEnd = endOfWord(line, requestEnd + 2)
  const bytesEnd = endOfWord(line, statusEnd + 1)
  putClient(hit, client)
  putTime(hit, line.slice(open + 1, close), source)
  const request = line.slice(close + 3, requestEnd)
  putRequest(hit, quoted(hit, request), readText(request))
  hit.status = readStatus(hit, line.slice(requestEnd + 2, statusEnd))
  hit.bytes = readBytes(hit, line.slice(statusEnd + 1, bytesEnd))
  const quote = nextQuote(line, bytesEnd + 1)
  const agentEnd = putReferrerAndAgent(hit, line, quote)
  const between = line.slice(bytesEnd + 1, quote)
  const rest = agentEnd < line.length ? line.slice(agentEnd) : ''
  if (between !== '' || rest !== '') readTail(hit, `${between} ${rest}`.trim())
}

/** Where a quoted field begins, past words without quotes; where there is none, the place to look from. */
function nextQuote(line: string, from: number): number {
  if (line.charCodeAt(from) === 0x22) return from
  const quote = line.indexOf(' "', from)
  const between = quote < 0 ? '' : line.slice(from, quote)
  // `rt=0.250 uct="0.001"`: what has names is no referrer, and the line has no agent.
  return quote < 0 || between.includes('=') || between.includes('"') ? from : quote + 1
}

/** The `[` before a time: `[15/Jan/2026:`, `[2026-01-15T`, `[1768471874.123]`. */
function timeOpening(line: string): number {
  for (let at = line.indexOf('['); at >= 0; at = line.indexOf('[', at + 1))
    if (isTime(line, at + 1)) return at
  return unusualOpening(line)
}

const ofWerkzeug = /^\d\d\/[A-Z][a-z]{2}\/\d{4} \d\d:\d\d:\d\d$/

/** The same of times that few servers write: `[Sun Nov 15 10:11:12 2026]`, `[2026/11/15 10:11:12]`, milliseconds. */
function unusualOpening(line: string): number {
  for (let at = line.indexOf('['); at >= 0; at = line.indexOf('[', at + 1)) {
    const end = line.indexOf('] "', at)
    if (end < 0) return -1
    if (end - at < 12 || end - at > 40) continue
    const text = line.slice(at + 1, end)
    if (!ofWerkzeug.test(text) && readTime(text) !== null) return at
  }
  return -1
}

function isTime(line: string, at: number): boolean {
  const third = line.charCodeAt(at + 2)
  if (third === 0x2f) return line.charCodeAt(at + 6) === 0x2f && line.charCodeAt(at + 11) === 0x3a
  // The day may have one digit.
  if (line.charCodeAt(at + 1) === 0x2f)
    return line.charCodeAt(at + 5) === 0x2f && line.charCodeAt(at + 10) === 0x3a
  if (line.charCodeAt(at + 4) === 0x2d)
    return line.charCodeAt(at + 7) === 0x2d && line.charCodeAt(at + 13) === 0x3a
  return third >= 0x30 && third <= 0x39 && /^\d{10}(?:\.\d{1,6})?\]/.test(line.slice(at, at + 18))
}

/**
 * The quote that ends a field begun at `from`: not escaped, and followed by a space or the end. Servers that do
 * not escape quotes are recognized by the status behind the request.
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

/**
 * The quote that ends the agent. Where a server does not escape the quotes of `Foo "bar" baz`, an odd number of them is
 * left behind the first that could be it.
 */
function closingAgent(line: string, from: number): number {
  const first = closingQuote(line, from, false)
  if (first < 0 || first + 1 === line.length) return first
  const quotes = quotesAfter(line, first)
  if (quotes.length % 2 === 0) return first
  for (const [i, at] of quotes.entries()) {
    const next = line.charCodeAt(at + 1)
    const isEnd = (next === 0x20 || at + 1 === line.length) && line.charCodeAt(at - 1) !== 0x20
    if (i % 2 === 0 && isEnd) return at
  }
  return first
}

/** Where the quotes are that no backslash escapes. */
function quotesAfter(line: string, from: number): number[] {
  const quotes: number[] = []
  for (let at = line.indexOf('"', from + 1); at >= 0; at = line.indexOf('"', at + 1))
    if (line.charCodeAt(at - 1) !== 0x5c || !isEscaped(line, at, from)) quotes.push(at)
  return quotes
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

/** Returns where the agent ended; a log that crashed in mid-line leaves it without a quote. */
function putReferrerAndAgent(hit: AcceptedHit, line: string, start: number): number {
  if (line.charCodeAt(start) !== 0x22) return start
  const referrerEnd = closingQuote(line, start + 1, false)
  if (referrerEnd < 0) return start
  if (hit.shape === 'common') hit.shape = 'combined'
  const first = quoted(hit, line.slice(start + 1, referrerEnd))
  if (line.charCodeAt(referrerEnd + 2) !== 0x22) {
    if (first !== null && isAgent(first)) hit.user_agent = cut(hit, first, 2048)
    else if (first !== null) putReferrer(hit, first)
    return referrerEnd + 1
  }
  const end = closingAgent(line, referrerEnd + 3)
  if (end < 0) flag(hit, 'cut')
  const second = quoted(hit, line.slice(referrerEnd + 3, end < 0 ? undefined : end))
  const isSwapped = first !== null && (second === null || isAddressOfPage(second)) && isAgent(first)
  const [referrer, agent] = isSwapped ? [second, first] : [first, second]
  if (referrer !== null) putReferrer(hit, referrer)
  if (agent !== null) hit.user_agent = cut(hit, agent, 2048)
  else noteAgent(hit)
  return end < 0 ? line.length : end + 1
}

/** What servers write in the place of a referrer if the format has the agent first, or alone: `curl/8.5.0`. */
const isAgent = (text: string) => /^[A-Za-z][\w-]*\/\d[\w.]*(?:[ ;(]|$)/.test(text)

const isAddressOfPage = (text: string) => /^https?:\/\//i.test(text)

/** The text of a quoted field; null for `-` and nothing. */
function quoted(hit: AcceptedHit, text: string): string | null {
  const value = readText(text)
  if (value === null || !value.includes('\\')) return value
  const clear = unescapeLine(value)
  if (clear.includes('\ufffd')) flag(hit, 'utf8')
  return clear
}
