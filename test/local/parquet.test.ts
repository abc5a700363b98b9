import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Connection } from '../../src/lib/engine/connection.ts'
import { readParquet } from '../../src/lib/local/parquet.ts'
import { nothingRead } from '../../src/lib/local/read.ts'
import { Parts } from '../../src/lib/local/parts.ts'
import { columns, type Hit } from '../../src/lib/schema/hit.ts'
import { PartWriter } from '../../workers/store/parquet.ts'
import { asColumn } from '../engine/as-columns.ts'
import { openNative } from '../engine/native.ts'

const rows = 20_000
const day = Date.UTC(2026, 10, 20)

const valueOf = ({ name, type, ...column }: (typeof columns)[number], row: number) => {
  if (name === 'seq') return row
  if (name === 'time') return day + row * 1_001
  if (!('required' in column) && row % 3 === 0) return null
  if (type === 'VARCHAR') return name === 'query' ? `\uFEFF?${row} ö` : `${name} ${row % 40}`
  if (type === 'BOOLEAN') return row % 2 === 0
  return type === 'UBIGINT' ? 2n ** 64n - 1n - BigInt(row % 500) : row % 700
}
const hits = Array.from(
  { length: rows },
  (_, row) =>
    Object.fromEntries(columns.map((column) => [column.name, valueOf(column, row)])) as unknown as Hit
)

async function read(bytes: Uint8Array<ArrayBuffer>) {
  const reading = nothingRead(bytes.length)
  const found = (await Array.fromAsync(readParquet(new File([bytes], 'hits.parquet'), reading))).flat()
  expect(reading).toMatchObject({ lines: found.length, bytes: bytes.length })
  return found
}

describe('a Parquet file opened on the device', () => {
  const folder = mkdtempSync(join(tmpdir(), 'loggia-local-'))
  let native: Connection
  beforeAll(async () => {
    native = await openNative()
    await native.run(`CREATE TABLE hits (${columns.map(({ name, type }) => `${name} ${type}`).join(', ')})`)
    await native.insert(
      'hits',
      columns.map(({ name, type }) =>
        asColumn(
          name,
          type,
          hits.map((hit) => hit[name])
        )
      )
    )
  }, 60_000)
  afterAll(async () => {
    await native.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const exported = async (what: string, codec: string) => {
    const file = join(folder, `${codec}.parquet`)
    await native.run(`COPY (SELECT ${what} FROM hits) TO '${file}' (FORMAT parquet, COMPRESSION ${codec})`)
    return new Uint8Array(readFileSync(file))
  }

  it('has the hits of a part, of two row groups', async () => {
    const writer = new PartWriter()
    const stored = (value: unknown, type: string) =>
      typeof value === 'number' && (type === 'BIGINT' || type === 'TIMESTAMP') ? BigInt(value) : value
    for (const some of [hits.slice(0, 17_000), hits.slice(17_000)])
      await writer.group(some.length, (name) => {
        const { type } = columns.find((column) => column.name === name)!
        return some.map((hit) => stored(hit[name], type))
      })
    expect(await read(new Uint8Array(writer.finish()))).toEqual(hits)
  })

  it('has the hits of a file that was read on the device before', async () => {
    const parts = new Parts(day)
    const made = [
      ...(await Array.fromAsync(parts.add(structuredClone(hits)))),
      ...(await Array.fromAsync(parts.finish()))
    ]
    expect(await read(made[0]!.bytes)).toEqual(hits)
  })

  it.each(['zstd', 'snappy', 'uncompressed'])('has the hits that DuckDB wrote with %s', async (codec) => {
    expect(await read(await exported('*', codec))).toEqual(hits)
  })

  it('has hits without the columns that the file lacks', async () => {
    const found = await read(await exported('* EXCLUDE (query, token)', 'zstd'))
    expect(found).toEqual(hits.map((hit) => ({ ...hit, query: null, token: null })))
  })

  it('is refused with the reason', async () => {
    await expect(read(await exported('* EXCLUDE (visitor)', 'snappy'))).rejects.toThrow(
      /^This Parquet file is not of Loggia: .* lacks visitor\.$/
    )
    await expect(read(await exported('*', 'gzip'))).rejects.toThrow('is compressed with GZIP')
  })
})
