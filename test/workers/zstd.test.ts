import { expect, it } from 'vitest'
import { compress, decompress } from '../../workers/store/zstd.ts'

/** Text that compresses to about half: enough of it for many blocks. */
function text(length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  let x = 0x12345678
  for (let i = 0; i < length; i++) {
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
    bytes[i] = 97 + ((x >>> 8) % (i % 3 ? 4 : 26))
  }
  return bytes
}

it.each([0, 1, 1_000, 40_000, 100_000, 131_072, 131_073, 1_000_000, 5_000_000])(
  'gives %i bytes back',
  (length) => {
    const bytes = text(length)
    expect(Buffer.compare(decompress(compress(bytes)), bytes)).toBe(0)
    expect(Buffer.compare(decompress(compress(bytes, 'fine')), bytes)).toBe(0)
  }
)
