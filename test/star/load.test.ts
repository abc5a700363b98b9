import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toObjects, type Connection } from '../../src/lib/engine/connection.ts'
import { mergeGroups } from '../../src/lib/star/merge.ts'
import { openPart } from '../../src/lib/parquet/part.ts'
import { Store } from '../../src/lib/device/store.ts'
import { columns, type ColumnName, type SqlType } from '../../src/lib/schema/hit.ts'
import type { Part } from '../../src/lib/schema/manifest.ts'
import { PartWriter } from '../../workers/store/parquet.ts'
import { openWasm } from '../engine/node-engine.ts'

const start = Date.UTC(2026, 10, 20)
const rows = 40

/** The largest value of each type, what is missing in every third row where it may be, and text of any script. */
const extremes: Record<SqlType, (row: number) => unknown> = {
  BIGINT: (row) => 2n ** 53n - 1n - BigInt(row),
  UBIGINT: (row) => 2n ** 64n - 1n - BigInt(row),
  UINTEGER: (row) => 2 ** 32 - 1 - row,
  SMALLINT: (row) => row - 32_768,
  DOUBLE: (row) => row / 7,
  BOOLEAN: (row) => row % 2 === 0,
  TIMESTAMP: (row) => BigInt(start + row * 1_001),
  VARCHAR: (row) => ['/über', '日本 🙂', '', "it's\t\u0001", 'a,b\\'][row % 5]
}

const valueOf = (name: ColumnName, row: number): unknown => {
  const column = columns.find((column) => column.name === name)!
  if (name === 'seq') return BigInt(65_536 + row)
  return 'required' in column || row % 3 ? extremes[column.type](row) : null
}

/** As the page sees it: a BIGINT is a number when it is safe. */
const asCell = (value: unknown) => (typeof value === 'bigint' && value < 2n ** 53n ? Number(value) : value)
const expected = Array.from({ length: rows }, (_, row) =>
  Object.fromEntries(columns.map(({ name }) => [name, asCell(valueOf(name, row))]))
)

describe('a part as the Worker writes it', () => {
  let connection: Connection
  let bytes: Uint8Array<ArrayBuffer>
  let part: Part
  beforeAll(async () => {
    connection = await openWasm()
    const writer = new PartWriter()
    for (const first of [0, rows / 2])
      await writer.group(rows / 2, (name) =>
        Array.from({ length: rows / 2 }, (_, i) => valueOf(name, first + i))
      )
    bytes = new Uint8Array(writer.finish())
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const size = { rows, bytes: bytes.length, min_time: start, max_time: start + rows }
    part = { id: 'p', day: '2026-11-20', ranges: [{ from: 1, to: 2 }], revision: 0, sha256, ...size }
  }, 60_000)
  afterAll(() => connection.close())

  async function* read() {
    const { groups, rows, read } = await openPart(bytes, part.sha256)
    const all = Array.from({ length: groups }, (_, group) => ({
      rows: rows(group),
      read: () => read(group)
    }))
    yield* mergeGroups(all)
  }

  test('is on the device, value for value, once', async () => {
    const store = new Store(connection)
    await store.open('test')
    for (const revision of [0, 1]) await store.load([{ ...part, revision }], read)
    const found = toObjects(await connection.run('SELECT * FROM flat ORDER BY seq'))
    expect(found).toEqual(expected)
    expect(store.held).toEqual([{ day: part.day, revision: 1, from: 1, to: 2, part: 'p' }])
  })

  test('is refused when its bytes are not those of the manifest', async () => {
    const broken = bytes.with(100, bytes[100]! ^ 1) as Uint8Array<ArrayBuffer>
    await expect(openPart(broken, part.sha256)).rejects.toThrow(`the manifest says ${part.sha256}`)
  })
})
