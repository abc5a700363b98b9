import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Connection } from '../../src/lib/engine/connection.ts'
import { encodeTexts } from '../../src/lib/engine/texts.ts'
import { asColumn, asSharedColumn, type ColumnType } from './as-columns.ts'
import { openNative } from './native.ts'
import { openWasm } from './node-engine.ts'

type Value = string | number | bigint | boolean | null

/** Values at the ends of each type, and a missing one between them. */
const samples: Record<ColumnType, readonly Value[]> = {
  BIGINT: [-(2n ** 63n), null, 2n ** 63n - 1n, 0],
  UBIGINT: [0, 2n ** 64n - 1n, null, 2n ** 53n],
  UINTEGER: [0, 2 ** 32 - 1, null],
  INTEGER: [-(2 ** 31), null, 2 ** 31 - 1],
  SMALLINT: [-32_768, null, 32_767, 0],
  UTINYINT: [0, 255, null],
  DOUBLE: [0.1, -1e308, null, 5e-324],
  BOOLEAN: [true, null, false, false, true, true, false, true, null, true],
  TIMESTAMP: [Date.UTC(2026, 10, 30, 8, 42, 5, 123), null, -1, 0],
  VARCHAR: ['/über', '', null, '日本 🙂', "it's\t\u0001", '', 'a,b\\', '/über']
}

/** As an engine gives them back. */
const asCells = (values: readonly Value[]) =>
  values.map((value) =>
    typeof value === 'bigint' && value <= 2n ** 53n - 1n && value >= -(2n ** 53n) + 1n ? Number(value) : value
  )

describe.each([
  ['the engine of the page', openWasm],
  ['native DuckDB', openNative]
])('%s', (_, open) => {
  let connection: Connection
  beforeAll(async () => {
    connection = await open()
  }, 60_000)
  afterAll(() => connection.close())

  const create = (columns: string) => connection.run(`CREATE OR REPLACE TABLE taken (${columns})`)
  const taken = async (what = '*') => (await connection.run(`SELECT ${what} FROM taken`)).rows

  describe.each(Object.entries(samples))('%s', (name, values) => {
    const type = name as ColumnType
    const present = values.filter((value) => value !== null)

    test.each([
      ['with missing values', values],
      ['with none missing', present],
      ['all missing', values.map(() => null)],
      ['one row', present.slice(0, 1)],
      ['no row', []]
    ])('%s', async (_, values) => {
      await create(`plain ${type}, shared ${type}`)
      await connection.insert('taken', [
        asColumn('plain', type, values),
        asSharedColumn('shared', type, values)
      ])
      const cells = asCells(values)
      expect(await taken()).toEqual(cells.map((cell) => [cell, cell]))
    })
  })

  test('keeps rows in order over many batches and 100,000 words', async () => {
    const rows = 300_000
    const words = Array.from({ length: 100_000 }, (_, i) => `${i} ö`)
    const places = Uint32Array.from({ length: rows }, (_, row) => (row * 7) % (words.length + 1))
    await create('row UINTEGER, word VARCHAR, text VARCHAR')
    await connection.insert('taken', [
      { name: 'row', type: 'UINTEGER', values: Uint32Array.from(places.keys()) },
      { name: 'word', type: 'VARCHAR', values: encodeTexts(words), places },
      { name: 'text', type: 'VARCHAR', values: encodeTexts(Array.from(places.keys(), (row) => `${row}-é`)) }
    ])
    const place = `(row::BIGINT * 7) % ${words.length + 1}`
    const wrong = `count(*) FILTER (
      word IS DISTINCT FROM CASE WHEN ${place} > 0 THEN concat(${place} - 1, ' ö') END OR text <> concat(row, '-é')
    )`
    expect(await taken(`count(*), max(row), count(word), ${wrong}`)).toEqual([
      [rows, rows - 1, places.filter((place) => place).length, 0]
    ])
  })

  test('adds to the rows that are there', async () => {
    await create('word VARCHAR')
    for (const words of [
      ['a', 'b'],
      ['b', null]
    ])
      await connection.insert('taken', [asSharedColumn('word', 'VARCHAR', words)])
    expect(await taken()).toEqual([['a'], ['b'], ['b'], [null]])
  })
})
