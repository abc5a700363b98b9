import { beforeAll, describe, expect, it } from 'vitest'
import type { Connection } from '../../src/lib/engine/connection.ts'
import { openWasm } from './node-engine.ts'

describe('a cell of an answer', () => {
  let engine: Connection
  beforeAll(async () => {
    engine = await openWasm()
  })
  const cellOf = async (sql: string) => (await engine.run(`SELECT ${sql}`)).rows[0]![0]

  it.each([
    `INTERVAL '1 day 2 hours'`,
    `INTERVAL '14 months' - INTERVAL '3 days'`,
    `TIMESTAMP '2026-11-20 12:00:00.25' - TIMESTAMP '2026-11-20 12:00:00'`,
    `TIMESTAMP '2026-11-20 12:00:00' - TIMESTAMP '2026-11-21 13:00:01'`,
    `INTERVAL 0 SECOND`,
    `TIME '10:00:00'`,
    `TIME '23:59:59.000001'`
  ])('is written as the engine writes it: %s', async (sql) => {
    expect(await cellOf(sql)).toBe(await cellOf(`(${sql})::VARCHAR`))
  })

  it.each([
    '12345678901234567.89::DECIMAL(38, 2)',
    '-0.12345678901234567::DECIMAL(38, 17)',
    '9999999999999999.9::DECIMAL(17, 1)'
  ])('is a text where a number would round it: %s', async (sql) => {
    expect(await cellOf(sql)).toBe(await cellOf(`(${sql})::VARCHAR`))
  })

  it.each([
    ['0.1::DECIMAL(38, 30)', 0.1],
    ['-99999999.9999999::DECIMAL(38, 7)', -99999999.9999999],
    ['1000000000000000000::DECIMAL(38, 3)', 1e18],
    ['0::DECIMAL(18, 3)', 0]
  ])('is a number that is no other: %s', async (sql, cell) => expect(await cellOf(sql)).toBe(cell))

  it.each([
    [`{'p': 1.5, 'n': sum(7)}`, { p: 1.5, n: 7 }],
    [`{'s': {'q': 0.25}, 'l': [1.5, NULL], 'none': NULL}`, { s: { q: 0.25 }, l: [1.5, null], none: null }],
    [`{'b': 'x'::BLOB, 'd': INTERVAL 1 DAY}`, { b: '78', d: '1 day' }],
    [`MAP {'a': 1.5, 'b': 2}`, { a: 1.5, b: 2 }],
    [`[{'a': 1.5}]`, [{ a: 1.5 }]],
    [`array_value(1.5, 2)`, [1.5, 2]]
  ])('has in it what it has alone: %s', async (sql, cell) => expect(await cellOf(sql)).toEqual(cell))
})
