import { expect, test } from 'vitest'
import { isFieldSwitches, usualSwitches, whyNoSwitches } from '#lib/schema/field-switches.ts'
import { defaultColumns } from '#lib/panels/explore/columns.ts'
import { draftOf, isOn, settingsOf, switched, whyFixed } from '#lib/panels/explore/switching.ts'

const before = { field_switches: usualSwitches, dropped_fields: ['X-Tenant', 'headers'] }
const draft = draftOf(before)

test('without a change the settings stay as they are', () => {
  expect(settingsOf(draft)).toEqual(before)
  const back = switched(switched(draft, ['host'], 'listed', false), ['host'], 'listed', true)
  expect(settingsOf(back)).toEqual(before)
})

test('a switch is turned for several fields at once, and fixed ones stay', () => {
  const off = switched(draft, ['time', 'host', 'path'], 'listed', false)
  expect(settingsOf(off).field_switches.unlisted).toEqual(['host', 'path'])
  const dropped = switched(draft, ['status', 'ip', 'query', 'extra.odd%20key'], 'dropped', true)
  expect(settingsOf(dropped).dropped_fields).toEqual(['X-Tenant', 'headers', 'query', 'odd key'])
})

test('columns keep their order, and a long text is no column', () => {
  const more = switched(draft, ['host', 'path'], 'shown', true)
  expect(settingsOf(more).field_switches.shown).toEqual([...defaultColumns, 'host'])
  const long = switched(more, ['host', 'user_agent', 'status'], 'long', true)
  expect(long.long).toEqual(['host', 'user_agent'])
  expect(long.shown).toEqual(defaultColumns.filter((field) => field !== 'user_agent'))
  expect(switched(long, ['host'], 'shown', true).long).toEqual(['user_agent'])
})

test('a dropped key is found in any case, and goes with its object', () => {
  expect(isOn(draft, 'extra.x-tenant', 'dropped')).toBe(true)
  expect(switched(draft, ['extra.x-tenant'], 'dropped', false).dropped).toEqual(['headers'])
  expect(isOn(draft, 'extra.headers.via', 'dropped')).toBe(true)
  expect(whyFixed(draft, 'extra.headers.via', 'dropped')).toContain('headers')
  expect(switched(draft, ['extra.headers.via'], 'dropped', false)).toEqual(draft)
})

test.each(['time', 'ip', 'remote_user', 'status', 'country', 'path'] as const)(
  '%s is always stored',
  (field) => {
    expect(whyFixed(draft, field, 'dropped')).not.toBeNull()
    expect(switched(draft, [field], 'dropped', true)).toEqual(draft)
  }
)

test('only keys can be added to what is searched', () => {
  expect(isOn(draft, 'path', 'searched')).toBe(true)
  expect(isOn(draft, 'country', 'searched')).toBe(false)
  expect(whyFixed(draft, 'country', 'searched')).not.toBeNull()
  expect(switched(draft, ['country', 'extra.pool'], 'searched', true).searched).toEqual(['extra.pool'])
})

test.each([
  [null, 'no object'],
  [[], 'no object'],
  [{ ...usualSwitches, more: [] }, 'no switch more'],
  [{ ...usualSwitches, long: undefined }, 'long is no list'],
  [{ ...usualSwitches, long: null }, 'long is no list'],
  [{ ...usualSwitches, long: ["a'b"] }, 'long is no list'],
  [{ ...usualSwitches, long: ['a'.repeat(201)] }, 'long is no list'],
  [{ ...usualSwitches, shown: [] }, 'shown has no field'],
  [{ ...usualSwitches, shown: ['path', 'path'] }, 'twice'],
  [{ ...usualSwitches, shown: Array.from({ length: 41 }, (_, i) => `extra.${i}`) }, 'more than 40'],
  [{ ...usualSwitches, searched: ['path'] }, 'only keys']
])('%j is no field switches', (value, why) => {
  expect(whyNoSwitches(value)).toContain(why)
  expect(isFieldSwitches(value)).toBe(false)
})
