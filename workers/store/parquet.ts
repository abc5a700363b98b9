import { columns, type ColumnName } from '#lib/schema/hit.ts'
import { parquetSchema } from '#lib/schema/parquet.ts'
import {
  parquetMetadata,
  parquetMetadataAsync,
  parquetScan,
  type AsyncBuffer,
  type ColumnChunk,
  type ColumnMetaData,
  type Encoding,
  type FileMetaData,
  type RowGroup,
  type SchemaElement
} from 'hyparquet'
import { ByteWriter, ParquetWriter } from 'hyparquet-writer'
import { writeColumn } from 'hyparquet-writer/src/column.js'
import { DEFAULT_PARSERS } from 'hyparquet/src/convert.js'
import { getSchemaPath } from 'hyparquet/src/schema.js'
import { decode, type Coded, type Column } from './coded.ts'
import { readCoded } from './coded-chunk.ts'
import { writeChunk } from './column-chunk.ts'
import { compress, decompress, type Effort } from './zstd.ts'

/** The values of one column, one a row; null is missing. BIGINT and UBIGINT are bigint here, TIMESTAMP is ms as bigint. */
export type Values = readonly unknown[]

const schema: SchemaElement[] = parquetSchema

/** Ascending numbers: a dictionary of them would cost its time and save nothing. */
const encodings: Partial<Record<ColumnName, Encoding>> = {
  seq: 'DELTA_BINARY_PACKED',
  time: 'DELTA_BINARY_PACKED'
}

const compressors = { ZSTD: decompress }

/** Plain integers as the bytes want them; hyparquet would otherwise build Dates, thousands of them a part. */
const parsers = {
  ...DEFAULT_PARSERS,
  timestampFromMilliseconds: (ms: bigint) => ms
}

/** A row group as it lies in a part: its bytes, which begin at `from` there, and what the footer says of them. */
export interface StoredGroup {
  bytes: Uint8Array
  from: number
  described: RowGroup
}

/** Writes a part row group by row group, each one column at a time, so that one decoded column is held and no more. */
export class PartWriter {
  readonly #bytes: ByteWriter
  readonly #compress: (bytes: Uint8Array) => Uint8Array
  readonly #parquet: ParquetWriter

  /** A flush is to be over soon; a merged part is read for years. With `room` for its bytes nothing is copied as it grows. */
  constructor(effort: Effort = 'fast', room = 1 << 16) {
    this.#bytes = new ByteWriter(room)
    this.#compress = (bytes) => compress(bytes, effort)
    this.#parquet = new ParquetWriter({ writer: this.#bytes, schema, codec: 'ZSTD' })
  }

  /** Adds a row group; `read` gives a column's `rows` values in the order of the rows. */
  async group(rows: number, read: (name: ColumnName) => Column | Promise<Column>): Promise<void> {
    const start = this.#bytes.offset
    const chunks = []
    for (const [index, { name }] of columns.entries()) chunks.push(this.#chunk(index, await read(name)))
    this.#describe(BigInt(rows), chunks, start)
  }

  /** Adds a row group of another part as it stands; the part must have this schema (`PartReader.isCurrent`). */
  copy({ bytes, from, described }: StoredGroup): void {
    const start = this.#bytes.offset
    this.#bytes.appendBytes(bytes)
    const chunks = described.columns.map((chunk) => moved(chunk, BigInt(start - from)))
    this.#describe(described.num_rows, chunks, start)
  }

  #describe(rows: bigint, chunks: ColumnChunk[], start: number): void {
    this.#parquet.num_rows += rows
    this.#parquet.row_groups.push({
      columns: chunks,
      num_rows: rows,
      total_byte_size: chunks.reduce(
        (sum, chunk) => sum + (chunk.meta_data?.total_uncompressed_size ?? 0n),
        0n
      ),
      total_compressed_size: BigInt(this.#bytes.offset - start)
    })
  }

  finish(): Uint8Array {
    this.#parquet.finish()
    return this.#bytes.getBytes()
  }

  #chunk(index: number, column: Column): ColumnChunk {
    const element = schema[index + 1]!
    const encoding = encodings[columns[index]!.name]
    if (!encoding && element.type !== 'BOOLEAN')
      return writeChunk(this.#bytes, element, column, this.#compress)
    return writeColumn({
      writer: this.#bytes,
      column: {
        columnName: element.name,
        element,
        schemaPath: [schema[0]!, element],
        codec: 'ZSTD',
        encoding,
        compressors: { ZSTD: this.#compress },
        stats: true,
        pageSize: 1 << 20,
        columnIndex: false,
        offsetIndex: false
      },
      pageData: {
        values: decode(column) as unknown[],
        definitionLevels: [],
        repetitionLevels: [],
        maxDefinitionLevel: 0
      }
    }).chunk
  }
}

/** A part, read one column of one row group at a time. */
export class PartReader {
  readonly #file: AsyncBuffer
  readonly #metadata: FileMetaData
  /** First row, row count and bytes of each row group. */
  readonly groups: readonly { start: number; rows: number; from: number; to: number }[]

