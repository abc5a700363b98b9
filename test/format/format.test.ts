import { beforeAll, describe, expect, test, vi } from 'vitest'
import { bytes, count, duration, exact, percent, text, tick } from '#lib/format/number.ts'
import { ago, dated, moment, span } from '#lib/format/time.ts'

beforeAll(() => void vi.setSystemTime('2026-11-22T12:00'))

const cases = <In>(format: (value: In) => string, table: [In, string][]) =>
  test.each(table)('%j → %j', (given, wanted) => expect(format(given).replaceAll('\u00a0', ' ')).toBe(wanted))

describe('count', () =>
  cases(
    (n: number | null) => text(count(n)),
    [
      [null, '–'],
      [0, '0'],
      [9_999, '9,999'],
      [9_999.6, '10.0k'],
      [10_000, '10.0k'],
      [14_237, '14.2k'],
      [142_370, '142k'],
      [999_499, '999k'],
      [999_500, '1.00M'],
      [1_077_612, '1.08M'],
      [12_345_678_901, '12.3B'],
      [9_999_999_999_999, '10,000B']
    ]
  ))

describe('bytes', () =>
  cases(
    (n: number | null) => text(bytes(n)),
    [
      [0, '0 B'],
      [999, '999 B'],
      [1_000, '1.00 kB'],
      [38_600_000_000, '38.6 GB'],
      [999_999, '1.00 MB']
    ]
  ))

describe('a tick', () =>
  cases(tick, [
    [duration(0.1), '0.1 ms'],
    [duration(1), '1 ms'],
    [duration(100), '100 ms'],
    [duration(1_000), '1 s'],
    [duration(2_500), '2.5 s'],
    [duration(10_000), '10 s'],
    [bytes(1e9), '1 GB'],
    [count(12_500), '12.5k'],
    [count(1_000), '1,000'],
    [percent(0.5), '50%']
  ]))

describe('duration', () =>
  cases(
    (n: number | null) => text(duration(n)),
    [
      [null, '–'],
      [0.42, '0.4 ms'],
      [9.94, '9.9 ms'],
      [9.96, '10 ms'],
      [3_004, '3,004 ms'],
      [12_400, '12.4 s'],
      [90_000, '1.5 min']
    ]
  ))

describe('percent', () =>
  cases(
    (n: number | null) => text(percent(n)),
    [
      [null, '–'],
      [0, '0%'],
      [0.00004, '<0.01%'],
      [0.0031, '0.31%'],
      [0.00999, '1.0%'],
      [0.348, '34.8%'],
      [0.9994, '99.9%'],
      [1, '100%'],
      [3.882, '388%']
    ]
  ))

describe('span', () => {
  const at = (text: string) => new Date(text).getTime()
  cases(
    ([from, to]: [string, string]) => span(at(from), at(to)),
    [
      [['2026-11-21T00:00', '2026-11-22T00:00'], 'Sat 21 Nov'],
      [['2026-11-16T00:00', '2026-11-23T00:00'], 'Mon 16 Nov – Sun 22 Nov'],
      [['2026-11-21T13:40', '2026-11-21T13:45'], 'Sat 21 Nov 13:40 – 13:45'],
      [['2026-11-21T22:00', '2026-11-22T02:00'], 'Sat 21 Nov 22:00 – Sun 22 Nov 02:00'],
      [['2026-11-21T23:00', '2026-11-22T00:00'], 'Sat 21 Nov 23:00 – 00:00'],
      [['2025-11-21T00:00', '2025-11-22T00:00'], 'Fri 21 Nov 2025'],
      [['2025-11-10T00:00', '2025-11-17T00:00'], 'Mon 10 Nov – Sun 16 Nov 2025'],
      [['2025-11-21T13:40', '2025-11-21T13:45'], 'Fri 21 Nov 2025 13:40 – 13:45'],
      [['2025-11-21T22:00', '2025-11-22T02:00'], 'Fri 21 Nov 22:00 – Sat 22 Nov 2025 02:00'],
      [['2025-12-31T00:00', '2026-01-02T00:00'], '31 Dec 2025 – 1 Jan 2026']
    ]
  )
})

test('a date has the year that nobody has in mind', () => {
  const at = (text: string) => new Date(text).getTime()
  expect(moment(at('2026-11-21T13:40'))).toBe('Sat 21 Nov 13:40')
  expect(moment(at('2025-11-21T13:40'))).toBe('21 Nov 2025 13:40')
  expect(dated(at('2025-11-21T00:00'), at('2025-11-20T00:00'))).toBe('Fri 21 Nov')
  expect(dated(at('2026-01-01T00:00'), at('2025-12-31T00:00'))).toBe('1 Jan 2026')
})

test('ago counts in the unit one would say', () =>
  expect([0, 12_000, 600_000, 7_200_000, 172_800_000].map(ago)).toEqual([
    '0 s',
    '12 s',
    '10 min',
    '2 h',
    '2 days'
  ]))

test('exact rounds nothing that was counted away', () => {
  expect(exact(1_077_612)).toBe('1,077,612')
  expect(exact(null)).toBe('–')
  expect(exact(0.4583333, 'points')).toBe('45.833%')
  expect(exact(12.34567, 'ms')).toBe('12.346\u00a0ms')
})
