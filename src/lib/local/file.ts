import { noLogs } from '#lib/accept/no-logs.ts'

/** What a file is by its first bytes. */
export type Format = 'text' | 'gzip' | 'zstd' | 'parquet'

const startsWith = (bytes: Uint8Array, ...magic: number[]) => magic.every((byte, i) => bytes[i] === byte)

/** What cannot be read here, by its first bytes, and what to do about it. */
const foreign: { magic: number[]; message: string }[] = [
  { magic: [0x50, 0x4b, 3, 4], message: 'This is a ZIP archive. Unpack it, and open what is in it.' },
  { magic: [0x42, 0x5a, 0x68], message: 'This is packed with bzip2. Unpack it first, or pack it with gzip.' },
  { magic: [0xfd, 0x37, 0x7a], message: 'This is packed with xz. Unpack it first, or pack it with gzip.' },
  { magic: [0xff, 0xfe], message: 'This is text in UTF-16. Save it as UTF-8.' },
  { magic: [0xfe, 0xff], message: 'This is text in UTF-16. Save it as UTF-8.' },
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
  const control = head.reduce((sum, byte) => sum + (byte < 9 || (byte > 13 && byte < 32) ? 1 : 0), 0)
  const torn = new TextDecoder().decode(head).split('\ufffd').length - 1
  if (control + torn > head.length / 20) throw new Error('This is a binary file, no log.')
}

/** A file's bytes, unpacked. `onread` hears how many of its own bytes have been taken. */
export async function* unpack(
  file: Blob,
  format: Format,
  onread: (bytes: number) => void
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const members = format === 'gzip' ? await findMembers(file) : [0]
  for (const [i, start] of members.entries()) {
    const counted = count(file.slice(start, members[i + 1]).stream(), onread)
    const bytes = format === 'text' ? counted : counted.pipeThrough(unpacker(format))
    yield* read(bytes)
  }
}

function unpacker(format: Format) {
  try {
    return new DecompressionStream(format as CompressionFormat)
  } catch {
    throw new Error(`This browser does not unpack ${format}. Unpack the file first, or pack it with gzip.`)
  }
}

const count = (stream: ReadableStream<Uint8Array<ArrayBuffer>>, onread: (bytes: number) => void) =>
  stream.pipeThrough(
    new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform(chunk, controller) {
        onread(chunk.length)
        controller.enqueue(chunk)
      }
    })
  )

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
