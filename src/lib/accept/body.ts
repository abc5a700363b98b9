import { countNames, isBracketed, measure, toUtf8, withNewlines, withoutNul, type Measure } from './bytes.ts'
import { endOfObject, parseJson, parseRepaired } from './json.ts'
import { TooMany, type Limits } from './limits.ts'
import type { Reason } from './refused.ts'
import { hasTwins, haveTwins } from './twins.ts'

/** A record with what accompanies it: its own text, how it was read, or why it could not be. */
export class Piece {
  readonly text: string
  readonly value: unknown
  readonly state: 'whole' | 'repaired' | 'cut' | 'twins' | Reason

  constructor(text: string, value: unknown, state: Piece['state'] = 'whole') {
    this.text = text
    this.value = value
    this.state = state
  }

  /** Why there is no value, or null. */
  get refused(): Reason | null {
    const { state } = this
    return state === 'whole' || state === 'repaired' || state === 'cut' || state === 'twins' ? null : state
  }
}

/** Records of a stretch of the body: parsed values, or pieces where there is more to say. */
export interface Stretch {
  records: unknown[]
  /** Whether some record may hold what was not text and is now U+FFFD. */
  isDamaged: boolean
  /** When a shipper met each record: for those that name no time of their own. */
  times?: unknown[]
}

/** Takes a body apart into its records. Throws `TooMany` where it is over the limits. */
export type Reader = (body: Uint8Array, limits: Limits) => Iterable<Stretch>

export const longestLine = 65_536

// Parsed values take many times the memory of their bytes: a large body is parsed stretch by stretch.
const stretchBytes = 1 << 20
/** A body this small can neither hold too many values nor nest too deep. */
const mostUnmeasured = 2 * stretchBytes

/** What nests deeper takes the parser seconds to build, only to be refused. */
const deepestParsed = 200_000

const newline = 0x0a
const brace = 0x7b

/** Takes a body apart, whatever of JSON, NDJSON, concatenated objects and text lines it is or mixes. */
export function* readBody(sent: Uint8Array, limits: Limits): Generator<Stretch> {
  const body = withNewlines(toUtf8(sent))
  const isDeepBody = measureWithin(body, limits).depth > deepestParsed
  const decoder = new TextDecoder()
  const isJson = firstByte(body) === brace
  const isList = firstByte(body) === 0x5b
  let isRead = false
  let unread = ''
  for (let from = 0; from < body.length;) {
    const end = isList ? body.length : endOfStretch(body, from, isJson)
    const bytes = body.subarray(from, end)
    const isDeep = isDeepBody && bytes.length > mostUnmeasured
    const text = decoder.decode(withoutNul(bytes))
    const isDamaged = text.includes('\ufffd') || text.includes('\\u') || text.includes('\\x')
    const records = readText(text, { isLast: end === body.length, isDeep, most: limits.records })
    if (records === null) unread ||= text.trim()
    else if (records.length > 0) isRead = true
    yield { records: records ?? [], isDamaged }
    from = end
  }
  // Brackets around records are no loss, but a body of brackets alone was meant to say something.
  if (!isRead && unread !== '') yield { records: [new Piece(unread, undefined, 'json')], isDamaged: false }
}

/** Measures a body that is not small. Throws `TooMany` before anything is parsed. */
export function measureWithin(body: Uint8Array, { values, names }: Limits): Measure {
  // A value takes a byte at least, and a level a bracket.
  const isSmall =
    body.length <= mostUnmeasured || (body.length <= values && !isBracketed(body, deepestParsed))
  const measured = isSmall ? { values: 0, depth: 0 } : measure(body)
  if (measured.values > values) throw new TooMany('values', values)
  if (countNames(body, names) > names) throw new TooMany('names', names)
  return measured
}

function firstByte(body: Uint8Array): number {
  let at = body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? 3 : 0
  while (body[at] === 0x20 || body[at] === newline || body[at] === 0x0d || body[at] === 0x09) at++
  return body[at] ?? 0
}

