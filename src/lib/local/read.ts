import { accept, type Reason } from '#lib/accept/accept.ts'
import { countRefusals } from '#lib/accept/refusals.ts'
import type { AcceptedHit } from '#lib/schema/hit.ts'

/** What could not be read: how many by reason, and the first of them. */
export interface Refusals {
  total: number
  reasons: Partial<Record<Reason, number>>
  samples: { line: number; reason: Reason; message: string; sample: string }[]
}

/** How far the reading is. Times are of hits, milliseconds since 1970, UTC. */
export interface Reading {
  /** Of the files' own bytes; `size` is 0 where it is not known. */
  bytes: number
  size: number
  lines: number
  from: number | null
  to: number | null
  /** Milliseconds spent. */
  spent: number
  refusals: Refusals
  broken: string | null
}

const stretch = 2 << 20
/** A JSON array is one record until its end, and so is a text without a line break. */
const longest = 128 << 20
const mostSamples = 50
/** So many records without a hit, and it is no log of requests. */
const patience = 5_000

const newline = 10
const hash = 0x23
const brace = 0x7b

export const nothingRead = (size: number): Reading => ({
  bytes: 0,
  size,
  lines: 0,
  from: null,
  to: null,
  spent: 0,
  refusals: { total: 0, reasons: {}, samples: [] },
  broken: null
})

/** Bytes → hits, stretch by stretch; what is refused goes onto `reading`. */
export async function* readHits(
  bytes: AsyncIterable<Uint8Array>,
  reading: Reading,
  received: number
): AsyncGenerator<AcceptedHit[]> {
  let directives = new Uint8Array()
  for await (const text of stretches(bytes)) {
    // Directives are no records: lines keep their numbers.
    const whole = directives.length ? concat([directives, text], directives.length + text.length) : text
    const accepted = accept(whole, { received, token: null })
    directives = directivesIn(text) ?? directives
    const { refusals } = reading
    refusals.total += countRefusals(accepted)
    for (const [reason, records] of Object.entries(accepted.more)) add(refusals, reason as Reason, records)
    for (const { index, reason, message, sample } of accepted.refusals) {
      add(refusals, reason, 1)
      if (refusals.samples.length < mostSamples)
        refusals.samples.push({ line: reading.lines + index + 1, reason, message, sample })
    }
    reading.lines += accepted.received
    for (const hits of accepted.hits.values()) yield hits
    if (reading.lines >= patience && reading.refusals.total === reading.lines) return
  }
}

/** The last `#Fields` of a W3C log with the directives around it; null if a stretch has none. */
function directivesIn(bytes: Uint8Array): Uint8Array<ArrayBuffer> | null {
  if (!bytes.includes(hash)) return null
  const found = new TextDecoder('latin1').decode(bytes).match(/(?:^#[A-Z][\w-]+:[^\n]*\n)+/gm) ?? []
  const last = found.findLast((lines) => /^#Fields:/im.test(lines))
  return last === undefined ? null : Uint8Array.from(last, (char) => char.charCodeAt(0))
}

function add({ reasons }: Refusals, reason: Reason, records: number): void {
  reasons[reason] = (reasons[reason] ?? 0) + records
}

/** Bytes cut where a record ends, at about 2 MiB each. */
export async function* stretches(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let held: Uint8Array[] = []
  let [size, first, wanted] = [0, 0, stretch]
  for await (const chunk of bytes) {
    first ||= chunk.find((byte) => byte > 32 && byte < 127) ?? 0
    held.push(chunk)
    size += chunk.length
    if (size < wanted) continue
    const whole = concat(held, size)
    const end = first === 0x5b ? 0 : endOf(whole, first === brace)
    if (!end && size > longest) throw new Error('This is one record of more than 128 MB. Write one a line.')
    if (end) yield whole.subarray(0, end)
    held = [whole.slice(end)]
    size -= end
    wanted = end ? stretch : size * 2
  }
  if (size) yield concat(held, size)
}

/** After the last line; in JSON only between `}` and `{`, where no object is open. 0 where there is no such place. */
function endOf(bytes: Uint8Array, isJson: boolean): number {
  for (let at = bytes.lastIndexOf(newline); at > 0; at = bytes.lastIndexOf(newline, at - 1)) {
    const before = bytes[at - 1] === 13 ? bytes[at - 2] : bytes[at - 1]
    if (!isJson || (before === 0x7d && (at + 1 === bytes.length || bytes[at + 1] === brace))) return at + 1
  }
  return 0
}

function concat(chunks: readonly Uint8Array[], size: number): Uint8Array {
  if (chunks.length === 1) return chunks[0]!
  const bytes = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return bytes
}
