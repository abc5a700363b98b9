import { dayOf } from '#lib/schema/day.ts'
import { seqsPerPosition, type Hit } from '#lib/schema/hit.ts'
import type { Part } from '#lib/schema/manifest.ts'
import { parquetSchema } from '#lib/schema/parquet.ts'
import { ByteWriter, ParquetWriter } from 'hyparquet-writer'
import { hashOf } from '#lib/parquet/part.ts'
import { columnDataOf } from './write-parquet.ts'

/** A part and its bytes. */
export interface Made {
  part: Part
  bytes: Uint8Array<ArrayBuffer>
}

/** So many hits wait for their part at a time, of all days together: about 100 MB. */
const mostWaiting = 60_000

/** Hits in whatever order → parts of one UTC day each, as the server makes them: the same way leads into the engine. */
export class Parts {
  readonly #days = new Map<string, Hit[]>()
  readonly #revision: number
  #waiting = 0
  #position = 0

  /** A file that is opened again replaces what the engine holds of it. */
  constructor(now: number) {
    this.#revision = Math.floor(now / 60_000)
  }

  /** Takes hits; gives the parts that are due. Of many days the fullest go first. */
  async *add(hits: readonly Hit[]): AsyncGenerator<Made> {
    for (const hit of hits) {
      const day = dayOf(hit.time)
      const waiting = this.#days.get(day)
      if (waiting) waiting.push(hit)
      else this.#days.set(day, [hit])
      if (++this.#waiting < mostWaiting) continue
      const fullest = [...this.#days].sort(([, a], [, b]) => b.length - a.length)
      for (const [name] of fullest) {
        yield await this.#make(name)
        if (this.#waiting < mostWaiting / 2) break
      }
    }
  }

  /** The parts of what is left. */
  async *finish(): AsyncGenerator<Made> {
    for (const day of [...this.#days.keys()]) yield await this.#make(day)
  }

  async #make(day: string): Promise<Made> {
    const hits = this.#days.get(day)!.sort((a, b) => a.time - b.time)
    this.#days.delete(day)
    this.#waiting -= hits.length
    const position = this.#position++
    hits.forEach((hit, i) => (hit.seq = position * seqsPerPosition + i))
    const bytes = encode(hits)
    const part = {
      id: `${day}-${position}`,
      day,
      ranges: [{ from: position, to: position + 1 }],
      revision: this.#revision,
      rows: hits.length,
      bytes: bytes.length,
      sha256: await hashOf(bytes),
      min_time: hits[0]!.time,
      max_time: hits.at(-1)!.time
    }
    return { part, bytes }
  }
}

function encode(hits: readonly Hit[]): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter(1 << 20)
  const parquet = new ParquetWriter({ writer, schema: parquetSchema })
  void parquet.write({ columnData: columnDataOf(hits), rowGroupSize: hits.length })
  parquet.finish()
  return new Uint8Array(writer.getBytes())
}
