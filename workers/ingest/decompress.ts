import { Buffer } from 'node:buffer'
import * as zlib from 'node:zlib'
import { Failure } from '../failure.ts'

export interface Limits {
  /** Most bytes of a compressed body as it arrives. */
  compressed: number
  /** Most bytes after decompression, and of a body that is not compressed. */
  decoded: number
  /** Most frames of zstd, since each costs the making of a decoder however little it holds. */
  frames: number
  /** Most ms that a body may take to arrive. */
  patience?: number
}

const accepted = 'gzip, deflate, zstd, br'

/**
 * Reads a body and takes its encoding off. What the bytes say wins over the header: forwarders send gzip without
 * saying so, and say gzip of plain JSON. Neither the compressed nor the decoded bytes ever pass their limit.
 */
export async function decompress(
  stream: ReadableStream<Uint8Array> | null,
  encoding: string | null,
  limits: Limits
): Promise<Uint8Array> {
  const named = normalize(encoding)
  const isPlain = named === 'identity'
  const most = isPlain ? limits.decoded : limits.compressed
  const body = await readAll(stream, most, limits.patience ?? 30_000)
  const actual = sniff(body, named)
  if (actual === 'identity') return body
  if (body.length > limits.compressed) throw tooLarge(limits.compressed)
  return decoders[actual](body, limits)
}

type Encoding = 'identity' | 'gzip' | 'deflate' | 'zstd' | 'br'

function normalize(encoding: string | null): Encoding {
  const name = (encoding ?? '').trim().toLowerCase()
  if (name === '' || name === 'identity') return 'identity'
  if (name === 'gzip' || name === 'x-gzip') return 'gzip'
  if (name === 'deflate' || name === 'zstd' || name === 'br') return name
  const message = `Content-Encoding ${name.slice(0, 64)} is not among ${accepted}`
  throw new Failure(415, 'unsupported_encoding', message, { 'Accept-Encoding': accepted })
}

/** What the body is by its first bytes. Brotli and raw deflate have none to tell them by. */
function sniff(body: Uint8Array, named: Encoding): Encoding {
  if (body.length === 0) return 'identity'
  if (body[0] === 0x1f && body[1] === 0x8b) return 'gzip'
  if (body[0] === 0x28 && body[1] === 0xb5 && body[2] === 0x2f && body[3] === 0xfd) return 'zstd'
  if (named === 'identity' || isJson(body)) return 'identity'
  if (named === 'gzip' || named === 'zstd') throw badEncoding(named, body)
  return named
}

/** Whether it starts and ends as JSON does; compressed bytes do so once in a billion bodies. */
function isJson(body: Uint8Array): boolean {
  const head = new TextDecoder().decode(body.subarray(0, 16)).trimStart()
  const tail = new TextDecoder().decode(body.subarray(-16)).trimEnd()
  return /^(?:\[\s*[[{"\]]|\{\s*["}])/.test(head) && /[\]}]$/.test(tail)
}

const decoders: Record<Exclude<Encoding, 'identity'>, (body: Uint8Array, limits: Limits) => Uint8Array> = {
  gzip: (body, { decoded: most }) =>
    run('gzip', body, most, () => zlib.gunzipSync(body, { maxOutputLength: most })),
  deflate: (body, { decoded }) => {
    const isZlib = (body[0]! & 15) === 8 && (body[0]! * 256 + (body[1] ?? 0)) % 31 === 0
    return runOnce('deflate', isZlib ? zlib.inflateSync : zlib.inflateRawSync, body, decoded)
  },
  br: (body, { decoded }) => runOnce('br', zlib.brotliDecompressSync, body, decoded),
  zstd: runFrames
}

/**
 * Decodes streams of gzip within a body that is decoded: all together make at most what `limits` leaves of it. Returns
 * null for a broken one.
 */
export function inflateWithin(
  body: Uint8Array,
  { decoded, frames }: Limits
): (bytes: Uint8Array) => Uint8Array | null {
  let room = decoded - body.length
  let left = frames
  return (bytes) => {
    if (left-- === 0) throw tooManyFrames('gzip', frames)
    try {
      const plain = decoders.gzip(bytes, { compressed: room, decoded: Math.max(room, 1), frames })
      room -= plain.length
      if (room < 0) throw decodedTooLarge(decoded)
      return plain
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      if (error.status === 400) return null
      throw decodedTooLarge(decoded)
    }
  }
}

interface Informed {
  buffer: Uint8Array
  engine: { bytesWritten: number }
}

type Decoder = (body: Uint8Array, options: { maxOutputLength: number; info: boolean }) => unknown

/** Decodes one stream, and tells how many bytes of the body it took. */
function decode(name: Encoding, decoder: Decoder, body: Uint8Array, most: number): Informed {
  // The types of node:zlib do not know what `info` makes of the answer.
  return run(name, body, most, () => decoder(body, { maxOutputLength: most, info: true }) as Informed)
}

