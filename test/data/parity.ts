import { expect } from 'vitest'
import type { Bound, Cell, Connection } from '../../src/lib/data/connection.ts'
import type { Selection } from '../../src/lib/data/filter.ts'
import type { Timing } from '../../src/lib/data/period.ts'
import { Query } from '../../src/lib/data/query.ts'
import { Store } from '../../src/lib/data/store.ts'
import { rollUps } from '../../src/lib/panels/rolled/rolls.ts'
import { insertSql, openNative } from './native.ts'
import { openWasm } from './node-engine.ts'

/** Two engines with the same hits: native DuckDB and the page's WebAssembly. */
export interface Pair {
  native: Query
  wasm: Query
  close(): Promise<void>
}

/** Fills both engines with rows; columns that a row leaves out are null. */
export async function openPair(rows: readonly Record<string, Bound>[]): Promise<Pair> {
  const connections = await Promise.all([openNative(), openWasm()])
  const [native, wasm] = await Promise.all(connections.map((connection) => fill(connection, rows)))
  return {
    native: native!,
    wasm: wasm!,
    close: async () => void (await Promise.all([native!.close(), wasm!.close()]))
  }
}

async function fill(connection: Connection, rows: readonly Record<string, Bound>[]): Promise<Query> {
  const store = new Store(connection)
  await store.open('parity')
  await store.openRolls(rollUps)
  for (let i = 0; i < rows.length; i += 500) await connection.run(insertSql('hits', rows.slice(i, i + 500)))
  return new Query(connection)
}

/** Asks both engines the same and asserts that they agree; gives the rows. */
export async function expectParity(
  { native, wasm }: Pair,
  sql: string,
  selection: Selection,
  timing?: Timing
): Promise<Record<string, Cell>[]> {
  const ask = async (query: Query) => {
    await query.select(selection, timing)
    return query.ask(sql)
  }
  const [expected, found] = await Promise.all([ask(native), ask(wasm)])
  expect(found.map(rounded), sql).toEqual(expected.map(rounded))
  return found
}

// The two add floating-point numbers up in different orders.
const rounded = (row: Record<string, Cell>) =>
  Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, round(cell)]))

const round = (cell: Cell): Cell =>
  typeof cell === 'number' && !Number.isInteger(cell) ? Number(cell.toPrecision(12)) : cell
