import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Answer, Cell, Connection } from '#lib/engine/connection.ts'
import { columnOf } from '#lib/panels/console/column.ts'
import { parquetOf } from '#lib/panels/console/parquet.ts'
import { openNative } from '../engine/native.ts'
import { openWasm } from '../engine/node-engine.ts'

let [native, wasm] = [] as unknown as [Connection, Connection]
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loggia-parquet-'))
  ;[native, wasm] = await Promise.all([openNative(), openWasm()])
}, 60_000)
afterAll(async () => {
  await Promise.all([native.close(), wasm.close()])
  await rm(folder, { recursive: true })
})

/** A result of the page's engine as a file, read by native DuckDB. */
async function again(sql: string): Promise<{ answer: Answer; read: Answer }> {
  const answer = await wasm.run(sql)
  const bytes = await parquetOf(answer.columns.map(columnOf), answer.rows)
  const file = join(folder, 'result.parquet')
  await writeFile(file, bytes)
  return { answer, read: await native.run(`SELECT * FROM read_parquet('${file}')`) }
}

describe('the Parquet file of a result', () => {
  it.each<[string, string, Cell]>([
    ['42::INTEGER', 'BIGINT', 42],
    ['(-9223372036854775808)::BIGINT', 'BIGINT', -9223372036854775808n],
    ['18446744073709551615::UBIGINT', 'UBIGINT', 18446744073709551615n],
    ['sum(5::BIGINT)', 'BIGINT', 5],
    [
      '170141183460469231731687303715884105727::HUGEINT',
      'VARCHAR',
      '170141183460469231731687303715884105727'
    ],
    ['0.1::DOUBLE', 'DOUBLE', 0.1],
    [`'nan'::DOUBLE`, 'DOUBLE', NaN],
    ['1.25::DECIMAL(9, 2)', 'DOUBLE', 1.25],
    ['12345678901234567.89::DECIMAL(38, 2)', 'VARCHAR', '12345678901234567.89'],
    ['true', 'BOOLEAN', true],
    [`TIMESTAMP '2026-11-20 12:00:00.123'`, 'TIMESTAMP', Date.UTC(2026, 10, 20, 12, 0, 0, 123)],
    [`TIMESTAMP '1969-12-31 23:59:59.999'`, 'TIMESTAMP', -1],
    [`DATE '1969-12-31'`, 'DATE', -86_400_000],
    [`'a''b' || chr(0) || 'ü💥'`, 'VARCHAR', `a'b\0ü💥`],
    [`''`, 'VARCHAR', ''],
    [`['a', NULL]`, 'VARCHAR', '["a",null]'],
    [`{a: 1, b: 'x'}`, 'VARCHAR', '{"a":1,"b":"x"}']
  ])('has %s as %s', async (sql, type, value) => {
    const { read } = await again(`SELECT ${sql} AS value`)
    expect(read.columns).toEqual([{ name: 'value', type }])
    expect(read.rows).toEqual([[value]])
  })

  it('has nulls of every type', async () => {
    const { read } = await again(
      `SELECT NULL::INTEGER AS a, NULL::DOUBLE AS b, NULL::VARCHAR AS c, NULL::TIMESTAMP AS d, NULL::BOOLEAN AS e, NULL AS f, NULL::DATE AS g, NULL::VARCHAR[] AS h`
    )
    expect(read.rows).toEqual([Array<null>(8).fill(null)])
  })

  it('has the rows of all groups in their order', async () => {
    const { answer, read } = await again(
      `SELECT range AS n, nullif(range % 3, 0) AS rest, 'text ' || range AS name FROM range(50001)`
    )
    expect(read.rows).toEqual(answer.rows)
  })

  it('may have no row, and keeps the columns', async () => {
    const { read } = await again('SELECT 1 AS one, 2 AS "two.and" WHERE false')
    expect(read).toMatchObject({ columns: [{ name: 'one' }, { name: 'two.and' }], rows: [] })
  })

  it('has both columns of one name', async () => {
    const { read } = await again('SELECT * FROM (SELECT 1 AS one, 2 AS one)')
    expect(read.rows).toEqual([[1, 2]])
  })
})
