import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readSync } from 'node:fs'
import { Readable, type Duplex } from 'node:stream'
import { createGunzip, createZstdDecompress } from 'node:zlib'
import { which } from '../process.ts'
import { noLogs } from '../../src/lib/accept/no-logs.ts'
import { Unreadable } from '../../src/lib/push/unreadable.ts'

interface Packing {
  name: string
  /** Where the magic bytes stand. */
  at: number
  magic: number[]
  open(packed: Readable): Readable
}

const chunkSize = 1 << 18

/** Compressed files, known by their first bytes, whatever their names say. */
const packings: readonly Packing[] = [
  {
    name: 'gzip',
    at: 0,
    magic: [0x1f, 0x8b],
    open: (packed) => through(packed, createGunzip({ chunkSize }))
  },
  {
    name: 'zstd',
    at: 0,
    magic: [0x28, 0xb5, 0x2f, 0xfd],
    open: (packed) => Readable.from(zstdFrames(packed))
  },
  { name: 'bzip2', at: 0, magic: [0x42, 0x5a, 0x68], open: (packed) => throughProgram(packed, 'bzip2') },
  {
    name: 'xz',
    at: 0,
    magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00],
    open: (packed) => throughProgram(packed, 'xz')
  },
  { name: 'zip', at: 0, magic: [0x50, 0x4b, 0x03, 0x04], open: refuseArchive('zip file', 'unzip -p') },
  {
    name: 'tar',
    at: 257,
    magic: [0x75, 0x73, 0x74, 0x61, 0x72],
    open: refuseArchive('tar archive', 'tar -xOf')
  },
  ...noLogs.map(({ magic, message }) => ({ name: message, at: 0, magic, open: refuseFile(message) }))
]

/** Bytes that tell what a file is. */
const longestMagic = 262

/** Whether a file is compressed, or an archive. */
export function isPacked(file: string): boolean {
  const descriptor = openSync(file, 'r')
  try {
    const head = Buffer.alloc(longestMagic)
    readSync(descriptor, head)
    return packingOf(head) !== undefined
  } finally {
    closeSync(descriptor)
  }
}

const packingOf = (head: Uint8Array) =>
  packings.find(({ at, magic }) => magic.every((byte, i) => head[at + i] === byte))

/** The text of a file as a stream, in UTF-8. Throws `Unreadable` for an archive, and where a program is missing. */
export async function* unpack(packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { head, all } = await peek(packed)
  const packing = packingOf(head)
  // A tar archive may lie in the compressed file.
  if (packing) yield* unpack(packing.open(Readable.from(all)))
  else yield* toUtf8(head, all)
}

async function peek(chunks: AsyncIterable<Uint8Array>) {
  const iterator = chunks[Symbol.asyncIterator]()
  let head: Uint8Array = new Uint8Array()
  while (head.length < longestMagic) {
    const { done, value } = await iterator.next()
    if (done) break
    head = head.length ? Buffer.concat([head, value]) : value
  }
  const all = async function* (): AsyncGenerator<Uint8Array> {
    try {
      if (head.length) yield head
      for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value
    } finally {
      await iterator.return?.()
    }
  }
  return { head, all: all() }
}

/** An error of the source is one of the stream that is read. */
function through(packed: Readable, unpacking: Duplex): Readable {
  packed.once('error', (error) => unpacking.destroy(error))
  unpacking.once('close', () => packed.destroy())
  return packed.pipe(unpacking)
}

/** Decompresses frame by frame: Node's decoder stops where a second frame begins within a piece. */
async function* zstdFrames(packed: Readable): AsyncGenerator<Uint8Array> {
  const pieces = packed[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>
  let rest: Uint8Array | null = await nextOf(pieces)
  while (rest !== null) {
    const decoder = createZstdDecompress({ chunkSize })
    const fed = feed(decoder, rest, pieces)
    yield* decoder as AsyncIterable<Uint8Array>
    rest = await fed
  }
}

/** Feeds a decoder until its frame or the pieces end; gives what the frame left of the last piece, null at the end. */
async function feed(
  decoder: Duplex & { bytesWritten: number },
  first: Uint8Array,
  pieces: AsyncIterator<Uint8Array>
) {
  let bytes = 0
  for (let piece: Uint8Array | null = first; piece !== null; piece = await nextOf(pieces)) {
    const own = piece
    await new Promise((done) => decoder.write(own, done))
    bytes += own.length
    if (decoder.bytesWritten < bytes) return own.subarray(decoder.bytesWritten - bytes)
  }
  decoder.end()
  return null
}

async function nextOf(pieces: AsyncIterator<Uint8Array>): Promise<Uint8Array | null> {
  const { done, value } = await pieces.next()
  return done ? null : value
}

/** Decompresses by a program of the system; Node has no decoder, and the programs know files of several streams. */
function throughProgram(packed: Readable, name: string): Readable {
  const program = which(name)
  if (!program)
    throw new Unreadable(
      `it is compressed by ${name}, which is not installed: install ${name} and push again.`
    )
  return Readable.from(run(packed, program, name))
}

async function* run(packed: Readable, program: string, name: string): AsyncGenerator<Uint8Array> {
  const child = spawn(program, ['-dc'], { stdio: ['pipe', 'pipe', 'pipe'] })
  const ended = once(child, 'close')
  let complaint = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint = (complaint + text).slice(-300)))
  let failure: Error | null = null
  packed.once('error', (error) => {
    failure = error
    child.stdin.destroy()
  })
  // A program that ended takes no more; how it ended is told below.
  child.stdin.on('error', () => {})
  packed.pipe(child.stdin)
  try {
    for await (const chunk of child.stdout) yield chunk as Uint8Array
    const [code] = (await ended) as [number | null]
    if (failure !== null) throw failure
    if (code !== 0) throw new Error(complaint.trim().replaceAll('\n', ' ') || `${name} ended with ${code}`)
  } finally {
    packed.destroy()
    child.kill()
  }
}

function refuseArchive(name: string, command: string): () => never {
  return () => {
    throw new Unreadable(`it is a ${name}. Take its log out: ${command} FILE | loggia push -`)
  }
}

function refuseFile(message: string): () => never {
  return () => {
    throw new Unreadable(message)
  }
}

/** Makes UTF-8 of UTF-16, whose line ends are two bytes. */
async function* toUtf8(head: Uint8Array, all: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const encoding = encodingOf(head)
  if (encoding === null) return yield* all
  const decoder = new TextDecoder(encoding)
  const encoder = new TextEncoder()
  for await (const chunk of all) yield encoder.encode(decoder.decode(chunk, { stream: true }))
  yield encoder.encode(decoder.decode())
}

function encodingOf([first, second]: Uint8Array): string | null {
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  return first === 0xfe && second === 0xff ? 'utf-16be' : null
}
