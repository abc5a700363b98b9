import { expect, it } from 'vitest'
import { columns } from '#lib/schema/hit.ts'
import { writeHits } from '#lib/panels/explore/duckdb-file.ts'
import { openNative } from '../engine/native.ts'
import { openWasm } from '../engine/node-engine.ts'

const time = Date.UTC(2026, 10, 20, 12, 0, 0, 123)
const odd = {
  seq: 7,
  kind: 'request',
  time,
  path: `/a'b\0"ü💥`,
  status: 404,
  visitor: 18446744073709551615n,
  duration: 0.25,
  bytes: 0,
  is_bot: false,
  is_asset: true,
  extra: `{"pool":"a","odd key":"b'\\"💥","tries":3,"headers":{"via":["x",null]},"none":null}`
}

it.each([
  ['native', openNative],
  ['wasm', openWasm]
])('the table of an export has the lines as they are, on %s', async (_, open) => {
  const connection = await open()
  await writeHits(
    connection,
    (async function* () {
      yield [odd, { ...odd, seq: 8, path: '', duration: null }]
      yield [{ seq: 9, kind: 'error', time }]
    })()
  )
  const { columns: found, rows } = await connection.run('SELECT * FROM hits ORDER BY seq')
  expect(found.map(({ name }) => name)).toEqual(columns.map(({ name }) => name))
  const lines = rows.map((row) =>
    Object.fromEntries(found.flatMap(({ name }, i) => (row[i] === null ? [] : [[name, row[i]]])))
  )
  const { duration, ...rest } = odd
  expect(lines).toEqual([odd, { ...rest, seq: 8, path: '' }, { seq: 9, kind: 'error', time }])
  expect(duration).toBe(0.25)
  await connection.close()
})

it('every key without a column can be asked for in DuckDB', async () => {
  const connection = await openNative()
  await writeHits(
    connection,
    (async function* () {
      yield [odd, { seq: 8, kind: 'request', time }]
    })()
  )
  const { rows } = await connection.run(`
    SELECT extra->>'$.pool', extra->>'$."odd key"', (extra->>'$.tries')::INTEGER, extra->>'$.headers.via[0]',
      json_keys(extra)
    FROM hits ORDER BY seq`)
  expect(rows).toEqual([
    ['a', `b'"💥`, 3, 'x', ['pool', 'odd key', 'tries', 'headers', 'none']],
    Array(5).fill(null)
  ])
  await connection.close()
})
