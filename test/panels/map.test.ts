import { expect, test } from 'vitest'
import { shadesOf } from '../../src/lib/panels/explore/map.ts'

test('a map with lines everywhere shows where most are', () => {
  const places = Array.from({ length: 1_000 }, (_, i) => ({ at: i / 1_000, lines: i < 20 ? 40 : 1 }))
  const [few, , , most] = shadesOf(places, 100, 4)
  expect(most).toEqual([0, 1])
  expect(few).toHaveLength(98)
})

test('every slot with a line is drawn, the last one too', () => {
  expect(shadesOf([{ at: 1, lines: 3 }], 400, 4).flat()).toEqual([399])
  expect(shadesOf([], 400, 4).flat()).toEqual([])
})
