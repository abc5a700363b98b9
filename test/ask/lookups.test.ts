import { expect, onTestFinished, test } from 'vitest'
import { Query } from '#lib/ask/query.ts'
import { Store } from '#lib/device/store.ts'
import type { Selection } from '#lib/filter/filter.ts'
import { openNative } from '../engine/native.ts'
import { openWasm } from '../engine/node-engine.ts'
import { partOf, start } from '../panels/rolled-copy.ts'
import { decoded, rowGroupOf } from '../star/incoming.ts'

const hitsOf = (position: number, addresses: readonly string[]) =>
  rowGroupOf(
    addresses.map((ip, i) => ({
      seq: position * 65_536 + i,
      time: start + i,
      ip,
      path: `/${ip}`,
      country: 'NL',
      is_bot: false,
      visitor: i + 1
    }))
  )

const selectionOf = (field: 'ip' | 'country' | 'city', value: string): Selection => ({
  from: start,
  to: start + 1_000,
  traffic: 'all',
  clauses: [{ field, operator: 'is', values: [value] }]
})

test.each([
  ['native DuckDB', openNative],
  ['the page’s engine', openWasm]
])('a filter on %s holds for the rows that were there, until new rows are told of', async (_, open) => {
  const connection = await open()
  onTestFinished(() => connection.close())
  const store = new Store(connection)
  await store.open('test')
  const load = (position: number, addresses: readonly string[]) =>
    store.load([partOf(start, position, addresses.length)], () => decoded([hitsOf(position, addresses)]))
  await load(1, ['192.0.2.1', '192.0.2.2'])
  const query = new Query(connection)
  const count = async (remark: string) =>
    (await query.ask<{ n: number }>(`SELECT count(*)::DOUBLE AS n FROM selected('', 'now') -- ${remark}`))[0]!
      .n

  await query.select(selectionOf('country', 'NL'))
  expect(await count('first')).toBe(2)
  await load(
    2,
    Array.from({ length: 300 }, (_, i) => `198.51.100.${i}`)
  )
  expect(await count('new clients, not told of')).toBe(2)
  query.version++
  expect(await count('told')).toBe(302)

  // Rows may arrive between a click and the moment when the query is told of them.
  await load(3, ['203.0.113.1', '203.0.113.2'])
  await query.select(selectionOf('country', 'NL'))
  expect(await count('again')).toBe(302)
  await query.select(selectionOf('ip', '203.0.113.2'))
  expect(await count('a client that is not told of')).toBe(0)
  query.version++
  expect(await count('a client that is told of')).toBe(1)

  // The same value of another column is another question.
  await query.select(selectionOf('city', 'NL'))
  expect(await count('first')).toBe(0)
  await query.select(selectionOf('ip', '192.0.2.2'))
  expect(await count('first')).toBe(1)
})