/** After a line; in JSON only between `}` and `{`, where no object can be open. */
function endOfStretch(body: Uint8Array, from: number, isJson: boolean): number {
  for (let at = from + stretchBytes; at < body.length; at++) {
    at = body.indexOf(newline, at)
    if (at < 0) break
    const before = body[at - 1] === 0x0d ? body[at - 2] : body[at - 1]
    if (!isJson || (before === 0x7d && body[at + 1] === brace)) return at + 1
  }
  return body.length
}

interface Reading {
  isLast: boolean
  isDeep: boolean
  most: number
}

/** The records of a stretch; null if it has none, only brackets that fit nothing. */
function readText(raw: string, { isLast, isDeep, most }: Reading): unknown[] | null {
  const text = raw.trim()
  if (text === '') return []
  if (!isDeep && text.startsWith('[') && text.endsWith(']')) {
    const list = parseJson(text)
    if (Array.isArray(list)) {
      if (list.length > most) throw new TooMany('records', most)
      return hasTwins(text, list) ? findTwins(text, list) : list
    }
  }
  if (!isDeep && text.startsWith('{') && text.endsWith('}')) {
    const records = readLines(text)
    if (records !== null && !haveTwins(text, records)) return records
    const whole = records === null && text.includes('\n') ? parseJson(text) : undefined
    if (whole !== undefined && text.length > longestLine) return [longObject(text, whole)]
    if (whole !== undefined && !hasTwins(text, whole)) return [whole]
  }
  const isCut = isLast && !raw.slice(raw.trimEnd().length).includes('\n')
  const pieces = /^[[{]/m.test(text) ? split(text, { isLast, isCut, most }) : readTextLines(text, isCut, most)
  return pieces.length === 0 && text.replaceAll(/\[\s*\]|\s+/g, '') !== '' ? null : pieces
}

/** The list again as pieces, of which those with a name twice say so. */
function findTwins(text: string, list: unknown[]): unknown[] {
  const pieces = split(text, { isLast: false, isCut: false, most: Infinity })
  return pieces.length === list.length ? pieces : list
}

/**
 * NDJSON parsed as one array, half again as fast as line by line. As many values as lines means that no line
 * swallowed another.
 */
function readLines(text: string): unknown[] | null {
  const lines = countLines(text)
  if (lines === 0) return null
  const records = parseJson(`[${text.replaceAll('\n', ',')}]`)
  return Array.isArray(records) && records.length === lines ? records : null
}

/** How many lines there are, 0 if one is too long or does not look like an object. */
function countLines(text: string): number {
  for (let start = 0, lines = 1; ; lines++) {
    const end = text.indexOf('\n', start)
    const stop = end < 0 ? text.length : end
    const last = text.charCodeAt(stop - 1) === 0x0d ? stop - 2 : stop - 1
    if (stop - start > longestLine || text.charCodeAt(start) !== brace || text.charCodeAt(last) !== 0x7d)
      return 0
    if (end < 0) return lines
    start = end + 1
  }
}

/** An object that is longer than a record may be: it is read if it stands around a list of records. */
function longObject(text: string, value: unknown): Piece {
  const isAround = typeof value === 'object' && value !== null && Object.values(value).some(Array.isArray)
  return isAround ? new Piece(text, value) : new Piece(text, undefined, 'line_too_long')
}

function readTextLines(text: string, isCut: boolean, most: number): Piece[] {
  const pieces: Piece[] = []
  for (let start = 0; start < text.length;) {
    const end = endOfLine(text, start)
    const line = text.slice(start, end).trim()
    if (line !== '') pieces.push(textLine(line, isCut && start > 0 && end === text.length))
    if (pieces.length > most) throw new TooMany('records', most)
    start = end + 1
  }
  return pieces
}

/** A line that may be cut can still hold all that counts: only if it cannot be read it is called truncated. */
function textLine(line: string, isCut: boolean): Piece {
  if (line.length > longestLine) return new Piece(line, undefined, 'line_too_long')
  return new Piece(line, line, isCut ? 'cut' : 'whole')
}

interface Splitting extends Omit<Reading, 'isDeep'> {
  /** The text ends without a line end: its last line may be cut. */
  isCut: boolean
}

/**
 * Recovers the records of a body that is not JSON as a whole: objects with or without something between them, text
 * lines, and whatever stands around a syntax error.
 */
function split(text: string, { isLast, isCut, most }: Splitting): Piece[] {
  const pieces: Piece[] = []
  let openLists = 0
  // Broken objects are looked at again from the next place an object may begin; this bounds how often.
  let budget = text.length * 8 + 65_536
  for (let at = 0, isLineStart = true; at < text.length;) {
    if (pieces.length > most) throw new TooMany('records', most)
    const char = text[at]!
    if (' \t\r\n,[]}'.includes(char) && !(isLineStart && opensLine(text, at))) {
      if (char === '\n') isLineStart = true
      if (char === '[' && opensList(text, at)) openLists++
      if (char === ']') openLists = Math.max(0, openLists - 1)
      at++
      continue
    }
    if (char !== '{') {
      const end = isLineStart ? endOfLine(text, at) : nextStart(text, at)
      const stray = text.slice(at, end).trim()
      const isCutLine = isCut && end === text.length && pieces.length > 0
      pieces.push(isLineStart ? textLine(stray, isCutLine) : new Piece(stray, undefined, 'json'))
      at = end
      continue
    }
    const line = isLineStart ? readObjectLine(text, at) : null
    isLineStart = false
    const end = line instanceof Piece ? at + line.text.length : endOfObject(text, at)
    // An object that ends with its line was tried.
    const piece =
      line instanceof Piece ? line : end > 0 && end !== line ? readObject(text.slice(at, end)) : null
    if (piece !== null) {
      pieces.push(piece)
      at = end
      continue
    }
    budget -= Math.abs(end) - at
    const next = budget < 0 ? text.length : nextStart(text, at + 1)
    const isTruncated = isCut && next === text.length && end === -text.length
    pieces.push(new Piece(text.slice(at, next).trim(), undefined, isTruncated ? 'truncated_line' : 'json'))
    at = next
  }
  // A last record that is broken may hold the end of the list, or is refused as cut itself.
  const isWhole = typeof pieces.at(-1)?.value === 'object'
  if (isLast && openLists > 0 && isWhole) pieces.push(new Piece('[', undefined, 'truncated_list'))
  return pieces
}

/** Whether a bracket opens a line of text, as `[24/Apr/2026:`, `[2001:db8::9]:51000` and `[GIN]` do, and no list. */
function opensLine(text: string, at: number): boolean {
  if (text[at] !== '[') return false
  const word = /^\[(?!(?:true|false|null)\b)[a-z]/i
  const head = text.slice(at, at + 64)
  return word.test(head) || /^\[(?:\d{1,4}[/-]|[\da-f.:]+\][: ])/i.test(head)
}

function opensList(text: string, at: number): boolean {
  listStart.lastIndex = at
  return listStart.test(text)
}

const listStart = /\[\s*[[{]/y

/**
 * An object that is a line by itself, as most are even in a body with an error: parsed without a look at each character.
 * Where the line cannot be read its end, null if it was not tried.
 */
function readObjectLine(text: string, at: number): Piece | number | null {
  const end = endOfLine(text, at)
  const last = text.charCodeAt(end - 1) === 0x0d ? end - 1 : end
  if (text.charCodeAt(last - 1) !== 0x7d || last - at > longestLine) return null
  const line = text.slice(at, last)
  const parsed = parseRepaired(line)
  return parsed === undefined ? last : new Piece(line, parsed.value, stateOf(line, parsed))
}

function readObject(text: string): Piece | null {
  const parsed = parseRepaired(text)
  if (parsed === undefined) return null
  if (text.length > longestLine) return longObject(text, parsed.value)
  return new Piece(text, parsed.value, stateOf(text, parsed))
}

/** How a text had to be read to give its value. */
export function stateOf(text: string, { value, repaired }: { value: unknown; repaired: boolean }) {
  return repaired ? 'repaired' : hasTwins(text, value) ? 'twins' : 'whole'
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at)
  return end < 0 ? text.length : end
}

const start = /\n(?:\{|(?=[^\s{}[\],":]))|[,}][ \t\r\n]*(?=\{")/g

/** Where after `at` an object or, with no space or mark of JSON in front, a line of text may begin again. */
function nextStart(text: string, at: number): number {
  start.lastIndex = at
  const match = start.exec(text)
  if (match === null) return text.length
  return match[0].startsWith('\n') ? match.index : match.index + match[0].length
}
