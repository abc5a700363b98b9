import { describe, expect, it } from 'vitest'
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
