import { columns, type ColumnName, type SqlType } from '#lib/schema/hit.ts'
import { parquetMetadata, parquetScan, type Encoding, type FileMetaData, type SchemaElement } from 'hyparquet'
import { ByteWriter, ParquetWriter } from 'hyparquet-writer'
import { writeColumn } from 'hyparquet-writer/src/column.js'
import { compress, decompress } from './zstd.ts'

/** The values of one column, one a row; null is missing. BIGINT and UBIGINT are bigint here, TIMESTAMP is ms as bigint. */
export type Values = readonly unknown[]

const physical: Record<SqlType, Partial<SchemaElement>> = {
  BIGINT: { type: 'INT64' },
  UBIGINT: { type: 'INT64', converted_type: 'UINT_64' },
  // A logical_type of INTEGER would make the file unreadable: hyparquet-writer 0.17 writes its width as i32.
  UINTEGER: { type: 'INT32', converted_type: 'UINT_32' },
  SMALLINT: { type: 'INT32', converted_type: 'INT_16' },
  DOUBLE: { type: 'DOUBLE' },
  BOOLEAN: { type: 'BOOLEAN' },
  // Not adjusted to UTC: an adjusted one arrives in DuckDB as TIMESTAMPTZ, which WASM cannot bucket.
  TIMESTAMP: {
    type: 'INT64',
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: false, unit: 'MILLIS' }
  },
  VARCHAR: { type: 'BYTE_ARRAY', converted_type: 'UTF8' }
}

const schema: SchemaElement[] = [
  { name: 'hits', num_children: columns.length },
  ...columns.map((column) => ({
    name: column.name,
    repetition_type: 'required' in column ? ('REQUIRED' as const) : ('OPTIONAL' as const),
    ...physical[column.type]
  }))
]

/** Ascending numbers: a dictionary of them would cost its time and save nothing. */
const encodings: Partial<Record<ColumnName, Encoding>> = {
  seq: 'DELTA_BINARY_PACKED',
  time: 'DELTA_BINARY_PACKED'
}

const compressors = { ZSTD: (bytes: Uint8Array) => compress(bytes) }
const decompressors = { ZSTD: decompress }

/** Plain integers as the bytes want them; hyparquet would otherwise build Dates, thousands of them a part. */
const parsers = {
  timestampFromMilliseconds: (ms: bigint) => ms
}

/** Writes a part row group by row group, each one column at a time, so that one decoded column is held and no more. */
export class PartWriter {
  readonly #bytes = new ByteWriter(1 << 16)
  readonly #parquet = new ParquetWriter({ writer: this.#bytes, schema, codec: 'ZSTD', compressors })

  /** Adds a row group; `read` gives a column's `rows` values in the order of the rows. */
  async group(rows: number, read: (name: ColumnName) => Values | Promise<Values>): Promise<void> {
    const start = this.#bytes.offset
    const chunks = []
    for (const [index, { name }] of columns.entries()) {
      const result = writeColumn({
        writer: this.#bytes,
        column: this.#encoder(index),
        pageData: pageData(await read(name), schema[index + 1]!.repetition_type === 'REQUIRED')
      })
      chunks.push(result.chunk)
      this.#parquet.pendingIndexes.push(result)
    }
    this.#parquet.num_rows += BigInt(rows)
    this.#parquet.row_groups.push({
      columns: chunks,
      num_rows: BigInt(rows),
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

  #encoder(index: number) {
    const element = schema[index + 1]!
    return {
      columnName: element.name,
      element,
      schemaPath: [schema[0]!, element],
      codec: 'ZSTD' as const,
      encoding: encodings[columns[index]!.name],
      compressors,
      // Least and greatest strings prune little and cost a comparison a row: a fifth of the encoding.
      stats: element.type !== 'BYTE_ARRAY',
      pageSize: 1 << 20,
      columnIndex: false,
      offsetIndex: false
    }
  }
}

function pageData(values: Values, required: boolean) {
  return {
    values: values as unknown[],
    definitionLevels: required ? [] : values.map((value) => (value === null ? 0 : 1)),
    repetitionLevels: [],
    maxDefinitionLevel: required ? 0 : 1
  }
}

/** A part's bytes, to be read one column of one row group at a time. */
export class PartReader {
  readonly #file: ArrayBuffer
  readonly #metadata: FileMetaData
  /** First row and row count of each row group. */
  readonly groups: readonly { start: number; rows: number }[]

  constructor(bytes: Uint8Array) {
    this.#file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer
    this.#metadata = parquetMetadata(this.#file)
    let start = 0
    this.groups = this.#metadata.row_groups.map(({ num_rows }) => {
      const group = { start, rows: Number(num_rows) }
      start += group.rows
      return group
    })
  }

  get rows(): number {
    return Number(this.#metadata.num_rows)
  }

  /** A column's values in one row group; a column the part was written without is all null. */
  async values(name: ColumnName, group: number): Promise<Values> {
    const { start, rows } = this.groups[group]!
    if (!this.#metadata.schema.some((element) => element.name === name)) return Array(rows).fill(null)
    const scan = await parquetScan({
      file: this.#file,
      metadata: this.#metadata,
      columns: [name],
      compressors: decompressors,
      parsers
    })
    const values = await scan.readColumn({ column: name, rowStart: start, rowEnd: start + rows })
    return Array.from(values, (value: unknown) => value ?? null)
  }
}
