import { ByteWriter, parquetWriteBuffer, ParquetWriter } from 'hyparquet-writer'
import type { SchemaElement } from 'hyparquet'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { buffersOf } from '../../src/lib/engine/columns.ts'
import type { Connection } from '../../src/lib/engine/connection.ts'
import { readPage, type Decoder } from '../../src/lib/parquet/page.ts'
import { openPart } from '../../src/lib/parquet/part.ts'
import { readRuns } from '../../src/lib/parquet/runs.ts'
import { columns, type ColumnName } from '../../src/lib/schema/hit.ts'
import { compress } from '../../workers/store/zstd.ts'
import { PartWriter } from '../../workers/store/parquet.ts'
import { openNative } from '../engine/native.ts'
import { plainValues } from '../engine/plain-columns.ts'

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const open = (bytes: Uint8Array) => openPart(new Uint8Array(bytes), sha256(bytes))

/** Every row of every row group, by column. */
async function readAll(bytes: Uint8Array): Promise<Record<string, unknown[]>> {
  const part = await open(bytes)
  const all: Record<string, unknown[]> = {}
  for (let group = 0; group < part.groups; group++)
    for (const [name, column] of part.read(group)) {
      const values = plainValues(column)
      expect(values, name).toHaveLength(part.rows(group))
      ;(all[name] ??= []).push(...values)
    }
  return all
}

/** Rows as DuckDB makes them: one of each of our types, words that repeat, words that do not, and missing ones. */
const rowsSql = (rows: number) => `
  SELECT 65536 + i AS seq, ['request', 'event'][1 + i % 2] AS kind,
    epoch_ms(1764460800000 - 3 + i * 1001) AS time,
    CAST(if(i % 5 = 0, NULL, i % 700 - 32768) AS SMALLINT) AS utc_offset,
    if(i % 3 = 0, NULL, concat('/', i % 300, '/ü 🙂')) AS path,
    if(i % 7 = 0, NULL, concat('q', i, repeat('x', i % 40))) AS query,
    if(i % 9 = 0, '', NULL) AS protocol, CAST(NULL AS VARCHAR) AS scheme,
    CAST(200 + i % 3 AS SMALLINT) AS status,
    if(i % 4 = 0, NULL, i * 4611686018427) AS bytes,
    if(i % 11 = 0, NULL, i / 7) AS duration, i % 3 = 0 AS is_bot, if(i % 6 = 0, NULL, i % 2 = 0) AS is_asset,
    CAST(if(i % 8 = 0, NULL, 4294967295 - i % 90) AS UINTEGER) AS asn,
    CAST(18446744073709551615 - i AS UBIGINT) AS visitor, i AS other_tool_wrote_this
  FROM (SELECT CAST(range AS BIGINT) AS i FROM range(${rows}))`

describe('a Parquet file of another writer', () => {
  const folder = mkdtempSync(join(tmpdir(), 'loggia-part-'))
  let native: Connection
  beforeAll(async () => {
    native = await openNative()
  })
  afterAll(async () => {
    await native.close()
    rmSync(folder, { recursive: true, force: true })
  })

  test.each([
    ['zstd', 'V1', 20_000, 122_880],
    ['zstd', 'V2', 20_000, 122_880],
    ['snappy', 'V1', 9_000, 2_048],
    ['uncompressed', 'V2', 9_000, 2_048],
    ['uncompressed', 'V1', 1, 2_048],
    ['zstd', 'V2', 0, 2_048]
  ])('%s, pages %s, %i rows, groups of %i', async (codec, version, rows, group) => {
    const file = join(folder, `${codec}-${version}-${rows}.parquet`)
    await native.run(
      `COPY (${rowsSql(rows)}) TO '${file}' (FORMAT parquet, COMPRESSION ${codec}, PARQUET_VERSION ${version}, ROW_GROUP_SIZE ${group})`
    )
    const found = await readAll(readFileSync(file))
    const { columns: names, rows: wanted } = await native.run(`SELECT * FROM read_parquet('${file}')`)
    for (const [i, { name }] of names.entries()) {
      const values = found[name]?.map((value) =>
        typeof value === 'bigint' && value <= 2n ** 53n - 1n ? Number(value) : value
      )
      const isBoolean = name.startsWith('is_')
      const cells = wanted.map((row) => (isBoolean && row[i] !== null ? Number(row[i]) : row[i]))
      if (name === 'other_tool_wrote_this') expect(values).toBeUndefined()
      else expect(values ?? [], name).toEqual(cells)
    }
  })

  test.each<[string, string]>([
    ['a text where a number belongs', `SELECT 'many' AS bytes`],
    ['a number that the type cannot hold', `SELECT 70000 AS status`],
    ['a negative number without a sign', `SELECT CAST(-1 AS BIGINT) AS visitor`],
    ['a number with digits after the point', `SELECT CAST(1.5 AS DECIMAL(9, 2)) AS bytes`],
    ['a day where a time belongs', `SELECT DATE '2026-11-30' AS time`],
    ['a list', `SELECT ['/a'] AS path`]
  ])('is refused, or its column left out, for %s', async (name, sql) => {
    const file = join(folder, `${name.length}.parquet`)
    await native.run(`COPY (${sql}) TO '${file}' (FORMAT parquet)`)
    const part = await open(readFileSync(file))
    if (name === 'a list') expect([...part.read(0).keys()]).toEqual([])
    else expect(() => part.read(0)).toThrow(/^column|is no/)
  })
})

