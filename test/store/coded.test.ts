import { expect, it } from 'vitest'
import { code, decode, isCoded, join, pick, type Column } from '../../workers/store/coded.ts'

const values = ['/a', null, '/b', '/a', '/c']

const all = (column: Column, from: number, places: number[]) => ({
  column,
  rows: places.map((_, i) => from + i),
  places
})

it('says in words and places what the values say', () => {
  expect(code(values)).toEqual({ words: ['/a', null, '/b', '/c'], places: new Uint32Array([0, 1, 2, 0, 3]) })
  expect(decode(code(values))).toEqual(values)
})

it('joins columns, whether or not all of them are coded', () => {
  for (const other of [values, code(values)]) {
    const joined = join([all(code(values), 1, [3, 1, 0]), all(other, 0, [2, 4])], 5)
    expect(isCoded(joined)).toBe(isCoded(other))
    expect(decode(joined)).toEqual(['/a', '/b', '/a', null, null])
  }
})

it('keeps no word that no row says any more', () => {
  const kept = pick(code(values), new Uint32Array([0, 3, 4]))
  expect(join([all(kept, 0, [0, 1, 2])], 3)).toMatchObject({ words: ['/a', '/c'] })
})
