import { columns, type ColumnName, type SqlType } from '#lib/schema/hit.ts'
import { parquetSchema } from '#lib/schema/parquet.ts'
import { ByteWriter, ParquetWriter } from 'hyparquet-writer'

/** Hits, or rows that have their columns by name. */
type Rows = readonly Partial<Record<ColumnName, unknown>>[]

/** The columns of a row group. */
export const columnDataOf = (rows: Rows) =>
  columns.map(({ name, type }) => ({ name, data: rows.map((row) => stored(row[name] ?? null, type)) }))

const stored = (value: unknown, type: SqlType) =>
  typeof value === 'number' && (type === 'BIGINT' || type === 'UBIGINT' || type === 'TIMESTAMP')
    ? BigInt(Math.trunc(value))
    : value

/** The bytes of a Parquet file with the columns of a hit. Each page of rows becomes a row group, and is let go. */
export async function* parquetOf(pages: AsyncIterable<Rows>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const writer = new ByteWriter(1 << 20)
  const parquet = new ParquetWriter({ writer, schema: parquetSchema })
  const take = () => {
    const bytes = new Uint8Array(writer.getBytes())
    writer.index = 0
    return bytes
  }
  for await (const rows of pages) {
    await parquet.write({ columnData: columnDataOf(rows), rowGroupSize: rows.length })
    yield take()
  }
  await parquet.finish()
  yield take()
}
