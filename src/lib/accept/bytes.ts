const newline = 0x0a
const quote = 0x22
const brace = 0x7b

/** Values in some bytes of JSON, at the most, and how deep they nest. */
export interface Measure {
  values: number
  depth: number
}

/** Measures bytes of JSON by their commas and brackets outside of strings. */
export function measure(bytes: Uint8Array): Measure {
  let [values, level, depth] = [0, 0, 0]
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!
    if (byte === quote) at = endOfQuoted(bytes, at)
    else if (byte === 0x2c) values++
    else if (byte === 0x5b || byte === brace) {
      values++
      if (++level > depth) depth = level
    } else if (byte === 0x5d || byte === 0x7d) level--
  }
  return { values, depth }
}

/** Whether more than `most` brackets open. */
export function isBracketed(bytes: Uint8Array, most: number): boolean {
  let left = most
  for (const bracket of [brace, 0x5b])
    for (let at = bytes.indexOf(bracket); at >= 0 && left >= 0; at = bytes.indexOf(bracket, at + 1)) left--
  return left < 0
}

/** The least that a member of an object takes: `"":1,`. */
const leastMember = 5
const slots = 1 << 21

/**
 * How many different names members have, at most `most` + 1; a few are taken for one. A name stands in quotes before a
 * colon, also inside of a string that holds JSON, or is the value of an OTLP attribute's `key`.
 */
export function countNames(bytes: Uint8Array, most: number): number {
  if (bytes.length < most * leastMember) return 0
  const seen = new Uint32Array(slots / 32)
  let names = 0
  for (let at = bytes.indexOf(0x3a); at >= 0 && names <= most; at = bytes.indexOf(0x3a, at + 1)) {
    let end = at - 1
    while (isSpace(bytes[end]!)) end--
    if (bytes[end] !== quote) continue
    note(end)
    if (!isKey(bytes, end)) continue
    let start = at + 1
    while (isSpace(bytes[start]!)) start++
    const close = bytes[start] === quote ? bytes.indexOf(quote, start + 1) : -1
    if (close > 0) note(close)
  }
  return names

  /** Counts the string that ends with the quote at `end`. */
  function note(end: number): void {
    let hash = 0
    for (let i = end - 1; i >= 0 && bytes[i] !== quote; i--) hash = Math.imul(hash ^ bytes[i]!, 0x01000193)
    const slot = (hash ^ (hash >>> 15)) & (slots - 1)
    const bit = 1 << (slot & 31)
    if ((seen[slot >> 5]! & bit) !== 0) return
    seen[slot >> 5]! |= bit
    names++
  }
}

/** Whether `key` stands before the quote at `end`. */
function isKey(bytes: Uint8Array, end: number): boolean {
  return (
    bytes[end - 1] === 0x79 && bytes[end - 2] === 0x65 && bytes[end - 3] === 0x6b && bytes[end - 4] === quote
  )
}

const isSpace = (byte: number) => byte === 0x20 || byte === newline || byte === 0x0d || byte === 0x09

/** The UTF-16 that a text's byte order mark tells, as Windows writes it; null without one. */
export function utf16Of(head: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
  return head[0] === 0xfe && head[1] === 0xff ? 'utf-16be' : null
}

/** The bytes of a text in UTF-8. */
export function toUtf8(bytes: Uint8Array): Uint8Array {
  const encoding = utf16Of(bytes)
  return encoding ? new TextEncoder().encode(new TextDecoder(encoding).decode(bytes)) : bytes
}

/** Bytes whose lines end with line feeds: old programs of the Mac end them with carriage returns alone. */
export function withNewlines(bytes: Uint8Array): Uint8Array {
  const first = bytes.indexOf(newline)
  const isLast = first < 0 || !bytes.subarray(first).some((byte) => !isSpace(byte))
  const end = first < 0 ? bytes.length : first
  const back = isLast ? bytes.indexOf(0x0d) : -1
  if (back < 0 || back >= end - 1) return bytes
  const clean = bytes.slice()
  for (let at = back; at >= 0; at = clean.indexOf(0x0d, at)) clean[at] = newline
  return clean
}

/** Bytes in which `␀` stands for NUL. */
export function withoutNul(bytes: Uint8Array): Uint8Array {
  if (!bytes.includes(0)) return bytes
  const clean = new Uint8Array(bytes.length * 3)
  let to = 0
  for (const byte of bytes) {
    if (byte === 0) {
      clean[to++] = 0xe2
      clean[to++] = 0x90
      clean[to++] = 0x80
    } else clean[to++] = byte
  }
  return clean.subarray(0, to)
}

/** Where the string opened at `start` ends, at the latest with its line. */
function endOfQuoted(bytes: Uint8Array, start: number): number {
  for (let at = start + 1; at < bytes.length; at++) {
    const byte = bytes[at]!
    if (byte === quote || byte === newline) return at
    if (byte === 0x5c) at++
  }
  return bytes.length
}
