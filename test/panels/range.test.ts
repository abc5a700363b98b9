import { describe, expect, test } from 'vitest'
import { presets, readPeriod, step, writeMinute, writePeriod } from '#lib/state/range.ts'

const at = (text: string) => new Date(text).getTime()
const now = at('2026-11-21T20:40')
const held = { from: at('2026-10-23T11:40'), to: at('2026-11-21T20:39') }
const read = (p: string) => {
  const { from, to } = readPeriod(p, now, held)
  return [writeMinute(from), writeMinute(to)]
}

test.each([
  ['today', ['2026-11-21T00:00', '2026-11-22T00:00']],
  ['yesterday', ['2026-11-20T00:00', '2026-11-21T00:00']],
  ['24h', ['2026-11-20T21:00', '2026-11-21T21:00']],
  ['7d', ['2026-11-15T00:00', '2026-11-22T00:00']],
  ['30d', ['2026-10-23T00:00', '2026-11-22T00:00']],
  ['all', ['2026-10-23T00:00', '2026-11-22T00:00']],
  ['2026-11-01,2026-11-21', ['2026-11-01T00:00', '2026-11-22T00:00']],
  ['2026-11-01', ['2026-11-01T00:00', '2026-11-02T00:00']],
  ['2026-11-01T10:30,2026-11-01T12:45', ['2026-11-01T10:30', '2026-11-01T12:45']]
])('p=%s', (p, wanted) => expect(read(p)).toEqual(wanted))

describe('what cannot be read is the last seven days', () =>
  test.each([
    '',
    'tomorrow',
    '2026-11-21,2026-11-01',
    '2026-13-01',
    '1; drop table hits',
    '2026-11-01T10:30,'
  ])('%j', (p) => expect(read(p)).toEqual(read('7d'))))

test('a range that is written is read again', () => {
  for (const { name } of presets) {
    const period = readPeriod(name, now, held)
    expect(readPeriod(writePeriod(period), now, held)).toEqual(period)
  }
})

test('whole days step by days, whatever the clocks do, others by their length', () => {
  const week = readPeriod('7d', now, held)
  expect(writePeriod(step(week, -1))).toBe('2026-11-08,2026-11-14')
  expect(step(step(week, -1), 1)).toEqual(week)
  const hours = readPeriod('2026-11-01T10:00,2026-11-01T12:00', now, held)
  expect(writePeriod(step(hours, 1))).toBe('2026-11-01T12:00,2026-11-01T14:00')
})
