import { utf16Of } from '#lib/accept/bytes.ts'
import { noLogs } from '#lib/accept/no-logs.ts'

/** What a file is by its first bytes. */
export type Format = 'text' | 'gzip' | 'zstd' | 'parquet'

const startsWith = (bytes: Uint8Array, ...magic: number[]) => magic.every((byte, i) => bytes[i] === byte)

/** What cannot be read here, by its first bytes, and what to do about it. */
const foreign: { magic: number[]; message: string }[] = [
  { magic: [0x50, 0x4b, 3, 4], message: 'This is a ZIP archive. Unpack it and open the files in it.' },
  {
    magic: [0x42, 0x5a, 0x68],
    message: 'This file is compressed with bzip2. Decompress it first, or use gzip.'
  },
  {
    magic: [0xfd, 0x37, 0x7a],
    message: 'This file is compressed with xz. Decompress it first, or use gzip.'
  },
  ...noLogs
]

/** Reads the format off a file's head; throws what the user should know where it is none of ours. */
export function sniff(head: Uint8Array): Format {
  if (!head.length) throw new Error('This file is empty.')
  if (startsWith(head, 0x1f, 0x8b)) return 'gzip'
  if (startsWith(head, 0x28, 0xb5, 0x2f, 0xfd)) return 'zstd'
  if (startsWith(head, 0x50, 0x41, 0x52, 0x31)) return 'parquet'
  const known = foreign.find(({ magic }) => startsWith(head, ...magic))
  if (known) throw new Error(known.message)
  expectText(head)
  return 'text'
}

/** Throws where bytes are not the beginning of a text. */
export function expectText(head: Uint8Array): void {
  if (utf16Of(head)) return
  const control = head.reduce((sum, byte) => sum + (byte < 9 || (byte > 13 && byte < 32) ? 1 : 0), 0)
  const torn = new TextDecoder().decode(head).split('\ufffd').length - 1
  if (control + torn > head.length / 20) throw new Error('This is a binary file, no log.')
}

/**
 * The bytes of a file's text, unpacked and in UTF-8. `onread` hears how many of its own bytes have been taken. Throws at a
 * place that is damaged, after all that stands before it.
 */
export async function* unpack(
  file: Blob,
  format: Format,
  onread: (bytes: number) => void
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const members = format === 'gzip' ? await findMembers(file) : [0]
  for (const [i, start] of members.entries()) {
    const counted = count(read(file.slice(start, members[i + 1]).stream()), onread)
    yield* inUtf8(format === 'text' ? counted : through(unpacker(format), counted))
  }
}

async function* inUtf8(chunks: AsyncIterable<Uint8Array<ArrayBuffer>>) {
  let decoder: TextDecoder | null | undefined
  const encoder = new TextEncoder()
  for await (const chunk of chunks) {
    if (decoder === undefined) {
      const encoding = utf16Of(chunk)
      decoder = encoding ? new TextDecoder(encoding) : null
    }
    yield decoder ? encoder.encode(decoder.decode(chunk, { stream: true })) : chunk
  }
  if (decoder) yield encoder.encode(decoder.decode())
}

function unpacker(format: Format) {
  try {
    return new DecompressionStream(format as CompressionFormat)
  } catch {
    throw new Error(`This browser does not unpack ${format}. Unpack the file first, or pack it with gzip.`)
  }
}

async function* count(chunks: AsyncIterable<Uint8Array<ArrayBuffer>>, onread: (bytes: number) => void) {
  for await (const chunk of chunks) {
    onread(chunk.length)
    yield chunk
  }
}

/**
 * Yields a stream's output for the chunks written to it. A stream that fails drops its output, so all of it is read
 * before the stream is closed.
 */
async function* through(
  { readable, writable }: GenericTransformStream,
  chunks: AsyncIterable<Uint8Array<ArrayBuffer>>
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const reader = (readable as ReadableStream<Uint8Array<ArrayBuffer>>).getReader()
  const writer = (writable as WritableStream<Uint8Array<ArrayBuffer>>).getWriter()
  let next = reader.read()
  async function* until(done: Promise<unknown>) {
    const ended = done.then(() => null)
    for (;;) {
      const result = await Promise.race([next, ended])
      if (!result || result.done) return
      next = reader.read()
      yield result.value
    }
  }
  try {
    for await (const chunk of chunks) yield* until(writer.write(chunk))
    yield* until(new Promise((resolve) => setTimeout(resolve)))
    yield* until(Promise.all([writer.close(), reader.closed]))
  } finally {
    next.catch(() => {})
    void reader.cancel().catch(() => {})
  }
}

async function* read(stream: ReadableStream<Uint8Array<ArrayBuffer>>) {
  const reader = stream.getReader()
  try {
    for (;;) {
      const { value, done } = await reader.read()
      if (done) return
      yield value
    }
  } finally {
    void reader.cancel().catch(() => {})
  }
}

const headerLength = 10

/**
 * Where the members of a gzip file begin: logs are often packed one after the other into one file, of which a
 * DecompressionStream reads the first only. A header says enough not to be met by chance.
 */
async function findMembers(file: Blob): Promise<number[]> {
  const members = [0]
  let [at, rest] = [0, new Uint8Array()]
  for await (const chunk of read(file.stream())) {
    const bytes = new Uint8Array(rest.length + chunk.length)
    bytes.set(rest)
    bytes.set(chunk, rest.length)
    for (
      let i = bytes.indexOf(0x1f);
      i >= 0 && i + headerLength <= bytes.length;
      i = bytes.indexOf(0x1f, i + 1)
    )
      if (at + i > 0 && isHeader(bytes, i)) members.push(at + i)
    const kept = Math.min(headerLength - 1, bytes.length)
    at += bytes.length - kept
    rest = bytes.slice(bytes.length - kept)
  }
  return members
}

/** Deflate, no flags or a name, an effort and a system that exist. */
function isHeader(bytes: Uint8Array, i: number): boolean {
  const [flags, effort, system] = [bytes[i + 3]!, bytes[i + 8]!, bytes[i + 9]!]
  return (
    bytes[i + 1] === 0x8b &&
    bytes[i + 2] === 8 &&
    (flags === 0 || flags === 8) &&
    (effort === 0 || effort === 2 || effort === 4) &&
    (system < 14 || system === 255)
  )
}
