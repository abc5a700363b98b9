import { recognize, propose, type Recognized } from '#lib/accept/recognize.ts'
import { ownFormat } from '#lib/accept/own/own.ts'
import { sniff, unpack } from '#lib/data/local-file.ts'
import type { AcceptedHit } from '#lib/schema/hit.ts'

/** Characters that are read: a few lines show the format. */
const longest = 16_384
const mostLines = 50

/** What pasted lines, or the first lines of a file, would become in a site with some formats. */
export class Lines {
  text = $state('')
  results = $state.raw<Recognized[]>([])
  /** A format that reads the first refused line, and what it makes of it. */
  proposed = $state.raw<{ format: string; hit: AcceptedHit } | null>(null)

  read(text: string, formats: readonly string[]): void {
    this.text = text
    const context = { received: Date.now(), token: null, formats: formats.map(ownFormat) }
    const lines = text.slice(0, longest).split('\n').slice(0, mostLines).join('\n')
    this.results = lines.trim() === '' ? [] : recognize(lines, context)
    const refused = this.results.find(({ hit }) => !hit)
    this.proposed = refused?.text ? propose(refused.text, context) : null
  }

  /** Reads the first lines of a file. Throws what the user should know of a file that is no log. */
  async open(file: Blob, formats: readonly string[]): Promise<void> {
    const head = new Uint8Array(await file.slice(0, 4_096).arrayBuffer())
    const format = sniff(head)
    if (format === 'parquet') throw new Error('This is a Parquet file, and no log of lines.')
    let text = ''
    const decoder = new TextDecoder()
    for await (const bytes of unpack(file, format, () => {})) {
      text += decoder.decode(bytes.subarray(0, longest), { stream: true })
      if (text.length >= longest) break
    }
    // The last line may be cut.
    const end = text.length < longest ? text.length : text.lastIndexOf('\n')
    this.read(text.slice(0, end > 0 ? end : longest).slice(0, longest), formats)
  }
}
