import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'

/** An empty block marked as the last of its frame (RFC 8878, 3.1.1.2). */
const endOfFrame = [0x01, 0x00, 0x00]
/** Characters of at most three bytes each, so few that workerd ends their frame itself. */
const safe = 10_000

const { ZSTD_c_compressionLevel: level, ZSTD_c_strategy: strategy, ZSTD_btopt: optimal } = constants
const {
  ZSTD_c_minMatch: minMatch,
  ZSTD_c_searchLog: searchLog,
  ZSTD_c_targetLength: targetLength
} = constants

/** `fine` parses optimally and seeks little: as small as level 19 within a hundredth, in a quarter of its time. */
const efforts = {
  least: { [level]: 1 },
  fast: { [level]: 3 },
  long: { [level]: 9 },
  fine: { [level]: 6, [strategy]: optimal, [minMatch]: 3, [searchLog]: 3, [targetLength]: 32 }
}

export type Effort = 'least' | 'fast' | 'fine'

/** More than this would keep an append waiting for a fifth of a second, to save a thousandth. */
const mostFine = 1 << 19

/**
 * One zstd frame of `bytes`. workerd cannot end a frame of more than about 32 kB itself ("Unexpected end of file",
 * cloudflare/workerd#6769, in production too), but it can flush one; so the end is put behind it here.
 */
export function compress(bytes: Uint8Array | string, effort: Effort = 'fast'): Uint8Array {
  const params = efforts[effort === 'fine' && bytes.length > mostFine ? 'long' : effort]
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
