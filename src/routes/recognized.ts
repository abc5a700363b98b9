import { ownFormat } from '#lib/accept/own/own.ts'
import { propose, recognize, type Recognized } from '#lib/accept/recognize.ts'
import { offsetOf, type ZoneSettings } from '#lib/accept/zone.ts'
import { sniff, unpack } from '#lib/local/file.ts'
import type { AcceptedHit } from '#lib/schema/hit.ts'

/** Characters that are read: a few lines show the format. */
const longest = 16_384
const mostLines = 50

/** What lines would become in a site with some formats and a zone. */
export interface Lines {
  text: string
  results: Recognized[]
  /** A format that reads the first refused line, and what it makes of it. */
  proposed: { format: string; hit: AcceptedHit } | null
}

export function readLines(text: string, formats: readonly string[], zone: ZoneSettings): Lines {
  const offset = offsetOf(zone)
  const context = {
    received: Date.now(),
    token: null,
    formats: formats.map(ownFormat),
    ...(offset !== null && { utc_offset: offset })
  }
  const lines = text.slice(0, longest).split('\n').slice(0, mostLines).join('\n')
  const results = lines.trim() === '' ? [] : recognize(lines, context)
  const [refused, ...others] = results.flatMap(({ hit, text }) => (!hit && text ? [text] : []))
  return { text, results, proposed: refused ? propose(refused, context, others) : null }
}

/** The first lines of a file. Throws what the user should know of a file that is no log. */
export async function openLines(file: Blob): Promise<string> {
  const format = sniff(new Uint8Array(await file.slice(0, 4_096).arrayBuffer()))
  if (format === 'parquet') throw new Error('This is a Parquet file, and no log of lines.')
  let text = ''
  const decoder = new TextDecoder()
  for await (const bytes of unpack(file, format, () => {})) {
    text += decoder.decode(bytes.subarray(0, longest), { stream: true })
    if (text.length >= longest) break
  }
  // The last line may be cut.
  const end = text.length < longest ? text.length : text.lastIndexOf('\n', longest)
  return text.slice(0, end > 0 ? end : longest)
}