describe('pages of every make', () => {
  const rows = 3_000
  const texts = Array.from({ length: rows }, (_, row) => (row % 4 ? `/${row % 50} é` : null))
  const times = Array.from({ length: rows }, (_, row) => BigInt(row * row) - 5n)
  const write = (
    encoding:
      NonNullable<Parameters<typeof parquetWriteBuffer>[0]['columnData'][number]['encoding']> | undefined,
    type: 'BYTE_ARRAY' | 'INT64',
    data: unknown[]
  ) => {
    const schema: SchemaElement[] = [
      { name: 'root', num_children: 1 },
      type === 'INT64'
        ? { name: 'bytes', type, repetition_type: 'OPTIONAL' }
        : { name: 'path', type, converted_type: 'UTF8', repetition_type: 'OPTIONAL' }
    ]
    const writer = new ByteWriter()
    const parquet = new ParquetWriter({ writer, schema })
    void parquet.write({
      columnData: [{ name: schema[1]!.name, data, encoding, type }] as never,
      rowGroupSize: rows,
      pageSize: 1_000
    })
    parquet.finish()
    return new Uint8Array(writer.getBytes())
  }

  test.each(['PLAIN', 'RLE_DICTIONARY', 'DELTA_LENGTH_BYTE_ARRAY', 'DELTA_BYTE_ARRAY', undefined] as const)(
    'texts as %s',
    async (encoding) => {
      expect((await readAll(write(encoding, 'BYTE_ARRAY', texts))).path).toEqual(texts)
    }
  )

  test.each(['PLAIN', 'RLE_DICTIONARY', 'DELTA_BINARY_PACKED', 'BYTE_STREAM_SPLIT', undefined] as const)(
    'numbers as %s',
    async (encoding) => {
      const data = times.map((time, row) => (row % 5 ? time : null))
      expect((await readAll(write(encoding, 'INT64', data))).bytes).toEqual(data)
    }
  )
})

describe('a part of our own writer', () => {
  const rows = 5_000
  const valueOf = (name: ColumnName, row: number) => {
    const column = columns.find((column) => column.name === name)!
    if (!('required' in column) && row % 3 === 0) return null
    if (column.type === 'VARCHAR') return name === 'query' ? `?${row}` : `${name} ${row % 400} ö`
    if (column.type === 'BOOLEAN') return row % 2 === 0
    return /BIGINT|TIMESTAMP/.test(column.type) ? BigInt(row % 300) : row % 300
  }
  const made = async (rows: number) => {
    const writer = new PartWriter()
    await writer.group(rows, (name) => Array.from({ length: rows }, (_, row) => valueOf(name, row)))
    return writer.finish()
  }

  test('gives each column buffers of its own, which can be moved to another thread', async () => {
    const bytes = await made(rows)
    const read = (await open(bytes)).read(0)
    const perColumn = [...read.values()].map((column) => buffersOf([column]))
    const buffers = perColumn.flat()
    expect(new Set(buffers).size).toBe(buffers.length)
    const moved = structuredClone(read, { transfer: buffers })
    for (const [name, column] of moved)
      expect(plainValues(column), name).toEqual(
        Array.from({ length: rows }, (_, row) => {
          const value = valueOf(name, row)
          return typeof value === 'boolean' ? Number(value) : value
        })
      )
    expect(buffers.every(({ detached }) => detached)).toBe(true)
  })

  test('has all its rows or is refused, whichever byte is wrong', async () => {
    const bytes = await made(300)
    const step = Math.ceil(bytes.length / 300)
    const failures: unknown[] = []
    for (let at = 4; at < bytes.length - 8; at += step) {
      const broken = bytes.with(at, bytes[at]! ^ 0x55)
      try {
        const part = await open(broken)
        for (const column of part.read(0).values()) expect(plainValues(column)).toHaveLength(part.rows(0))
      } catch (error) {
        failures.push(error)
      }
    }
    expect(failures.length).toBeGreaterThan(0)
    for (const error of failures) expect(error).toBeInstanceOf(Error)
  })
})

