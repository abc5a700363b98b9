import type { Part } from '#lib/schema/manifest.ts'
import type { Incoming } from '#lib/star/group.ts'
import { forgetParts } from './cache.ts'
import { startDecoder, type Decoder } from './load.ts'

/** Reads the parts of a site. Its worker keeps the memory of the largest part that it read, until `close`. */
export class PartReader {
  readonly #site: string
  #decoder: Decoder | null = null

  constructor(site: string) {
    this.#site = site
  }

  /** Yields the rows of parts, several row groups together. Takes their bytes by the ids of the parts. */
  async *read(
    parts: readonly Part[],
    bytes: ReadonlyMap<string, Uint8Array<ArrayBuffer>>
  ): AsyncGenerator<Incoming> {
    const decoder = (this.#decoder ??= startDecoder())
    let isDone = false
    try {
      for (const part of parts) await this.#open(decoder, part, bytes.get(part.id)!)
      yield* decoder.read()
      isDone = true
    } finally {
      // The worker still has the other parts, and the next load must not get them.
      if (!isDone) this.close()
    }
  }

  close(): void {
    this.#decoder?.close()
    this.#decoder = null
  }

  async #open(decoder: Decoder, part: Part, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    try {
      await decoder.open(bytes, part.sha256)
    } catch (error) {
      await forgetParts(this.#site, [part.id])
      throw new Error(`part ${part.id} of ${part.day} cannot be read: ${String(error)}`, { cause: error })
    }
  }
}
