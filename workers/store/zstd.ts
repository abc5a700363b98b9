import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'

/** An empty block marked as the last of its frame (RFC 8878, 3.1.1.2). */
const endOfFrame = [0x01, 0x00, 0x00]
/** Characters of at most three bytes each, so few that workerd ends their frame itself. */
const safe = 10_000

/**
 * One zstd frame of `bytes`. workerd cannot end a frame of more than about 32 kB itself ("Unexpected end of file",
 * cloudflare/workerd#6769, in production too), but it can flush one; so the end is put behind it here.
 */
export function compress(bytes: Uint8Array | string, level = 3): Uint8Array {
  const params = { [constants.ZSTD_c_compressionLevel]: level }
  if (bytes.length < safe) return new Uint8Array(zstdCompressSync(bytes, { params }))
  const blocks = zstdCompressSync(bytes, { params, finishFlush: constants.ZSTD_e_flush })
  const frame = new Uint8Array(blocks.length + endOfFrame.length)
  frame.set(blocks)
  frame.set(endOfFrame, blocks.length)
  return frame
}

export function decompress(frame: Uint8Array): Uint8Array {
  return new Uint8Array(zstdDecompressSync(frame))
}
