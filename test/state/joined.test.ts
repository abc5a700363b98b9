import { expect, test } from 'vitest'
import { freeName, joined } from '#lib/state/joined.ts'

const query = (name: string, sql: string) => ({ name, sql })

test('joined lists keep both things that have one name', () => {
  const list = [query('a', '1'), query('b', '2')]
  expect(joined(list, [query('b', '3'), query('c', '4')])).toEqual([
    query('a', '1'),
    query('b', '2'),
    query('b (2)', '3'),
    query('c', '4')
  ])
})

test('what is in both lists is there once, also when it is joined again', () => {
  const once = joined([query('a', '1')], [query('a', '1'), query('a', '2')])
  expect(once).toEqual([query('a', '1'), query('a (2)', '2')])
  expect(joined(once, [query('a', '1')])).toBe(once)
})

test('a name stays within its length when it gets a number', () => {
  const long = 'x'.repeat(80)
  expect(freeName(long, [query(long, '')])).toBe(`${'x'.repeat(76)} (2)`)
})
