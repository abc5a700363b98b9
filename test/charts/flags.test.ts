import { expect, test } from 'vitest'
import { bandsOf, clustersOf, flagsWithin, type Flag } from '#lib/charts/flags.ts'

const edges = [0, 50, 100]
const moment = (from: number): Flag => ({ id: `at ${from}`, kind: 'annotation', from, to: null })
const alert = (from: number, to: number): Flag => ({ id: `${from} to ${to}`, kind: 'alert', from, to })
const placed = (flags: Flag[], width = 1_000, gap = 20) =>
  clustersOf(flags, edges, width, gap).map(({ at, flags }) => [at, flags.map(({ id }) => id)])

test('a chart has the moments within it and the spans that reach into it', () => {
  const flags = [
    moment(100),
    moment(99),
    moment(0),
    moment(-1),
    alert(-9, 0),
    alert(-9, 1),
    alert(99, Infinity)
  ]
  expect(flagsWithin(flags, edges).map(({ id }) => id)).toEqual([
    '-9 to 1',
    'at 0',
    'at 99',
    '99 to Infinity'
  ])
})

test('close flags share a mark, and no two marks are closer than the gap', () => {
  expect(placed([moment(30), moment(10), moment(11.9), moment(12.1)])).toEqual([
    [0.1, ['at 10', 'at 11.9']],
    [0.121, ['at 12.1']],
    [0.3, ['at 30']]
  ])
  const many = Array.from({ length: 1_000 }, (_, i) => moment(i / 10))
  const marks = clustersOf(many, edges, 320, 20)
  expect(marks.length).toBeLessThanOrEqual(16)
  expect(marks.flatMap(({ flags }) => flags)).toHaveLength(1_000)
  expect(marks.every(({ at }, i) => !i || (at - marks[i - 1]!.at) * 320 >= 20)).toBe(true)
})

test('a span that began before the chart stands at its edge', () => {
  expect(placed([alert(-500, 10), moment(1)])).toEqual([[0, ['-500 to 10', 'at 1']]])
})

test('bands are cut at the edges, and those of a kind that meet are one', () => {
  const span = { ...alert(20, 40), kind: 'annotation' as const }
  const flags = [
    alert(-10, 10),
    alert(5, 20),
    alert(20, 30),
    span,
    alert(60, Infinity),
    alert(61, 62),
    moment(3)
  ]
  expect(bandsOf(flags, edges)).toEqual([
    { kind: 'alert', from: 0, to: 0.3 },
    { kind: 'alert', from: 0.6, to: 1 },
    { kind: 'annotation', from: 0.2, to: 0.4 }
  ])
})

test('a chart without flags has no marks', () => {
  expect([clustersOf([], edges, 100, 20), bandsOf([], []), clustersOf([moment(1)], [], 100, 20)]).toEqual([
    [],
    [],
    []
  ])
})
