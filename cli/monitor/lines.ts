const newline = 0x0a
/** A line that is longer is no line; it is not kept until it ends. */
const longest = 1 << 20

/** Cuts a stream into whole lines. */
export class Lines {
  #rest: Uint8Array = new Uint8Array()

  /** The lines that are complete by now, with their ends. */
  take(chunk: Uint8Array): Uint8Array {
    const end = chunk.lastIndexOf(newline) + 1
    if (end === 0) {
      this.#rest = Buffer.concat([this.#rest, chunk])
      return this.#rest.length > longest ? this.end() : new Uint8Array()
    }
    const lines =
      this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk.subarray(0, end)]) : chunk.subarray(0, end)
    this.#rest = chunk.slice(end)
    return lines
  }

  /** The last line, which nothing will complete. */
  end(): Uint8Array {
    const last = this.#rest
    this.#rest = new Uint8Array()
    return last
  }
}
