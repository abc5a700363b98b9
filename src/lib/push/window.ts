import { mostBytes, type Rest } from './cut.ts'
import { Unreadable } from './unreadable.ts'

/** A stream in pieces; null says that nothing more is there for now. */
export type Chunks = AsyncIterable<Uint8Array | null>

/** The next bytes of a stream: those of one batch and one more, which shows that more comes. */
export class Window {
  readonly #chunks: AsyncIterator<Uint8Array | null>
  readonly #bytes = new Uint8Array(mostBytes + 1)
  #length = 0
  /** What did not fit of the chunk that was read last. */
  #spare: Uint8Array = new Uint8Array()
  #isEnded = false
  /** Why the stream ended early; what came before it is good. */
  damage: Error | null = null

  readonly #isGrowing: boolean

  /** Of a log that is growing, the last line may be half written. */
  constructor(chunks: Chunks, isGrowing: boolean) {
    this.#isGrowing = isGrowing
    this.#chunks = chunks[Symbol.asyncIterator]()
  }

  get view(): Uint8Array {
    return this.#bytes.subarray(0, this.#length)
  }

  /** Reads until a whole batch is there, or no more comes now. */
  async fill(): Promise<Rest> {
    for (;;) {
      const room = this.#bytes.length - this.#length
      this.#bytes.set(this.#spare.subarray(0, room), this.#length)
      this.#length += Math.min(room, this.#spare.length)
      this.#spare = this.#spare.subarray(room)
      if (this.#length === this.#bytes.length) return 'more'
      // The last line of a damaged file may be cut.
      if (this.#isEnded) return this.damage || this.#isGrowing ? 'pause' : 'end'
      const chunk = await this.#next()
      if (chunk === null) return 'pause'
      this.#spare = chunk
    }
  }

  async #next(): Promise<Uint8Array | null> {
    try {
      const { done, value } = await this.#chunks.next()
      if (!done) return value
    } catch (error) {
      // A file that cannot be read is no damaged one.
      if (error instanceof Unreadable || (error as { syscall?: string }).syscall) throw error
      this.damage = error as Error
    }
    this.#isEnded = true
    return new Uint8Array()
  }

  get isEnded(): boolean {
    return this.#isEnded && this.#spare.length === 0
  }

  /** Takes bytes off the front, as a copy. */
  take(size: number): Uint8Array {
    const taken = this.#bytes.slice(0, size)
    this.#bytes.copyWithin(0, size, this.#length)
    this.#length -= size
    return taken
  }

  /** Stops reading, and closes what is read from. */
  async close(): Promise<void> {
    await this.#chunks.return?.()
  }
}
