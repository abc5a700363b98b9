/**
 * Reads `count` numbers of `width` bits each in Parquet's mix of runs and bit-packed groups (RLE/bit-packing hybrid).
 * hyparquet's own takes five times as long, and fills an array of JavaScript.
 */
export function readRuns(
  bytes: Uint8Array,
  width: number,
  into: Uint8Array | Uint32Array,
  count: number
): void {
  if (width > 32) throw new Error(`Parquet numbers of ${width} bits`)
  let [at, seen] = [0, 0]
  while (seen < count) {
    let [head, shift] = [0, 0]
    let byte: number
    do {
      byte = bytes[at++]!
      head |= (byte & 0x7f) << shift
      shift += 7
    } while (byte & 0x80)
    const isPacked = head & 1
    const length = isPacked ? (head >>> 1) * 8 : head >>> 1
    const numbers = Math.min(length, count - seen)
    const room = isPacked ? Math.ceil((numbers * width) / 8) : Math.ceil(width / 8)
    if (at + room > bytes.length) throw new Error('Parquet runs end too early')
    if (isPacked) unpack(bytes, at, width, into, seen, numbers)
    else into.fill(wordAt(bytes, at, room), seen, seen + numbers)
    at += isPacked ? (length * width) / 8 : room
    seen += numbers
  }
}

function wordAt(bytes: Uint8Array, at: number, length: number): number {
  let word = 0
  for (let i = 0; i < length; i++) word += bytes[at + i]! * 2 ** (8 * i)
  return word
}

/** Widths of 1, 8 and 16 bits are what our writer makes of most columns. */
function unpack(
  bytes: Uint8Array,
  at: number,
  width: number,
  into: Uint8Array | Uint32Array,
  from: number,
  count: number
): void {
  if (width === 1) for (let i = 0; i < count; i++) into[from + i] = (bytes[at + (i >> 3)]! >> (i & 7)) & 1
  else if (width === 8) for (let i = 0; i < count; i++) into[from + i] = bytes[at + i]!
  else if (width === 16)
    for (let i = 0; i < count; i++) into[from + i] = bytes[at + 2 * i]! | (bytes[at + 2 * i + 1]! << 8)
  else unpackBits(bytes, at, width, into, from, count)
}

function unpackBits(
  bytes: Uint8Array,
  at: number,
  width: number,
  into: Uint8Array | Uint32Array,
  from: number,
  count: number
): void {
  let bit = 0
  for (let i = 0; i < count; i++) {
    let [word, got] = [0, 0]
    while (got < width) {
      const taken = Math.min(8 - bit, width - got)
      word += ((bytes[at]! >> bit) & ((1 << taken) - 1)) * 2 ** got
      got += taken
      bit += taken
      if (bit === 8) [at, bit] = [at + 1, 0]
    }
    into[from + i] = word
  }
}
