/** Bytes of text in a batch. A batch of access log lines has some 20,000 of them. */
export const mostBytes = 4 << 20
/** The Worker takes 500,000 records in a batch. */
const mostLines = 200_000

const newline = 0x0a
const carriageReturn = 0x0d
const brace = 0x7b
const closingBrace = 0x7d
const hash = 0x23

/** What follows the bytes at hand: more of them, none for now, or none ever. */
export type Rest = 'more' | 'pause' | 'end'

/**
 * Returns how many of the bytes are the next batch, or 0 if it takes more bytes to know. A batch ends with a line, and
 * in JSON with an object. The same bytes are always cut in the same way.
 */
export function endOfBatch(bytes: Uint8Array, rest: Rest, isJson = bytes[0] === brace): number {
  if (bytes.length < mostBytes && rest === 'more') return 0
  const most = endOfLines(bytes.subarray(0, mostBytes), mostLines)
  if (rest === 'end' && most === bytes.length) return most
  const last = isJson ? endOfObjects(bytes, most) : 0
  if (last > 0) return last
  const end = bytes.lastIndexOf(newline, most - 1) + 1
  // No record is this long: the Worker refuses its pieces.
  return end === 0 && bytes.length >= mostBytes ? most : end
}

/** The end of the first `most` lines, or of all bytes. */
function endOfLines(bytes: Uint8Array, most: number): number {
  let at = 0
  for (let lines = 0; lines < most; lines++) {
    const end = bytes.indexOf(newline, at)
    if (end < 0) return bytes.length
    at = end + 1
  }
  return at
}

/** The last end of a line, up to `most`, between `}` and `{`: no object of several lines is open there. */
function endOfObjects(bytes: Uint8Array, most: number): number {
  for (let end = bytes.lastIndexOf(newline, most - 1); end > 0; end = bytes.lastIndexOf(newline, end - 1)) {
    const before = bytes[end - 1] === carriageReturn ? bytes[end - 2] : bytes[end - 1]
    const next = bytes[end + 1]
    if (before === closingBrace && (next === brace || next === undefined)) return end + 1
  }
  return 0
}

/** True for the start of a JSON array, which has no place where it can be cut; `[24/Apr/2026:` starts a line. */
export const isArray = (head: Uint8Array): boolean =>
  /^\uFEFF?\s*\[\s*[[{\]]/.test(new TextDecoder('utf-8', { ignoreBOM: true }).decode(head.subarray(0, 256)))

/** The directives of a W3C log that say how to read the lines below them, each with its line end. */
export interface Header {
  fields: string
  date: string
}

export const noHeader: Header = { fields: '', date: '' }

/** The header that holds below some lines: each batch of a W3C log needs it. */
export function headerAfter(header: Header, lines: Uint8Array): Header {
  let after = header
  for (let at = lines.indexOf(hash); at >= 0; at = lines.indexOf(hash, at + 1)) {
    if (at > 0 && lines[at - 1] !== newline) continue
    const end = lines.indexOf(newline, at)
    const line = new TextDecoder().decode(lines.subarray(at, end < 0 ? lines.length : end)).trimEnd()
    if (/^#Fields:/i.test(line)) after = { ...after, fields: `${line}\n` }
    if (/^#Date:/i.test(line)) after = { ...after, date: `${line}\n` }
  }
  return after
}

/**
 * The first bytes of a log up to the end of its first line that is no directive: what its first batch is looked up by.
 * Logs of one program can have the same directives. Null if that takes more bytes to know.
 */
export function headOf(bytes: Uint8Array, rest: Rest): Uint8Array | null {
  const within = bytes.subarray(0, longestHead)
  for (let at = 0; at < within.length;) {
    const end = within.indexOf(newline, at)
    if (end < 0) break
    if (within[at] !== hash) return within.subarray(0, end + 1)
    at = end + 1
  }
  return rest === 'end' || bytes.length >= longestHead ? within : null
}

const longestHead = 1 << 16
