import { expect, test } from 'vitest'
import type { Clause } from '../../src/lib/filter/filter.ts'
import { labelOf } from '../../src/lib/filter/labels.ts'
import { isKept, readingsOf, week } from '../../src/lib/panels/rhythm.ts'

const is = (field: Clause['field'], ...values: string[]): Clause => ({ field, operator: 'is', values })
const not = (...clause: Parameters<typeof is>): Clause => ({ ...is(...clause), operator: 'not' })
const tuesdayNine = { weekday: 1, hour: 9 }

test('an hour of the week is one value, and reads as such', () => {
  const { weekday_hour } = readingsOf(tuesdayNine)
  expect(weekday_hour).toBe('209')
  expect(labelOf('weekday_hour', weekday_hour)).toEqual({ text: 'Tuesday 09:00' })
})

test.each([
  [[is('path', '/a')], true],
  [[is('weekday', '2')], true],
  [[is('weekday', '2'), is('hour', '8')], false],
  [[{ ...is('hour', '8'), disabled: true as const }], true],
  [[is('weekday_hour', '208', '209')], true],
  [[not('weekday_hour', '208')], true],
  [[not('weekday_hour', '209')], false],
  [[is('weekday_hour', '209'), not('weekday', '2')], false]
])('%j keeps it: %s', (clauses, kept) => {
  expect(isKept(clauses, tuesdayNine)).toBe(kept)
})

test('an hour counts as often as its hits may be here', () => {
  const monday = Date.parse('2026-11-09T00:00Z')
  const day = 86_400_000
  const range = { from: monday, to: monday + 14 * day }
  const rows = [{ weekday: 2, hour: 9, requests: 12 }]
  const tuesday = (absent: { from: number; to: number }[]) =>
    week(rows, range, 'UTC', range.to, absent)
      .filter(({ weekday, hour }) => weekday < 2 && hour === 9)
      .map(({ pace }) => pace)
  const days = (from: number, to: number) => ({ from: monday + from * day, to: monday + to * day })
  expect(tuesday([])).toEqual([0, 6])
  expect(tuesday([days(0, 2)])).toEqual([0, 12])
  expect(tuesday([days(0, 1), days(7, 8)])).toEqual([null, 6])
})

test('the hour that now is in is known as not over', () => {
  const monday = Date.parse('2026-11-23T00:00Z')
  const range = { from: monday - 6 * 86_400_000, to: monday + 86_400_000 }
  const running = (now: number) => week([], range, 'UTC', now).filter(({ isRunning }) => isRunning)
  expect(running(monday + 5.3 * 3_600_000)).toMatchObject([{ weekday: 0, hour: 5 }])
  expect(running(range.to)).toEqual([])
})
