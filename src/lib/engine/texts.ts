import type { Texts } from './columns.ts'

const encoder = new TextEncoder()
/** Otherwise it drops a byte order mark from the start of a text. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

export const encodeTexts = (texts: readonly string[]): Texts =>
  joinBytes(texts.map((text) => encoder.encode(text)))

/** Puts texts in UTF-8 end to end. */
export function joinBytes(texts: readonly Uint8Array[]): Texts {
  const offsets = new Int32Array(texts.length + 1)
  for (const [i, { length }] of texts.entries()) offsets[i + 1] = offsets[i]! + length
  const bytes = new Uint8Array(offsets.at(-1)!)
  for (const [i, text] of texts.entries()) bytes.set(text, offsets[i])
  return { offsets, bytes }
}

export const decodeTexts = ({ offsets, bytes }: Texts): string[] =>
  Array.from({ length: offsets.length - 1 }, (_, i) =>
    decoder.decode(bytes.subarray(offsets[i], offsets[i + 1]))
  )

export function joinTexts(parts: readonly Texts[]): Texts {
  const count = parts.reduce((total, { offsets }) => total + offsets.length - 1, 0)
  const size = parts.reduce((total, { offsets }) => total + offsets.at(-1)! - offsets[0]!, 0)
  const [offsets, bytes] = [new Int32Array(count + 1), new Uint8Array(size)]
  let [text, end] = [0, 0]
  for (const part of parts) {
    const first = part.offsets[0]!
    bytes.set(part.bytes.subarray(first, part.offsets.at(-1)), end)
    for (let i = 1; i < part.offsets.length; i++) offsets[++text] = end + part.offsets[i]! - first
    end = offsets[text]!
  }
  return { offsets, bytes }
}

export function pickTexts({ offsets, bytes }: Texts, places: readonly number[]): Texts {
  const picked = new Int32Array(places.length + 1)
  for (let i = 0; i < places.length; i++)
    picked[i + 1] = picked[i]! + offsets[places[i]! + 1]! - offsets[places[i]!]!
  const kept = new Uint8Array(picked.at(-1)!)
  for (let i = 0; i < places.length; i++)
    kept.set(bytes.subarray(offsets[places[i]!], offsets[places[i]! + 1]), picked[i])
  return { offsets: picked, bytes: kept }
}
