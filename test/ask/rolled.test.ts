import { describe, expect, test } from 'vitest'
import { slotsOf } from '../../src/lib/time/buckets.ts'
import { wholeDays } from '../../src/lib/ask/counted.ts'
import { runsOf, unrolledDays } from '../../src/lib/device/rolls.ts'
import { dayOf } from '../../src/lib/schema/day.ts'

const day = 86_400_000
const start = Date.UTC(2026, 9, 20)

describe('the days of roll-ups', () => {
  const days = (...numbers: number[]) => new Set(numbers.map((n) => dayOf(start + n * day)))

  test('are the longest run within a period', () => {
    const period = { from: start + day / 2, to: start + 9 * day }
    expect(wholeDays(period, days(0, 1, 2, 4, 5, 6, 9))).toEqual({
      from: start + 4 * day,
      to: start + 7 * day
    })
    expect(wholeDays(period, new Set())).toEqual({ from: 0, to: 0 })
    expect(wholeDays({ ...period, to: start + 5 * day }, days(1, 2, 3))).toEqual({ from: 0, to: 0 })
  })

  test('are made newest first, in runs of few rows', () => {
    const held = [...days(0, 1, 2, 5, 6)].map((day) => ({ day }))
    const names = unrolledDays(held, days(6), start + 5 * day + 1)
    expect(names).toEqual([...days(2, 1, 0)])
    expect(runsOf(names, () => 10)).toEqual([{ from: start, to: start + 3 * day }])
    expect(runsOf(names, () => 60_000)).toEqual([
      { from: start + day, to: start + 3 * day },
      { from: start, to: start + day }
    ])
    expect(runsOf([...days(5, 2)], () => 200_000)).toEqual([
      { from: start + 5 * day, to: start + 6 * day },
      { from: start + 2 * day, to: start + 3 * day }
    ])
  })

  test('have slots of whole quarters', () => {
    expect(slotsOf({ from: start + 1, to: start + 7 * day })).toEqual({
      from: start,
      width: day / 4,
      count: 28
    })
    expect(slotsOf({ from: start, to: start + 30 * day })).toEqual({ from: start, width: day, count: 30 })
    expect(slotsOf({ from: start + 1, to: start + day + 1 })).toEqual({
      from: start + 1,
      width: day / 24,
      count: 24
    })
  })
})
