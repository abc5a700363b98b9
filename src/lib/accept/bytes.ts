const newline = 0x0a
const brace = 0x7b

/** A body has more records or values than a batch may have. */
export class TooMany extends Error {
  readonly most: number
  readonly what: 'records' | 'values'

  constructor(most: number, what: TooMany['what'] = 'records') {
    super(`body has more than ${most} ${what}: send smaller batches`)
    this.most = most
    this.what = what
  }
}

/** Values in some bytes of JSON, at the most, and how deep they nest: by commas and brackets outside of strings. */
export function measure(bytes: Uint8Array): { values: number; depth: number } {
  let [values, level, depth] = [0, 0, 0]
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!
    if (byte === 0x22) at = endOfQuoted(bytes, at)
    else if (byte === 0x2c) values++
    else if (byte === 0x5b || byte === brace) {
      values++
      if (++level > depth) depth = level
    } else if (byte === 0x5d || byte === 0x7d) level--
  }
  return { values, depth }
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
    if (byte === 0x22 || byte === newline) return at
    if (byte === 0x5c) at++
  }
  return bytes.length
}
