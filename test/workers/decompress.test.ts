import { describe, expect, it } from 'vitest'
import * as zlib from 'node:zlib'
import { decompress, inflateWithin } from '../../workers/ingest/decompress.ts'

const limits = { compressed: 10 << 20, decoded: 20 << 20, frames: 1_000 }
const text = '[{"path":"/shop","status":"200"}]'.repeat(40)
const bytes = new TextEncoder().encode(text)

/** A body that arrives in chunks; `cancelled` tells whether the reader gave it up. */
function streamOf(body: Uint8Array, size = 1000) {
  const seen = { cancelled: false, pulled: 0 }
  let at = 0
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (at >= body.length) return controller.close()
      controller.enqueue(body.slice(at, at + size))
      at += size
      seen.pulled = at
    },
    cancel() {
      seen.cancelled = true
    }
  })
  return { stream, seen }
}

const read = async (body: Uint8Array, encoding: string | null, most = limits) =>
  new TextDecoder().decode(await decompress(streamOf(body).stream, encoding, most))

const join = (...parts: Uint8Array[]) => new Uint8Array(Buffer.concat(parts))
const junk = new TextEncoder().encode('junk!')

const good: [string, Uint8Array, string | null, string?][] = [
  ['plain', bytes, null],
  ['identity', bytes, 'identity'],
  ['gzip', zlib.gzipSync(bytes), 'gzip'],
  ['x-gzip in capitals', zlib.gzipSync(bytes), 'X-GZIP'],
  ['gzip without the header', zlib.gzipSync(bytes), null],
  ['gzip of two members', join(zlib.gzipSync(bytes), zlib.gzipSync(bytes)), 'gzip', text + text],
  ['gzip in name, JSON in fact', bytes, 'gzip'],
  ['deflate with zlib header', zlib.deflateSync(bytes), 'deflate'],
  ['deflate, raw', zlib.deflateRawSync(bytes), 'deflate'],
  ['deflate in name, JSON in fact', bytes, 'deflate'],
  ['zstd', zlib.zstdCompressSync(bytes), 'zstd'],
  [
    'zstd of two frames',
    join(zlib.zstdCompressSync(bytes), zlib.zstdCompressSync(bytes)),
    'zstd',
    text + text
  ],
  ['zstd without the header', zlib.zstdCompressSync(bytes), ''],
  ['br', zlib.brotliCompressSync(bytes), 'br'],
  ['empty', new Uint8Array(), 'gzip', '']
]

describe('a body is read when it is', () => {
  it.each(good)('%s', async (_, body, encoding, want = text) => {
    expect(await read(body, encoding)).toBe(want)
  })

  it('no body at all', async () => {
    expect((await decompress(null, null, limits)).length).toBe(0)
  })
})

const bad: [string, Uint8Array, string, number, string, string][] = [
  [
    'an unknown encoding',
    bytes,
    'snappy',
    415,
    'unsupported_encoding',
    'Content-Encoding snappy is not among gzip, deflate, zstd, br'
  ],
  [
    'two encodings',
    bytes,
    'gzip, br',
    415,
    'unsupported_encoding',
    'Content-Encoding gzip, br is not among gzip, deflate, zstd, br'
  ],
  [
    'text called gzip',
    junk,
    'gzip',
    400,
    'bad_encoding',
    'body is not gzip (not its format); it starts with 6a756e6b21'
  ],
  [
    'truncated gzip',
    zlib.gzipSync(bytes).subarray(0, 40),
    'gzip',
    400,
    'truncated',
    'gzip body of 40 bytes ends early'
  ],
  [
    'gzip and junk',
    join(zlib.gzipSync(bytes), junk),
    'gzip',
    400,
    'trailing_bytes',
    'some bytes follow the end of the gzip body'
  ],
  [
    'zlib and junk',
    join(zlib.deflateSync(bytes), junk),
    'deflate',
    400,
    'trailing_bytes',
    '5 bytes follow the end of the deflate body'
  ],
  [
    'zstd and junk',
    join(zlib.zstdCompressSync(bytes), junk),
    'zstd',
    400,
    'trailing_bytes',
    '5 bytes follow the end of the zstd body'
  ],
  [
    'br and junk',
    join(zlib.brotliCompressSync(bytes), junk),
    'br',
    400,
    'trailing_bytes',
    '5 bytes follow the end of the br body'
  ],
  [
    'truncated zstd',
    zlib.zstdCompressSync(bytes).subarray(0, 20),
    'zstd',
    400,
    'truncated',
    'zstd body of 20 bytes ends early'
  ],
  [
    'truncated br',
    zlib.brotliCompressSync(bytes).subarray(0, 20),
    'br',
    400,
    'truncated',
    'br body of 20 bytes ends early'
  ]
]

