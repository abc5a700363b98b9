import { columns, type Hit } from '#lib/schema/hit.ts'
import { tableFromIPC, type Table } from 'apache-arrow'
import init, { ParquetFile } from 'parquet-wasm'
import wasmUrl from 'parquet-wasm/esm/parquet_wasm_bg.wasm?url'
import type { Reading } from './local-read.ts'

const required = columns.filter((column) => 'required' in column).map(({ name }) => name)
const batchSize = 16_384

/** Hits of a Parquet file that has our columns: an export, a part, what `loggia` wrote. */
export async function* readParquet(file: File, reading: Reading): AsyncGenerator<Hit[]> {
  await init({ module_or_path: wasmUrl })
  const parquet = await ParquetFile.fromFile(file)
  const metadata = parquet.metadata()
  const groups = metadata.numRowGroups()
  if (!groups) throw new Error('This Parquet file has no rows.')
  const found = metadata
    .rowGroup(0)
    .columns()
    .map((column) => column.columnPath().join('.'))
  const missing = required.filter((name) => !found.includes(name))
  if (missing.length) {
    const names = found.slice(0, 8).join(', ')
    throw new Error(
      `This Parquet file is not of Loggia: it has ${names}${found.length > 8 ? ' …' : ''}, and lacks ${missing.join(', ')}.`
    )
  }
  const known = columns.filter(({ name }) => found.includes(name))
  for (let group = 0; group < groups; group++) {
    const table = await parquet.read({
      rowGroups: [group],
      batchSize,
      columns: known.map(({ name }) => name)
    })
    for (const hits of toHits(tableFromIPC(table.intoIPCStream()), known)) {
      reading.lines += hits.length
      yield hits
    }
    reading.bytes = Math.round((file.size * (group + 1)) / groups)
  }
  parquet.free()
}

function* toHits(table: Table, known: readonly { name: string }[]): Generator<Hit[]> {
  const nothing = Object.fromEntries(columns.map(({ name }) => [name, null]))
  for (const batch of table.batches) {
    const vectors = known.map(({ name }) => ({ name, vector: batch.getChild(name) }))
    yield Array.from({ length: batch.numRows }, (_, row) => {
      const hit: Record<string, unknown> = { ...nothing }
      for (const { name, vector } of vectors) hit[name] = plain(name, vector?.get(row))
      return hit as unknown as Hit
    })
  }
}

const plain = (name: string, value: unknown) =>
  typeof value === 'bigint' && name !== 'visitor' ? Number(value) : (value ?? null)
