import type { Part } from '#lib/schema/manifest.ts'
import { decode, pick, type Column } from './coded.ts'
import { partKey } from './keys.ts'
import { PartReader, type StoredGroup, type Values } from './parquet.ts'
import { sha256, type Surroundings } from './storage.ts'
import type { ColumnName } from '#lib/schema/hit.ts'

/** A part in the bucket, read by range: one row group at a time, and only for as long as it is held. */
class PartFile {
  readonly #read: (from: number, to: number) => Promise<ArrayBuffer>
  readonly byteLength: number
  #held: { from: number; bytes: ArrayBuffer }[] = []

  constructor({ bucket, site }: Surroundings, part: Pick<Part, 'id' | 'day' | 'bytes'>) {
    const key = partKey(site, part)
    this.byteLength = part.bytes
    this.#read = async (from, to) => {
      const bytes = await bucket.get(key, { from, to })
      if (!bytes) throw new Error(`part ${part.id} of site ${site} is missing in the bucket`)
      if (bytes.length !== to - from)
        throw new Error(
          `part ${part.id} of site ${site} gives ${bytes.length} of ${to - from} bytes at ${from}`
        )
      const { buffer, byteOffset, length } = bytes
      // A copy only of what is part of something larger.
      return (
        length === buffer.byteLength ? buffer : buffer.slice(byteOffset, byteOffset + length)
      ) as ArrayBuffer
    }
  }

  async slice(from: number, to = this.byteLength): Promise<ArrayBuffer> {
    const held = this.#held.find(({ from: start, bytes }) => from >= start && to <= start + bytes.byteLength)
    return held ? held.bytes.slice(from - held.from, to - held.from) : this.#read(from, to)
  }

  /** Reads a stretch at once, for the many small ones asked for after. */
  async hold(from: number, to: number): Promise<void> {
    this.#held.push({ from, bytes: await this.#read(from, to) })
  }

  release(from: number): void {
    this.#held = this.#held.filter((held) => held.from !== from)
  }
}

/** One row group of a part, and which of its rows are to be kept. */
export class Run {
  readonly #file: PartFile | null
  readonly #reader: PartReader
  readonly #group: number
  /** Ascending; null keeps all. */
  kept: Uint32Array | null = null
  #isHeld = false

  constructor(file: PartFile | null, reader: PartReader, group: number) {
    this.#file = file
    this.#reader = reader
    this.#group = group
  }

  get rows(): number {
    return this.kept?.length ?? this.#reader.groups[this.#group]!.rows
  }

  /** Of the row group in the part. */
  get bytes(): number {
    const { from, to } = this.#reader.groups[this.#group]!
    return to - from
  }

  /** Whether the row group can stand in another part as it is. */
  get isWhole(): boolean {
    return this.kept === null && this.#reader.isCurrent
  }

  stored(): Promise<StoredGroup> {
    return this.#reader.stored(this.#group)
  }

  /** A column in the rows that are kept. */
  async column(name: ColumnName): Promise<Column> {
    const column = await this.#reader.column(name, this.#group)
    return this.kept ? pick(column, this.kept) : column
  }

  async values(name: ColumnName): Promise<Values> {
    return decode(await this.column(name))
  }

  async hold(): Promise<void> {
    if (this.#isHeld) return
    const { from, to } = this.#reader.groups[this.#group]!
    await this.#file?.hold(from, to)
    this.#isHeld = true
  }

  release(): void {
    this.#file?.release(this.#reader.groups[this.#group]!.from)
    this.#isHeld = false
  }
}

/** Opens a part, and checks that it is what the manifest says. */
export async function openRuns(around: Surroundings, part: Part): Promise<Run[]> {
  const { bucket, site } = around
  const stored = await bucket.head(partKey(site, part))
  if (!stored) throw new Error(`part ${part.id} of site ${site} is missing in the bucket`)
  if (stored.bytes !== part.bytes || stored.sha256 !== part.sha256)
    throw new Error(`part ${part.id} of site ${site} is damaged: ${stored.bytes} bytes, not ${part.bytes}`)
  const file = new PartFile(around, part)
  const reader = await PartReader.open(file)
  if (reader.rows !== part.rows)
    throw new Error(`part ${part.id} of site ${site} has ${reader.rows} rows, not ${part.rows}`)
  return runsOf(reader, file)
}

/** The SHA-256 of the bytes that the bucket gives for a part, as lower-case hex; null when it has none. */
export async function hashInBucket({ bucket, site }: Surroundings, part: Part): Promise<string | null> {
  const bytes = await bucket.get(partKey(site, part))
  return bytes && sha256(bytes)
}

export function runsOf(reader: PartReader, file: PartFile | null = null): Run[] {
  return reader.groups.map((_, group) => new Run(file, reader, group))
}
