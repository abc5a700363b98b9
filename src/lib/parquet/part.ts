import { columns as known, type ColumnName, type SqlType } from '#lib/schema/hit.ts'
import { parquetMetadata, type FileMetaData } from 'hyparquet'
import { DEFAULT_PARSERS } from 'hyparquet/src/convert.js'
import { getSchemaPath } from 'hyparquet/src/schema.js'
import { readChunk } from './chunk.ts'
import type { ReadColumn } from '#lib/engine/columns.ts'
import type { Decoder } from './page.ts'
import { fits } from './stored.ts'
import { inflate, startZstd } from './zstd.ts'

export interface OpenPart {
  readonly groups: number
  rows(group: number): number
  /** Our columns that the file has, in its order. Nothing shares a buffer with the file or another column. */
  read(group: number): ReadonlyMap<ColumnName, ReadColumn>
}

const types: ReadonlyMap<string, SqlType> = new Map(known.map(({ name, type }) => [name, type]))

/** A part's bytes, checked against the manifest's hash, ready to be read group by group. */
export async function openPart(bytes: Uint8Array<ArrayBuffer>, sha256: string): Promise<OpenPart> {
  const found = await hashOf(bytes)
  if (found !== sha256) throw new Error(`part has sha256 ${found}, the manifest says ${sha256}`)
  await startZstd()
  const metadata = parquetMetadata(footerOf(bytes))
  return {
    groups: metadata.row_groups.length,
    rows: (group) => Number(metadata.row_groups[group]!.num_rows),
    read: (group) => readGroup(metadata, group, bytes, 0)
  }
}

// hyparquet wants an ArrayBuffer, and of it the end: where a footer says where things lie, it counts from the file's start.
function footerOf(bytes: Uint8Array<ArrayBuffer>): ArrayBuffer {
  if (bytes.length < 12) throw new Error(`a Parquet file has more than ${bytes.length} bytes`)
  const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(bytes.length - 8, true)
  return bytes.slice(Math.max(0, bytes.length - length - 8)).buffer
}

/** A row group of a file, of which `bytes` hold what lies from `start` on. */
export function readGroup(
  metadata: FileMetaData,
  group: number,
  bytes: Uint8Array,
  start: number
): Map<ColumnName, ReadColumn> {
  const { columns, num_rows } = metadata.row_groups[group]!
  const read = new Map<ColumnName, ReadColumn>()
  for (const { meta_data } of columns) {
    const { path_in_schema, codec, total_compressed_size } = meta_data!
    const [name] = path_in_schema
    const type = types.get(name!)
    if (!type || path_in_schema.length > 1) continue
    const { element } = getSchemaPath(metadata.schema, path_in_schema).at(-1)!
    if (!fits(element, type)) throw new Error(`column ${name} is not ${type} but ${element.type}`)
    const decoder: Decoder = {
      pathInSchema: path_in_schema,
      schemaPath: [],
      element,
      type: element.type!,
      codec,
      parsers: DEFAULT_PARSERS,
      compressors: { ZSTD: inflate }
    }
    const from = startOf(meta_data!) - start
    const chunk = bytes.subarray(from, from + Number(total_compressed_size))
    read.set(name as ColumnName, readChunk(chunk, decoder, type, Number(num_rows)))
  }
  return read
}

type Chunk = NonNullable<FileMetaData['row_groups'][number]['columns'][number]['meta_data']>

const startOf = ({ dictionary_page_offset, data_page_offset }: Chunk) =>
  Number(dictionary_page_offset || data_page_offset)

/** Where the bytes of a row group lie in the file. */
export function extentOf({ row_groups }: FileMetaData, group: number): { from: number; to: number } {
  const chunks = row_groups[group]!.columns.map(({ meta_data }) => meta_data!)
  return {
    from: Math.min(...chunks.map(startOf)),
    to: Math.max(...chunks.map((chunk) => startOf(chunk) + Number(chunk.total_compressed_size)))
  }
}

export async function hashOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', bytes)
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
