import { expect, test } from 'vitest'
import { fillSlot, hasSlot } from '#lib/find/slot.ts'
import { readClauses } from '#lib/filter/filter.ts'

const clausesOf = (query: string, value: string) => readClauses(fillSlot(query, value))

test('a value takes the place of the slot in every filter, and of nothing else', () => {
  const query = '?p=7d&f=is,path,/users/$value&f=has,line,$value&find=$value&cols=path'
  expect(hasSlot(query)).toBe(true)
  const filled = fillSlot(query, 'a, b\\c&f=x')
  expect(readClauses(filled)).toEqual([
    { field: 'path', operator: 'is', values: ['/users/a, b\\c&f=x'] },
    { field: 'line', operator: 'has', values: ['a, b\\c&f=x'] }
  ])
  expect(filled.get('find')).toBe('a, b\\c&f=x')
  expect([filled.get('p'), filled.get('cols')]).toEqual(['7d', 'path'])
})

test('a value in a pattern stands for itself', () => {
  expect(clausesOf('?f=re,path,%5E/u/%5C%5C%24value%24', 'a.b*')).toEqual([
    { field: 'path', operator: 're', values: ['^/u/a\\.b\\*$'] }
  ])
})

test('a query without a slot is left as it is', () => {
  expect(hasSlot('?p=7d&f=is,path,/value')).toBe(false)
  // Written in another form than ours, it has no slot either.
  expect(hasSlot('?f=@~is,path,\\/a')).toBe(false)
  expect(clausesOf('?f=is,path,/a$1', 'x')).toEqual([{ field: 'path', operator: 'is', values: ['/a$1'] }])
})
