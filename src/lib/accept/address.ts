/**
 * An address in one canonical spelling, or null: ports, brackets, zones and `::ffff:` are taken off. IPv6 without brackets
 * loses a port only if it is no address with it: `2001:db8::7:54321`, but not `2001:db8::7:5432`.
 */
export function readAddress(value: string): string | null {
  const text = value.trim()
  if (text.length > 80) return null
  const plain = readV4(text, text.length)
  if (plain) return text
  if (text.startsWith('[')) return readV6(text.slice(1, text.indexOf(']')))
  const colon = text.indexOf(':')
  if (colon < 0) return null
  const last = text.lastIndexOf(':')
  if (colon === last) return readV4(text, colon) ? text.slice(0, colon) : null
  return readV6(text) ?? (isPort(text, last + 1) ? readV6(text.slice(0, last)) : null)
}

/** The same of a text that is nothing but an address, without brackets and port. */
export function readBareAddress(text: string): string | null {
  if (text.length > 80) return null
  if (!text.includes(':')) return readV4(text, text.length) ? text : null
  return readV6(text)
}

/** `address` of `address:port`, for logs that always write the port: IPv6 may have no brackets. */
export function withoutPort(text: string): string {
  const last = text.lastIndexOf(':')
  const address = text.slice(0, Math.max(0, last))
  return isPort(text, last + 1) && readAddress(address) !== null ? address : text
}

function isPort(text: string, at: number): boolean {
  return /^\d{1,5}$/.test(text.slice(at)) && Number(text.slice(at)) <= 65_535
}

/** Whether the address belongs to a private, loop-back, link-local or carrier-grade range. */
export function isPrivate(address: string): boolean {
  if (address.includes(':')) return address === '::1' || /^(?:f[cd]|fe[89ab])/.test(address)
  const [a, b] = address.split('.', 2).map(Number) as [number, number]
  if (a === 10 || a === 127) return true
  if (a === 172) return b >= 16 && b < 32
  if (a === 192) return b === 168
  return (a === 169 && b === 254) || (a === 100 && b >= 64 && b < 128)
}

/** An address as groups of 16 bits, two for IPv4 and eight for IPv6; null if it is no address. */
export function groupsOf(value: string): number[] | null {
  const address = readAddress(value)
  if (address === null) return null
  if (address.includes(':')) return readWords(address)
  const [a, b, c, d] = address.split('.').map(Number) as [number, number, number, number]
  return [a * 256 + b, c * 256 + d]
}

/** The network of an address with so many bits: the rest is zeros. Null for what is no address. */
export function maskAddress(value: string, bits4: number, bits6: number): string | null {
  const address = readAddress(value)
  if (address === null) return null
  if (!address.includes(':')) {
    const kept = address.split('.').map((part, i) => Number(part) & maskOf(bits4 - i * 8, 8))
    return kept.join('.')
  }
  return spell(readWords(address)!.map((word, i) => word & maskOf(bits6 - i * 16, 16)))
}

/** The first `bits` of a field of `width` bits. */
export function maskOf(bits: number, width: number): number {
  return (2 ** width - 1) & ~(2 ** (width - Math.min(width, Math.max(0, bits))) - 1)
}

/** Four numbers up to 255 without leading zeros, which some read as octal. */
function readV4(text: string, end: number): boolean {
  if (end < 7 || end > 15) return false
  let dots = 0
  let value = -1
  for (let i = 0; i < end; i++) {
    const digit = text.charCodeAt(i) - 0x30
    if (digit === -2) {
      if (value < 0) return false
      dots++
      value = -1
    } else {
      if (digit < 0 || digit > 9 || value === 0) return false
      value = value < 0 ? digit : value * 10 + digit
      if (value > 255) return false
    }
  }
  return dots === 3 && value >= 0
}

let lastV6 = ''
let lastAddress: string | null = null

function readV6(text: string): string | null {
  if (text === lastV6) return lastAddress
  const zone = text.indexOf('%')
  const words = readWords((zone < 0 ? text : text.slice(0, zone)).toLowerCase())
  lastV6 = text
  lastAddress = words === null ? null : spell(words)
  return lastAddress
}

function readWords(text: string): number[] | null {
  const gap = text.indexOf('::')
  if (gap < 0) {
    const words = readRun(text)
    return words?.length === 8 ? words : null
  }
  const head = gap === 0 ? [] : readRun(text.slice(0, gap))
  const tail = gap + 2 === text.length ? [] : readRun(text.slice(gap + 2))
  if (head === null || tail === null || head.length + tail.length > 7) return null
  return [...head, ...new Array<number>(8 - head.length - tail.length).fill(0), ...tail]
}

function readRun(text: string): number[] | null {
  const words: number[] = []
  const parts = text.split(':')
  for (const [i, part] of parts.entries()) {
    if (/^[0-9a-f]{1,4}$/.test(part)) words.push(parseInt(part, 16))
    else if (i === parts.length - 1 && readV4(part, part.length)) {
      const [a, b, c, d] = part.split('.').map(Number) as [number, number, number, number]
      words.push(a * 256 + b, c * 256 + d)
    } else return null
  }
  return words
}

/** RFC 5952: lower case, no leading zeros, the first longest run of two zeros or more as `::`. */
function spell(words: number[]): string {
  const mapped = words[5] === 0xffff && words.slice(0, 5).every((word) => word === 0)
  if (mapped) return [words[6]! >> 8, words[6]! & 255, words[7]! >> 8, words[7]! & 255].join('.')
  let start = -1
  let length = 1
  for (let i = 0; i < 8; i++) {
    let end = i
    while (end < 8 && words[end] === 0) end++
    if (end - i > length) [start, length] = [i, end - i]
    if (end > i) i = end
  }
  const hex = words.map((word) => word.toString(16))
  if (start < 0) return hex.join(':')
  return `${hex.slice(0, start).join(':')}::${hex.slice(start + length).join(':')}`
}
