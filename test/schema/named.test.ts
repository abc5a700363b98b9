import { describe, expect, it } from 'vitest'
import { isPinList } from '#lib/schema/pins.ts'
import { isQueryList } from '#lib/schema/queries.ts'
import { isViewList } from '#lib/schema/views.ts'

const query = (name: unknown, sql: unknown) => ({ name, sql })

describe('a list of saved queries', () => {
  it.each([[[]], [[query('a', 'SELECT 1'), query('b', 'SELECT 1')]]])('may be %j', (list) =>
    expect(isQueryList(list)).toBe(true)
  )

  it.each([
    null,
    {},
    'a',
    [null],
    [[]],
    [query('', 'SELECT 1')],
    [query(' ', 'SELECT 1')],
    [query('a', '  ')],
    [query('a', 1)],
    [query(1, 'SELECT 1')],
    [query('a', 'SELECT 1'), query('a', 'SELECT 2')],
    [query('x'.repeat(81), 'SELECT 1')],
    [query('a', 'x'.repeat(50_001))]
  ])('is not %j', (list) => expect(isQueryList(list)).toBe(false))

  it('has 200 queries and 200,000 characters at most', () => {
    const many = (count: number, length: number) =>
      Array.from({ length: count }, (_, i) => query(`query ${i}`, 'x'.repeat(length)))
    expect(isQueryList(many(200, 1_000))).toBe(true)
    expect(isQueryList(many(201, 1))).toBe(false)
    expect(isQueryList(many(5, 40_001))).toBe(false)
  })
})

it('a saved view is the query of an address', () => {
  expect(isViewList([{ name: 'a', query: '?p=7d' }])).toBe(true)
  expect(isViewList([{ name: 'a', query: 'p=7d' }])).toBe(false)
  expect(isViewList([{ name: 'a', query: `?${'x'.repeat(4_000)}` }])).toBe(false)
})

describe('a list of pins', () => {
  const chart = { kind: 'bars', x: 0, y: 1, color: -1 }
  const pin = (chart: unknown, sql: unknown = 'SELECT 1', name: unknown = 'a') => ({ name, sql, chart })

  it.each([null, chart, { ...chart, kind: 'heat', color: 2 }])('may have the chart %j', (chart) =>
    expect(isPinList([pin(chart)])).toBe(true)
  )

  it.each([
    undefined,
    'bars',
    [],
    {},
    { ...chart, kind: 'pie' },
    { ...chart, x: -1 },
    { ...chart, y: 0.5 },
    { ...chart, color: -2 },
    { ...chart, x: 1_000 },
    { ...chart, text: 'x'.repeat(1_000_000) }
  ])('has no chart %j', (chart) => expect(isPinList([pin(chart)])).toBe(false))

  it('has 12 pins of 10,000 characters at most', () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, i) => pin(null, 'x'.repeat(10_000), `${i}`))
    expect(isPinList(many(12))).toBe(true)
    expect(isPinList(many(13))).toBe(false)
    expect(isPinList([pin(null, 'x'.repeat(10_001))])).toBe(false)
  })
})