function runOnce(name: Encoding, decoder: Decoder, body: Uint8Array, most: number): Uint8Array {
  const { buffer, engine } = decode(name, decoder, body, most)
  if (engine.bytesWritten < body.length) throw trailing(name, body.length - engine.bytesWritten)
  return buffer
}

/** A zstd body may be several frames; node:zlib stops after the first. */
function runFrames(body: Uint8Array, { decoded: most, frames: mostFrames }: Limits): Uint8Array {
  const frames: Uint8Array[] = []
  let rest = body
  for (let room = most; rest.length > 0;) {
    if (frames.length > 0 && !isFrame(rest)) throw trailing('zstd', rest.length)
    if (frames.length === mostFrames) throw tooManyFrames('zstd', mostFrames)
    const { buffer, engine } = decode('zstd', zlib.zstdDecompressSync, rest, room || 1)
    if (buffer.length > room) throw decodedTooLarge(most)
    frames.push(buffer)
    room -= buffer.length
    rest = rest.subarray(engine.bytesWritten)
  }
  return frames.length === 1 ? frames[0]! : Buffer.concat(frames)
}

/** A frame, or one of the skippable frames that carry no data. */
function isFrame(body: Uint8Array): boolean {
  const [a, b, c, d] = body
  return (
    (a === 0x28 && b === 0xb5 && c === 0x2f && d === 0xfd) ||
    (a! >> 4 === 5 && b === 0x2a && c === 0x4d && d === 0x18)
  )
}

function run<T>(name: Encoding, body: Uint8Array, most: number, decoder: () => T): T {
  try {
    return decoder()
  } catch (error) {
    // workerd throws plain errors with zlib's texts; only running into maxOutputLength is a RangeError.
    if (error instanceof RangeError) throw decodedTooLarge(most)
    const text = error instanceof Error ? error.message : String(error)
    if (/unexpected end/i.test(text))
      throw new Failure(400, 'truncated', `${name} body of ${body.length} bytes ends early`)
    // The first header was seen to be right: this one stands behind a whole member.
    if (name === 'gzip' && text === 'incorrect header check') throw trailing(name)
    throw badEncoding(name, body, text)
  }
}

/**
 * Reads on without keeping anything, up to ten times the limit: many clients read no answer before they have sent their
 * body, and one whose connection is closed meanwhile sends it again for ever.
 */
async function discard(reader: ReadableStreamDefaultReader<Uint8Array>, most: number): Promise<void> {
  for (let left = most * 9; left > 0;) {
    const { value, done } = await reader.read()
    if (done) return
    left -= value.length
  }
  await reader.cancel()
}

/** Reads a stream to its end. Throws 413 beyond the limit. */
async function readAll(
  stream: ReadableStream<Uint8Array> | null,
  most: number,
  patience: number
): Promise<Uint8Array> {
  if (stream === null) return new Uint8Array()
  const reader = stream.getReader()
  const chunks: Uint8Array[] = []
  let length = 0
  let isLate = false
  const deadline = setTimeout(() => {
    isLate = true
    void reader.cancel()
  }, patience)
  try {
    for (;;) {
      const { value, done } = await reader.read().catch(() => {
        throw new Failure(503, 'interrupted', `body broke off after ${length} bytes`, { 'Retry-After': '1' })
      })
      if (isLate) throw tooSlow(length, patience)
      if (done) break
      length += value.length
      if (length > most) {
        chunks.length = 0
        await discard(reader, most).catch(() => undefined)
        throw tooLarge(most)
      }
      chunks.push(value)
    }
  } finally {
    clearTimeout(deadline)
  }
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, length)
}

/** 503, not 408: forwarders drop a batch on a 4xx. */
function tooSlow(length: number, patience: number): Failure {
  const message = `body is not complete after ${patience / 1000} s: ${length} bytes came`
  return new Failure(503, 'too_slow', message, { 'Retry-After': '5' })
}

function tooLarge(most: number): Failure {
  const message = `body has more than ${most} bytes: send smaller batches`
  return new Failure(413, 'batch_too_large', message, {}, { max_bytes: most })
}

function decodedTooLarge(most: number): Failure {
  const message = `body decodes to more than ${most} bytes: send smaller batches`
  return new Failure(413, 'decoded_too_large', message, {}, { max_bytes: most })
}

function tooManyFrames(name: Encoding, most: number): Failure {
  const message = `body has more than ${most} ${name} frames: send fewer, larger ones`
  return new Failure(413, 'too_many_frames', message, {}, { max_frames: most })
}

function trailing(name: Encoding, count?: number): Failure {
  return new Failure(400, 'trailing_bytes', `${count ?? 'some'} bytes follow the end of the ${name} body`)
}

function badEncoding(name: Encoding, body: Uint8Array, why = 'not its format'): Failure {
  const head = Buffer.from(body.subarray(0, 8)).toString('hex')
  return new Failure(400, 'bad_encoding', `body is not ${name} (${why}); it starts with ${head}`)
}
