import { expect, test } from 'vitest'
import { around } from '#lib/alert/around.ts'
import { alertSpans } from '#lib/panels/flags/spans.ts'
import type { AwayEvent } from '#lib/schema/away.ts'

const firing = (id: string, fired: number, until: number | null) => ({
  rule: { id, title: `Rule ${id}` },
  spell: { fired, until }
})
const event = (is: AwayEvent['is'], rule: string, fired: number, until: number | null): AwayEvent => ({
  id: `${is} ${rule} ${fired}`,
  is,
  rule,
  title: `Rule ${rule}`,
  fired,
  until,
  value: 1,
  at: 0,
  sent: [],
  unsent: 0
})
const spans = (...args: Parameters<typeof alertSpans>) =>
  alertSpans(...args).map(({ rule, fired, until }) => [rule, fired, until])

test('an alert that device and server know is one, with the times of the device', () => {
  const events = [
    event('fired', 'a', 900, null),
    event('recovered', 'b', 105, 120),
    event('fired', 'b', 105, null),
    event('recovered', 'a', 101, 199),
    event('fired', 'a', 101, null),
    event('test', 'test', 5, null)
  ]
  expect(spans([firing('a', 100, 200)], events)).toEqual([
    ['a', 100, 200],
    ['a', 900, null],
    ['b', 105, 120]
  ])
  expect(spans([firing('a', 890, null)], events.slice(0, 1))).toEqual([['a', 890, null]])
})

test('the time around an alert is its window, a quarter of an hour, or half as long as it fired', () => {
  expect(around({ fired: 1_000, until: 1_010 }, 120)).toEqual({ from: 100_000, to: 1_910_000 })
  expect(around({ fired: 10_000, until: null }, 3_600)).toEqual({ from: 6_400_000, to: 13_600_000 })
  expect(around({ fired: 10_000, until: 20_000 }, 10)).toEqual({ from: 5_000_000, to: 25_000_000 })
})