describe('a body is refused when it is', () => {
  it.each(bad)('%s', async (_, body, encoding, status, code, message) => {
    await expect(read(body, encoding)).rejects.toMatchObject({ status, code, message })
  })

  it('gzip with a wrong checksum', async () => {
    const body = zlib.gzipSync(bytes)
    body[body.length - 6]! ^= 1
    await expect(read(body, 'gzip')).rejects.toMatchObject({ status: 400, code: 'bad_encoding' })
  })

  it.each(['gzip', 'deflate', 'zstd', 'br'])('a bomb of %s', async (encoding) => {
    const zeros = new Uint8Array(21 << 20)
    const compress = {
      gzip: zlib.gzipSync,
      deflate: zlib.deflateSync,
      zstd: zlib.zstdCompressSync,
      br: brotli
    }
    const body = compress[encoding as keyof typeof compress](zeros)
    await expect(read(body, encoding)).rejects.toMatchObject({ status: 413, code: 'decoded_too_large' })
  })

  it('a bomb in the second frame or member', async () => {
    const most = { ...limits, compressed: 10_000, decoded: bytes.length * 2 - 1 }
    const two = (compress: (input: Uint8Array) => Uint8Array) => join(compress(bytes), compress(bytes))
    const refusal = { status: 413, code: 'decoded_too_large' }
    await expect(read(two(zlib.zstdCompressSync), 'zstd', most)).rejects.toMatchObject(refusal)
    await expect(read(two(zlib.gzipSync), 'gzip', most)).rejects.toMatchObject(refusal)
  })

  it.each([null, 'gzip'])(
    'larger than the limit, when its sender can read the answer (%s)',
    async (encoding) => {
      const { stream, seen } = streamOf(new Uint8Array(49_000))
      const most = { ...limits, compressed: 5000, decoded: 5000 }
      await expect(decompress(stream, encoding, most)).rejects.toMatchObject({
        status: 413,
        code: 'batch_too_large'
      })
      expect(seen).toEqual({ cancelled: false, pulled: 49_000 })
    }
  )

  it.each([null, 'gzip'])('far larger than the limit, without its end (%s)', async (encoding) => {
    const { stream, seen } = streamOf(new Uint8Array(100_000))
    const most = { ...limits, compressed: 5000, decoded: 5000 }
    await expect(decompress(stream, encoding, most)).rejects.toMatchObject({
      status: 413,
      code: 'batch_too_large'
    })
    expect(seen.cancelled).toBe(true)
    expect(seen.pulled).toBeLessThan(60_000)
  })

  it('broken off', async () => {
    const stream = new ReadableStream({ pull: (controller) => controller.error(new Error('gone')) })
    await expect(decompress(stream, null, limits)).rejects.toMatchObject({ status: 503, code: 'interrupted' })
  })
})

it('exactly as large as the limit is read', async () => {
  const most = { ...limits, compressed: bytes.length, decoded: bytes.length }
  expect(await read(zlib.gzipSync(bytes), 'gzip', most)).toBe(text)
  expect(await read(bytes, null, most)).toBe(text)
})

describe('streams within a body', () => {
  const body = new Uint8Array(100)
  const gzip = zlib.gzipSync(bytes)

  it('are decoded, also of several members', () => {
    const inflate = inflateWithin(body, limits)
    expect(new TextDecoder().decode(inflate(gzip)!)).toBe(text)
    expect(inflate(join(gzip, gzip))).toHaveLength(2 * bytes.length)
  })

  it('are null where they are broken', () => {
    const inflate = inflateWithin(body, limits)
    for (const broken of [gzip.subarray(0, -9), bytes, junk, join(gzip, junk), new Uint8Array()])
      expect(inflate(broken)).toBeNull()
  })

  it('make no more bytes together than a body may have', () => {
    const inflate = inflateWithin(body, { ...limits, decoded: body.length + 2 * bytes.length - 1 })
    inflate(gzip)
    expect(() => inflate(gzip)).toThrow(`body decodes to more than ${99 + 2 * bytes.length} bytes`)
    expect(() => inflateWithin(body, { ...limits, decoded: 100 })(gzip)).toThrow('more than 100 bytes')
  })

  it('are bounded in number', () => {
    const inflate = inflateWithin(body, { ...limits, frames: 2 })
    inflate(gzip)
    inflate(gzip)
    expect(() => inflate(gzip)).toThrow('more than 2 gzip frames')
  })
})

function brotli(input: Uint8Array) {
  return zlib.brotliCompressSync(input, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 1 } })
}
