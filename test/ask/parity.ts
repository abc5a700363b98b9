import { expect } from 'vitest'
import type { Cell, Connection } from '../../src/lib/engine/connection.ts'
import type { Question } from '../../src/lib/ask/counted.ts'
import type { Selection } from '../../src/lib/filter/filter.ts'
import type { Timing } from '../../src/lib/time/buckets.ts'
import { Query } from '../../src/lib/ask/query.ts'
import { declared } from '../device/declared.ts'
import { Store } from '../../src/lib/device/store.ts'
import type { Part } from '../../src/lib/schema/manifest.ts'
import { rollUpsOf } from '../../src/lib/ask/roll.ts'
import { measures } from '../../src/lib/panels/measures/measures.ts'
import { decoded, rowGroupOf, type Row } from '../star/incoming.ts'
import { openNative } from '../engine/native.ts'
import { openWasm } from '../engine/node-engine.ts'

/** Two engines with the same hits: native DuckDB and the page's WebAssembly. */
export interface Pair {
  native: Query
  wasm: Query
  close(): Promise<void>
}

/** Fills both engines with rows; columns that a row leaves out are null. */
export async function openPair(rows: readonly Row[]): Promise<Pair> {
  const connections = await Promise.all([openNative(), openWasm()])
  const [native, wasm] = await Promise.all(connections.map((connection) => fill(connection, rows)))
  return {
    native: native!,
    wasm: wasm!,
    close: async () => void (await Promise.all([native!.close(), wasm!.close()]))
  }
}

/** All rows in one part; of which day it is makes no difference here. */
const everything: Part = {
  id: 'all',
  day: '2026-11-20',
  ranges: [{ from: 0, to: 1 }],
  revision: 0,
  rows: 0,
  bytes: 0,
  sha256: '',
  min_time: 0,
  max_time: 0
}

async function fill(connection: Connection, rows: readonly Row[]): Promise<Query> {
  const store = new Store(connection, declared)
  await store.open('parity')
  await store.openRolls(rollUpsOf(measures))
  await store.load([everything], () => decoded([rowGroupOf(rows)]))
  return new Query(connection)
}

/** Asks both engines the same and asserts that they agree; gives the rows. */
export async function expectParity(
  { native, wasm }: Pair,
  question: Question,
  selection: Selection,
  timing?: Timing
): Promise<Record<string, Cell>[]> {
  const ask = async (query: Query) => {
    await query.select(selection, timing)
    return query.ask(question)
  }
  const [expected, found] = await Promise.all([ask(native), ask(wasm)])
  expect(found.map(rounded), String(question)).toEqual(expected.map(rounded))
  return found
}

// The two add floating-point numbers up in different orders.
const rounded = (row: Record<string, Cell>) =>
  Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, round(cell)]))

const round = (cell: Cell): Cell =>
  typeof cell === 'number' && !Number.isInteger(cell) ? Number(cell.toPrecision(12)) : cell
