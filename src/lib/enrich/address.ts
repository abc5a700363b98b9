/**
 * Reads an address into `bytes` (16 long) in network order and says how many of them count: 4, 16, or 0 for what is
 * no address. An IPv4 address within IPv6 (`::ffff:1.2.3.4`, `::1.2.3.4`) is read as itself.
 */
export function readAddress(text: string, bytes: Uint8Array): 0 | 4 | 16 {
  if (!text.includes(':')) return readDotted(text, 0, bytes, 0) ? 4 : 0
  if (!readGroups(text, bytes)) return 0
  if (!isMapped(bytes)) return 16
  bytes.copyWithin(0, 12)
  return 4
}

/** Whether an address belongs to no one on the internet: private, local, multicast, documentation (RFC 6890). */
export function isReserved(bytes: Uint8Array, width: 4 | 16): boolean {
  return width === 4 ? isReserved4(bytes[0]!, bytes[1]!, bytes[2]!) : isReserved6(bytes)
}

function isReserved4(a: number, b: number, c: number): boolean {
  switch (a) {
    case 0:
    case 10:
    case 127:
      return true
    case 100:
      return b >> 6 === 1
    case 169:
      return b === 254
    case 172:
      return b >> 4 === 1
    case 192:
      return b === 168 || (b === 0 && (c === 0 || c === 2))
    case 198:
      return b >> 1 === 9 || (b === 51 && c === 100)
    case 203:
      return b === 0 && c === 113
    default:
      return a >= 224
  }
}

function isReserved6(bytes: Uint8Array): boolean {
  const first = bytes[0]!
  const second = bytes[1]!
  if (first === 0x20) return second === 1 && bytes[2] === 0x0d && bytes[3] === 0xb8
  return (
    first === 0xff ||
    first >> 1 === 0x7e ||
    (first === 0xfe && second >= 0x80) ||
    (first === 0 && second === 0)
  )
}

/** ::ffff:0:0/96, and ::/96, its form of old. */
function isMapped(bytes: Uint8Array): boolean {
  for (let at = 0; at < 10; at++) if (bytes[at] !== 0) return false
  return bytes[10] === bytes[11] && (bytes[10] === 255 || bytes[10] === 0)
}

function readDotted(text: string, from: number, bytes: Uint8Array, into: number): boolean {
  let value = -1
  let part = 0
  for (let at = from; at < text.length; at++) {
    const digit = text.charCodeAt(at) - 48
    if (digit >= 0 && digit <= 9) {
      value = value < 0 ? digit : value * 10 + digit
      if (value > 255) return false
    } else {
      if (digit !== -2 || value < 0 || part === 3) return false
      bytes[into + part++] = value
      value = -1
    }
  }
  if (part !== 3 || value < 0) return false
  bytes[into + 3] = value
  return true
}

/** Groups before `::` fill from the left; when it comes, what follows is moved to the right end. */
function readGroups(text: string, bytes: Uint8Array): boolean {
  let filled = 0
  let gap = -1
  let value = -1
  let start = 0
  for (let at = 0; at <= text.length; at++) {
    const code = at < text.length ? text.charCodeAt(at) : 58
    const digit = hexDigit(code)
    if (digit >= 0) {
      value = value < 0 ? digit : value * 16 + digit
      if (value > 0xffff || at - start > 3) return false
      continue
    }
    if (code === 46) {
      if (filled > 12 || value < 0 || !readDotted(text, start, bytes, filled)) return false
      filled += 4
      break
    }
    if (code !== 58) return false
    if (value >= 0) {
      if (filled > 14) return false
      bytes[filled++] = value >> 8
      bytes[filled++] = value & 255
      value = -1
    } else if (at < text.length) {
      if (at === 0 ? text.charCodeAt(1) !== 58 : text.charCodeAt(at - 1) !== 58) return false
      if (at > 0) {
        if (gap >= 0) return false
        gap = filled
      }
    } else if (gap !== filled) return false
    start = at + 1
  }
  if (gap < 0) return filled === 16
  if (filled > 14) return false
  bytes.copyWithin(16 - (filled - gap), gap, filled)
  bytes.fill(0, gap, 16 - (filled - gap))
  return true
}

function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48
  const letter = code | 32
  return letter >= 97 && letter <= 102 ? letter - 87 : -1
}
