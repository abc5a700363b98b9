import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'

/** What native DuckDB answers over Parquet files given as bytes; `parts` is their union. */
export async function askParts(parts: Uint8Array[], sql: string): Promise<Record<string, unknown>[]> {
  const folder = mkdtempSync(join(tmpdir(), 'loggia-parts-'))
  try {
    parts.forEach((bytes, i) => writeFileSync(join(folder, `${i}.parquet`), bytes))
    const instance = await DuckDBInstance.create(':memory:')
    const connection = await instance.connect()
    await connection.run(`create view parts as select * from read_parquet('${folder}/*.parquet')`)
    const rows = (await connection.runAndReadAll(sql)).getRowObjects()
    connection.closeSync()
    return rows as Record<string, unknown>[]
  } finally {
    rmSync(folder, { recursive: true })
  }
}