/** Groups of eight numbers side by side, and runs of equal ones, as Parquet's format says; of any width. */
function writeRuns(numbers: readonly number[], width: number, run: number): Uint8Array {
  const bytes: number[] = []
  const put = (value: bigint, length: number) => {
    for (let i = 0; i < length; i++) bytes.push(Number((value >> BigInt(8 * i)) & 255n))
  }
  const head = (value: number) => {
    for (; value > 127; value >>>= 7) bytes.push((value & 127) | 128)
    bytes.push(value)
  }
  for (let at = 0; at < numbers.length; at += run) {
    const some = numbers.slice(at, at + run)
    if (some.length >= 8 && some.every((number) => number === some[0])) {
      head(some.length << 1)
      put(BigInt(some[0]!), Math.ceil(width / 8))
    } else {
      const groups = Math.ceil(some.length / 8)
      head((groups << 1) | 1)
      put(
        some.reduce((packed, number, i) => packed | (BigInt(number) << BigInt(i * width)), 0n),
        groups * width
      )
    }
  }
  return Uint8Array.from(bytes)
}

test.each(Array.from({ length: 33 }, (_, width) => width))('runs of %i bits', (width) => {
  const numbers = Array.from(
    { length: 1_003 },
    (_, i) => Math.floor((Math.floor(i / 600) * 480 + (i % 600 < 480 ? i : 0)) * 2_654_435.761) % 2 ** width
  )
  for (const run of [8, 40, 480]) {
    const found = new Uint32Array(numbers.length)
    const bytes = writeRuns(numbers, width, run)
    readRuns(bytes, width, found, numbers.length)
    expect([...found]).toEqual(numbers)
    if (width)
      expect(() => readRuns(bytes.subarray(0, -1 - width), width, found, numbers.length)).toThrow(
        'end too early'
      )
  }
})

test('a place beyond the dictionary is refused', () => {
  const header = {
    type: 'DATA_PAGE_V2',
    uncompressed_page_size: 3,
    compressed_page_size: 3,
    data_page_header_v2: {
      num_values: 8,
      num_nulls: 0,
      num_rows: 8,
      encoding: 'RLE_DICTIONARY',
      definition_levels_byte_length: 0,
      repetition_levels_byte_length: 0
    }
  } as const
  const element = { name: 'path', type: 'BYTE_ARRAY', repetition_type: 'REQUIRED' } as const
  const decoder = {
    element,
    type: element.type,
    codec: 'UNCOMPRESSED',
    pathInSchema: ['path'],
    schemaPath: []
  } as const
  const read = (words: number) =>
    readPage(Uint8Array.of(2, 8 << 1, 2), header, decoder as unknown as Decoder, words)
  expect(read(3).places).toEqual(new Uint32Array(8).fill(3))
  expect(() => read(2)).toThrow('Parquet place 3 in a dictionary of 2')
})

test('zstd starts without a request', async () => {
  const fetch = vi.spyOn(globalThis, 'fetch').mockRejectedValue(new Error('refused by the policy'))
  vi.resetModules()
  const { inflate, startZstd } = await import('../../src/lib/parquet/zstd.ts')
  const text = new TextEncoder().encode('a page '.repeat(20_000))
  await startZstd()
  expect(inflate(compress(text), text.length)).toEqual(text)
  expect(fetch).not.toHaveBeenCalled()
  expect(globalThis.fetch).toBe(fetch)
  expect(() => inflate(compress(text), 2 ** 31 - 1)).toThrow('zstd frame of 2147483647 bytes')
  fetch.mockRestore()
})