  private constructor(file: AsyncBuffer, metadata: FileMetaData) {
    this.#file = file
    this.#metadata = metadata
    let start = 0
    this.groups = metadata.row_groups.map(({ num_rows, columns }) => {
      const group = { start, rows: Number(num_rows), ...extentOf(columns) }
      start += group.rows
      return group
    })
  }

  static of(bytes: Uint8Array): PartReader {
    const slice = (start: number, end?: number) => bytes.slice(start, end).buffer as ArrayBuffer
    const footer = new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(
      bytes.length - 8,
      true
    )
    return new PartReader(
      { byteLength: bytes.length, slice },
      parquetMetadata(slice(bytes.length - footer - 8), { parsers })
    )
  }

  /** Reads only the footer now, and of the rest what is asked for. */
  static async open(file: AsyncBuffer): Promise<PartReader> {
    return new PartReader(file, await parquetMetadataAsync(file, { parsers, initialFetchSize: 1 << 16 }))
  }

  get rows(): number {
    return Number(this.#metadata.num_rows)
  }

  /** Whether the part has the columns of today, so that its row groups may stand beside new ones. */
  get isCurrent(): boolean {
    const written = this.#metadata.schema
    return written.length === schema.length && written.every((column, i) => isSame(column, schema[i]!))
  }

  async stored(group: number): Promise<StoredGroup> {
    const { from, to } = this.groups[group]!
    const bytes = new Uint8Array(await this.#file.slice(from, to))
    return { bytes, from, described: this.#metadata.row_groups[group]! }
  }

  /** A column of one row group; one that the part was written without is all null. */
  async column(name: ColumnName, group: number): Promise<Column> {
    const { start, rows } = this.groups[group]!
    const chunk = this.#metadata.row_groups[group]!.columns.find(
      ({ meta_data }) => meta_data!.path_in_schema[0] === name
    )?.meta_data
    if (!chunk) return { words: [null], places: new Uint32Array(rows) }
    return (await this.#coded(chunk, rows)) ?? this.#plain(name, start, rows)
  }

  async values(name: ColumnName, group: number): Promise<Values> {
    return decode(await this.column(name, group))
  }

  async #coded(chunk: ColumnMetaData, rows: number): Promise<Coded | null> {
    const { dictionary_page_offset: from, total_compressed_size: size, path_in_schema, codec, type } = chunk
    if (from === undefined) return null
    const bytes = await this.#file.slice(Number(from), Number(from + size))
    const schemaPath = getSchemaPath(this.#metadata.schema, path_in_schema)
    const { element } = schemaPath.at(-1)!
    const decoder = { pathInSchema: path_in_schema, schemaPath, element, type, codec, compressors, parsers }
    return readCoded(bytes, decoder, rows)
  }

  async #plain(name: ColumnName, start: number, rows: number): Promise<Values> {
    const scan = await parquetScan({
      file: this.#file,
      metadata: this.#metadata,
      columns: [name],
      compressors,
      parsers
    })
    const read: ArrayLike<unknown> = await scan.readColumn({
      column: name,
      rowStart: start,
      rowEnd: start + rows
    })
    const values = Array<unknown>(rows)
    for (let row = 0; row < rows; row++) values[row] = read[row] ?? null
    return values
  }
}

/** Where the bytes of a row group lie in the file. */
function extentOf(chunks: readonly ColumnChunk[]): { from: number; to: number } {
  const extents = chunks.map(({ meta_data }) => {
    const { dictionary_page_offset, data_page_offset, total_compressed_size } = meta_data!
    const from = Number(dictionary_page_offset ?? data_page_offset)
    return { from, to: from + Number(total_compressed_size) }
  })
  return {
    from: Math.min(...extents.map(({ from }) => from)),
    to: Math.max(...extents.map(({ to }) => to))
  }
}

const isSame = (a: SchemaElement, b: SchemaElement) => spellType(a) === spellType(b)
const spellType = ({ name, type, repetition_type, converted_type, logical_type }: SchemaElement) =>
  JSON.stringify([name, type, repetition_type, converted_type, logical_type])

function moved(chunk: ColumnChunk, by: bigint): ColumnChunk {
  const { data_page_offset, dictionary_page_offset, ...rest } = chunk.meta_data!
  return {
    file_offset: chunk.file_offset + by,
    meta_data: {
      ...rest,
      data_page_offset: data_page_offset + by,
      dictionary_page_offset: dictionary_page_offset === undefined ? undefined : dictionary_page_offset + by
    }
  }
}

/** Whether two row groups are the same to the byte, and described alike wherever they lie. */
export function isCopy(a: StoredGroup, b: StoredGroup): boolean {
  const describe = ({ described: { columns, num_rows }, from }: StoredGroup) =>
    JSON.stringify([num_rows, columns.map((chunk) => moved(chunk, BigInt(-from)))], (_, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value
    )
  return (
    a.bytes.length === b.bytes.length &&
    a.bytes.every((byte, i) => byte === b.bytes[i]) &&
    describe(a) === describe(b)
  )
}
