import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toObjects, type Connection } from '../../src/lib/engine/connection.ts'
import { Store } from '../../src/lib/device/store.ts'
import { distinctRows } from '../../src/lib/star/tuples.ts'
import { columns } from '../../src/lib/schema/hit.ts'
import { partOf, start } from '../panels/rolled-copy.ts'
import { decoded, rowGroupOf, type Row } from './incoming.ts'
import { openNative } from '../engine/native.ts'
import { openWasm } from '../engine/node-engine.ts'
import { randomOf } from '../device/site.ts'

const random = randomOf(3)
const required: Record<string, () => Row[string]> = {
  kind: () => random.pick(['request', 'error']),
  is_bot: () => random.below(2) === 0,
  is_asset: () => random.below(2) === 0,
  shape: () => 'combined'
}
const valueOf = (type: string): Row[string] => {
  if (type === 'VARCHAR') return random.pick(['/a', '/b/12', '', 'é', null])
  if (type === 'BOOLEAN') return random.pick([true, false, null])
  return random.pick([1, 2, 4_000, null])
}
/** Few values in every column, so that words, clients and sources are shared in every way. */
const rows = Array.from({ length: 300 }, (_, seq): Row => {
  const row = columns.map(({ name, type }) => [name, required[name]?.() ?? valueOf(type)])
  return { ...Object.fromEntries(row), seq, time: start + seq, visitor: random.below(9) + 1 }
})

describe.each([
  ['native DuckDB', openNative, 1],
  ['the page’s engine', openWasm, 1],
  ['native DuckDB, merged', openNative, 280]
])('groups of rows on %s', (_, open, most) => {
  let connection: Connection
  const read = async (sql: string) => toObjects(await connection.run(sql))
  beforeAll(async () => {
    connection = await open()
    const store = new Store(connection)
    await store.open('test')
    const groups = [0, 40, 200].map((from, i, all) => rowGroupOf(rows.slice(from, all[i + 1])))
    await store.load([partOf(start, 0, rows.length)], () => decoded(groups, most))
  }, 60_000)
  afterAll(() => connection.close())

  test('read back value for value', async () => {
    expect(await read('SELECT * FROM flat ORDER BY seq')).toEqual(rows)
  })

  test.each(['words', 'visitors', 'clients', 'sources', 'routes'])(
    'fill %s without a repeated row',
    async (table) => {
      const id = { words: 'id', visitors: 'visitor', clients: 'client', sources: 'source', routes: '' }[table]
      const found = await read(
        `SELECT count(*) AS n FROM (SELECT * ${id && `EXCLUDE (${id})`} FROM ${table} GROUP BY ALL HAVING count(*) > 1)`
      )
      expect(found).toEqual([{ n: 0 }])
      if (id && id !== 'id')
        expect(await read(`SELECT count(DISTINCT ${id}) - count(*) AS n FROM ${table}`)).toEqual([{ n: 0 }])
    }
  )

  test('of an older version lack columns, which are missing', async () => {
    const store = new Store(connection)
    await store.open('test')
    const old = rows.slice(0, 3).map((row, i): Row => ({ ...row, seq: 65_536 + i }))
    const names = ['seq', 'kind', 'time', 'path', 'status', 'is_bot', 'is_asset', 'visitor', 'shape']
    await store.load([partOf(start, 1, 3)], () => decoded([rowGroupOf(old, names)]))
    const found = await read('SELECT * FROM flat WHERE seq >= 65536 ORDER BY seq')
    expect(found).toEqual(
      old.map((row) =>
        Object.fromEntries(columns.map(({ name }) => [name, names.includes(name) ? row[name] : null]))
      )
    )
  })
})

test('distinctRows finds each combination once, whatever column it starts from', () => {
  for (let i = 0; i < 50; i++) {
    const count = 1 + random.below(40)
    const column = () => Int32Array.from({ length: count }, () => random.below(3))
    const tuple = [column(), column(), column()]
    const places = Uint32Array.from({ length: count }, () => random.below(4))
    const found = distinctRows({ places, count: 4 }, tuple)
    const key = (row: number) => tuple.map((values) => values[row]).join()
    const keys = Array.from(found.rows, key)
    expect(new Set(keys).size).toBe(keys.length)
    for (let row = 0; row < count; row++) expect(keys[found.places[row]! - 1]).toBe(key(row))
  }
})
