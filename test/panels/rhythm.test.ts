import { describe, expect, test } from 'vitest'
import type { Clause } from '../../src/lib/data/filter.ts'
import { chooseHour, isNamed } from '../../src/lib/panels/rhythm.ts'

const is = (field: Clause['field'], ...values: string[]): Clause => ({ field, operator: 'is', values })
const other: Clause = is('path', '/a')
const tuesdayNine = { weekday: 1, hour: 9 }

describe('a click on an hour of the week', () => {
  test.each([
    [[], 'only', [is('weekday', '2'), is('hour', '9')]],
    [[is('weekday', '2'), is('hour', '9')], 'only', []],
    [[is('weekday', '2')], 'only', [is('weekday', '2'), is('hour', '9')]],
    [[is('weekday', '2'), is('hour', '8')], 'only', [is('weekday', '2'), is('hour', '9')]],
    [[is('weekday', '1', '2'), is('hour', '9')], 'only', [is('hour', '9'), is('weekday', '2')]],
    [[is('weekday', '1'), is('hour', '8')], 'also', [is('weekday', '1', '2'), is('hour', '8', '9')]],
    [[is('weekday', '1', '2'), is('hour', '8')], 'also', [is('weekday', '1', '2'), is('hour', '8', '9')]]
  ] satisfies [Clause[], 'only' | 'also', Clause[]][])('on %j, %s, leaves %j', (clauses, click, wanted) => {
    expect(chooseHour([other, ...clauses], tuesdayNine, click)).toEqual([other, ...wanted])
  })
})

test('an hour is named when its day and its clock are, as far as either is', () => {
  expect(isNamed([other], tuesdayNine)).toBe(null)
  expect(isNamed([is('weekday', '2')], tuesdayNine)).toBe(true)
  expect(isNamed([is('weekday', '2'), is('hour', '8')], tuesdayNine)).toBe(false)
  expect(isNamed([{ ...is('hour', '8'), disabled: true }], tuesdayNine)).toBe(null)
})
