import { endOfBatch, headerAfter, headOf, isArray, mostBytes, noHeader, type Header } from './cut.ts'
import { Unreadable } from './unreadable.ts'
import { Window, type Chunks } from './window.ts'

/** A batch, by hashes of the log before it and up to its end; `start` and `stop` are bytes of the decompressed log. */
export interface Cut {
  before: string
  start: number
  stop: number
  after: string
}

export interface KnownCut extends Cut {
  isDone: boolean
}

/** Which batches were cut before, and which of them were stored. */
export interface Cuts {
  /** The batches that begin after this content, the shortest first. */
  after(before: string): KnownCut[]
  add(cut: Cut): void
}

/** SHA-256 of bytes that come piece by piece, in hexadecimal. */
export interface Hash {
  update(bytes: Uint8Array): void
  copy(): Hash
  digest(): string
}

/** A batch to be sent. */
export interface Batch extends Cut {
  text: Uint8Array
  /** What the lines are read by, from further up in the log. */
  header: Header
  /** It was sent before, and nobody knows what became of it. */
  isResent: boolean
}

/** How far a walk came, in bytes of the log. */
export interface Walked {
  bytes: number
  /** Hash of these bytes, as `after` of their last batch; empty where nothing was read. */
  end: string
  /** Bytes in batches that were stored before. */
  known: number
  /** The end of the log is missing here, of which a longer copy was sent. */
  isShorter: boolean
  /** It is another log than the one that it had to go on with. */
  isOther: boolean
  /** Bytes of a last line that is not complete yet. */
  left: number
  /** Why the log ended early. */
  damage: Error | null
}

export interface WalkOptions {
  createHash: () => Hash
  /** Sends what was sent before, too, in the same batches. */
  isAgain?: boolean
  /** More may be written to the log. */
  isGrowing?: boolean
  /** Sends only what comes after batches that are known. */
  mustContinue?: boolean
}

/**
 * Cuts a log into batches and gives each that is not stored yet to `send`, which resolves once it has room for another.
 * A log is known again by its content, batch after batch, whatever its name is by now and however it is compressed.
 */
export async function walk(
  chunks: Chunks,
  cuts: Cuts,
  send: (batch: Batch) => Promise<void>,
  { createHash, isAgain = false, isGrowing = false, mustContinue = false }: WalkOptions
): Promise<Walked> {
  const window = new Window(chunks, isGrowing)
  const hash = createHash()
  const walked: Walked = {
    bytes: 0,
    end: '',
    known: 0,
    isShorter: false,
    isOther: false,
    left: 0,
    damage: null
  }
  let header = noHeader
  let isJson = false
  try {
    for (;;) {
      const rest = await window.fill()
      if (window.view.length === 0 && window.isEnded) break
      const isFirst = walked.bytes === 0
      if (isFirst) isJson = firstByteOf(window.view) === 0x7b
      const before = isFirst ? hashOfHead(createHash(), headOf(window.view, rest)) : digestOf(hash)
      if (before !== null) {
        if (isFirst) checkHead(window.view)
        const known = cuts.after(before)
        const found = find(known, hash, window.view, walked.bytes)
        // Of a log that is being written, the rest may be on its way.
        walked.isShorter = !found && !isFirst && window.isEnded && known.some(({ isDone }) => isDone)
        walked.isOther = !found && isFirst && mustContinue
        if (walked.isShorter || walked.isOther) break
        const size = found ? found.stop - walked.bytes : endOfBatch(window.view, rest, isJson)
        if (size > 0) {
          const text = window.take(size)
          hash.update(text)
          const cut = { before, start: walked.bytes, stop: walked.bytes + size, after: digestOf(hash) }
          walked.bytes = cut.stop
          walked.end = cut.after
          if (found?.isDone && !isAgain) walked.known += size
          else {
            cuts.add(cut)
            await send({ ...cut, text, header, isResent: found !== undefined && !found.isDone })
          }
          header = headerAfter(header, text)
          continue
        }
      }
      if (window.isEnded) break
    }
    const left = walked.isShorter || walked.isOther ? 0 : window.view.length
    return { ...walked, left, damage: window.damage }
  } finally {
    await window.close()
  }
}

/** The key by which the Worker knows a batch again. */
export const keyOf = ({ start, stop, after }: Cut): string => `push:${after.slice(0, 32)}:${start}-${stop}`

/** The known batch that the next bytes of a log are. */
function find(known: readonly KnownCut[], hash: Hash, next: Uint8Array, start: number): KnownCut | undefined {
  const probe = hash.copy()
  let at = 0
  for (const cut of known) {
    const size = cut.stop - start
    if (size > next.length) return undefined
    if (size > at) probe.update(next.subarray(at, size))
    at = size
    if (digestOf(probe) === cut.after) return cut
  }
  return undefined
}

const digestOf = (hash: Hash): string => hash.copy().digest()

function hashOfHead(hash: Hash, head: Uint8Array | null): string | null {
  if (head === null) return null
  hash.update(head)
  return `head-${hash.digest()}`
}

const firstByteOf = (bytes: Uint8Array): number | undefined =>
  bytes.find((byte) => byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09)

function checkHead(bytes: Uint8Array): void {
  if (bytes.length > mostBytes && isArray(bytes))
    throw new Unreadable(
      `it is one JSON array of more than ${mostBytes >> 20} MiB, which can't be cut into batches. Make lines of it: jq -c '.[]' FILE | loggia push -`
    )
}
