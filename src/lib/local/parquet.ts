import { columns, type ColumnName, type Hit } from '#lib/schema/hit.ts'
import { parquetMetadataAsync, type AsyncBuffer } from 'hyparquet'
import { isTexts, type Numbers, type ReadColumn, type Texts } from '#lib/engine/columns.ts'
import type { Reading } from './read.ts'
import { extentOf, readGroup } from '#lib/parquet/part.ts'
import { decodeTexts } from '#lib/engine/texts.ts'
import { startZstd } from '#lib/parquet/zstd.ts'

const required = columns.filter((column) => 'required' in column).map(({ name }) => name)
const batchSize = 16_384
const codecs = ['UNCOMPRESSED', 'SNAPPY', 'ZSTD']

/** Hits of a Parquet file that has our columns: an export, a part, what `loggia` wrote. */
export async function* readParquet(file: File, reading: Reading): AsyncGenerator<Hit[]> {
  await startZstd()
  const slices: AsyncBuffer = {
    byteLength: file.size,
    slice: (from, to) => file.slice(from, to).arrayBuffer()
  }
  const metadata = await parquetMetadataAsync(slices)
  const groups = metadata.row_groups
  if (!groups.length) throw new Error('This Parquet file has no rows.')
  const found = groups[0]!.columns.map(({ meta_data }) => meta_data!.path_in_schema.join('.'))
  const missing = required.filter((name) => !found.includes(name))
  if (missing.length) {
    const names = found.slice(0, 8).join(', ')
    throw new Error(
      `This Parquet file is not of Loggia: it has ${names}${found.length > 8 ? ' …' : ''}, and lacks ${missing.join(', ')}.`
    )
  }
  const foreign = groups
    .flatMap(({ columns }) => columns)
    .find(({ meta_data }) => !codecs.includes(meta_data!.codec))
  if (foreign)
    throw new Error(
      `This Parquet file is compressed with ${foreign.meta_data!.codec}. Write it with zstd or snappy, or without compression.`
    )
  for (const [group, { num_rows }] of groups.entries()) {
    const { from, to } = extentOf(metadata, group)
    const bytes = new Uint8Array(await slices.slice(from, to))
    for (const hits of toHits(readGroup(metadata, group, bytes, from), Number(num_rows))) {
      reading.lines += hits.length
      yield hits
    }
    reading.bytes = Math.round((file.size * (group + 1)) / groups.length)
  }
}

function* toHits(read: ReadonlyMap<ColumnName, ReadColumn>, rows: number): Generator<Hit[]> {
  const nothing = Object.fromEntries(columns.map(({ name }) => [name, null]))
  const readers = columns.flatMap(({ name, type }) => {
    const column = read.get(name)
    return column ? { name, read: readerOf(column, (value) => plain(type, value)) } : []
  })
  for (let from = 0; from < rows; from += batchSize)
    yield Array.from({ length: Math.min(batchSize, rows - from) }, (_, i) => {
      const hit: Record<string, unknown> = { ...nothing }
      for (const { name, read } of readers) hit[name] = read(from + i)
      return hit as unknown as Hit
    })
}

type Plain = (value: string | number | bigint) => unknown

/** Gives the value of a row. Words become values once. */
function readerOf(column: ReadColumn, plain: Plain): (row: number) => unknown {
  if ('words' in column) {
    const words = [null, ...valuesOf(column.words).map(plain)]
    return (row) => words[column.places[row]!]
  }
  const { values, present } = column
  return (row) => (present && !present[row] ? null : plain(values[row]!))
}

function valuesOf(words: Texts | Numbers): (string | number | bigint)[] {
  return isTexts(words) ? decodeTexts(words) : [...words]
}

function plain(type: (typeof columns)[number]['type'], value: string | number | bigint) {
  if (type === 'BOOLEAN') return value === 1
  return typeof value === 'bigint' && type !== 'UBIGINT' ? Number(value) : value
}
