import { describe, expect, test, vi } from 'vitest'
import { intervalOf, widthsFor } from '#lib/time/interval.ts'
import { instantOf, midnight, minuteText, monthsLater, offsetText, wallOf } from '#lib/time/clock.ts'
import { compare, offered, titleOf } from '#lib/time/comparison.ts'
import { counterparts, passedOf } from '#lib/time/counterpart.ts'
import { presets, readPeriod, step, wholeDays, widen, writePeriod, writeStretch } from '#lib/time/range.ts'
import { bucketStarts, findOffsets, offsetAt } from '#lib/time/buckets.ts'

const rome = 'Europe/Rome'
const havana = 'America/Havana'
const at = (text: string, zone = rome) => instantOf(Date.parse(`${text}Z`), zone)
const now = at('2026-11-21T20:41')
const held = { from: at('2026-10-23T11:40'), to: at('2026-11-21T20:39') }
const said = ({ from, to }: { from: number; to: number }, zone = rome) =>
  [from, to].map((ms) => minuteText(ms, zone))
const range = (from: string, to: string, zone = rome) => ({ from: at(from, zone), to: at(to, zone) })

test.each([
  ['1h', ['2026-11-21T19:42', '2026-11-21T20:42']],
  ['today', ['2026-11-21T00:00', '2026-11-22T00:00']],
  ['yesterday', ['2026-11-20T00:00', '2026-11-21T00:00']],
  ['24h', ['2026-11-20T20:42', '2026-11-21T20:42']],
  ['7d', ['2026-11-15T00:00', '2026-11-22T00:00']],
  ['30d', ['2026-10-23T00:00', '2026-11-22T00:00']],
  ['month', ['2026-11-01T00:00', '2026-12-01T00:00']],
  ['year', ['2026-01-01T00:00', '2027-01-01T00:00']],
  ['all', ['2026-10-23T00:00', '2026-11-22T00:00']],
  ['2026-11-01,2026-11-21', ['2026-11-01T00:00', '2026-11-22T00:00']],
  ['2026-11-01', ['2026-11-01T00:00', '2026-11-02T00:00']],
  ['2026-11-01T10:30,2026-11-01T12:45', ['2026-11-01T10:30', '2026-11-01T12:45']]
])('p=%s', (p, wanted) => expect(said(readPeriod(p, now, held, rome))).toEqual(wanted))

test('a day is the day of the zone', () => {
  expect(said(readPeriod('today', now, held, 'Pacific/Auckland'), 'UTC')).toEqual([
    '2026-11-21T11:00',
    '2026-11-22T11:00'
  ])
  expect(said(readPeriod('2026-11-01', now, held, 'Asia/Kolkata'), 'UTC')[0]).toBe('2026-10-31T18:30')
})

describe('what cannot be read is the last seven days', () =>
  test.each([
    '',
    'tomorrow',
    '2026-11-21,2026-11-01',
    '2026-13-01',
    '2026-02-30',
    '2026-11-01,2026-11-02,2026-11-03',
    '1; drop table hits',
    '2026-11-01T10:30,'
  ])('%j', (p) => expect(readPeriod(p, now, held, rome)).toEqual(readPeriod('7d', now, held, rome))))

test('a range that is written is read again', () => {
  for (const zone of [rome, havana, 'UTC', 'Asia/Kolkata'])
    for (const { name } of presets) {
      const period = readPeriod(name, now, held, zone)
      expect(readPeriod(writePeriod(period, zone), now, held, zone)).toEqual(period)
    }
})

test('a stretch of seconds is widened to minutes', () => {
  const stretch = { from: at('2026-11-21T10:00') + 20_000, to: at('2026-11-21T10:00') + 30_000 }
  expect(writeStretch(stretch, rome)).toBe('2026-11-21T10:00,2026-11-21T10:01')
})

test('days step by days whatever the clocks do, months by months, others by their length', () => {
  const week = readPeriod('7d', now, held, rome)
  expect(writePeriod(step(week, -1, rome), rome)).toBe('2026-11-08,2026-11-14')
  expect(step(step(week, -1, rome), 1, rome)).toEqual(week)
  const month = readPeriod('month', now, held, rome)
  expect(writePeriod(step(month, -1, rome), rome)).toBe('2026-10-01,2026-10-31')
  expect(writePeriod(step(readPeriod('year', now, held, rome), -1, rome), rome)).toBe('2025-01-01,2025-12-31')
  const hours = range('2026-11-01T10:00', '2026-11-01T12:00')
  expect(writePeriod(step(hours, 1, rome), rome)).toBe('2026-11-01T12:00,2026-11-01T14:00')
})

describe('zooming out', () => {
  const now = Date.UTC(2026, 10, 20, 15, 30)
  test.each([
    ['2026-11-10', '2026-11-09,2026-11-11'],
    ['2026-11-10,2026-11-12', '2026-11-08,2026-11-14'],
    ['2026-11-20', '2026-11-18,2026-11-20'],
    ['2026-11-19', '2026-11-18,2026-11-20'],
    ['2026-11-10T10:00,2026-11-10T12:00', '2026-11-10T09:00,2026-11-10T13:00'],
    ['2026-11-20T20:00,2026-11-20T23:00', '2026-11-20T18:00,2026-11-21T00:00']
  ])('leads from %s to %s', (from, wanted) => {
    const wide = widen(readPeriod(from, now, null, 'UTC'), now, 'UTC')
    expect(wide).toEqual(readPeriod(wanted, now, null, 'UTC'))
  })
})

describe('across clock changes', () => {
  test('Rome skips an hour on 29 March and has one twice on 25 October', () => {
    expect(wholeDays(range('2026-03-29T00:00', '2026-03-30T00:00'), rome)).toBe(1)
    const [short, long] = ['2026-03-29', '2026-10-25'].map((day) => readPeriod(day, now, held, rome))
    expect((short!.to - short!.from) / 3_600_000).toBe(23)
    expect((long!.to - long!.from) / 3_600_000).toBe(25)
    expect(bucketStarts(short!, { zone: rome, interval: '1 hour' }).length).toBe(23)
    expect(bucketStarts(long!, { zone: rome, interval: '1 hour' }).length).toBe(25)
    expect(writePeriod(step(short!, 1, rome), rome)).toBe('2026-03-30')
  })

  test('a time that comes twice is the first, one that never comes is when the clock goes on', () => {
    expect(minuteText(at('2026-10-25T02:30'), 'UTC')).toBe('2026-10-25T00:30')
    expect(minuteText(at('2026-03-29T02:30'), rome)).toBe('2026-03-29T03:30')
  })

  test('Havana has no midnight on 8 March, and two on 1 November', () => {
    const first = midnight(at('2026-03-08T12:00', havana), havana)
    expect([minuteText(first, havana), minuteText(first, 'UTC')]).toEqual([
      '2026-03-08T01:00',
      '2026-03-08T05:00'
    ])
    const spring = readPeriod('2026-03-08', now, held, havana)
    expect((spring.to - spring.from) / 3_600_000).toBe(23)
    expect(writePeriod(spring, havana)).toBe('2026-03-08')
    const autumn = readPeriod('2026-11-01', now, held, havana)
    expect((autumn.to - autumn.from) / 3_600_000).toBe(25)
    expect(bucketStarts(autumn, { zone: havana, interval: '1 day' })).toEqual([autumn.from])
  })

  test('every hour of a year is found again', () => {
    for (const zone of [rome, havana])
      for (let ms = Date.UTC(2026, 0, 1); ms < Date.UTC(2027, 0, 1); ms += 13 * 3_600_000) {
        const again = instantOf(wallOf(ms, zone), zone)
        expect([0, 3_600_000]).toContain(ms - again)
        expect(wallOf(again, zone)).toBe(wallOf(ms, zone))
      }
  })
})

describe('what a range is compared with', () => {
  const week = range('2026-11-16T00:00', '2026-11-23T00:00')
  const thirty = range('2026-10-24T00:00', '2026-11-23T00:00')
  const day = range('2026-11-21T00:00', '2026-11-22T00:00')
  test.each([
    [day, 'prev', '2026-11-20', 'previous day'],
    [day, 'week', '2026-11-14', 'last week'],
    [day, 'year', '2025-11-21', 'last year'],
    [day, 'off', '2026-11-20', 'previous day'],
    [week, 'prev', '2026-11-09,2026-11-15', 'previous week'],
    [week, 'year', '2025-11-16,2025-11-22', 'last year'],
    [week, '2026-10-01,2026-10-07', '2026-10-01,2026-10-07', 'other period'],
    [thirty, 'prev', '2026-09-24,2026-10-23', 'previous period'],
    [thirty, 'weekday', '2026-09-19,2026-10-18', 'previous period'],
    [range('2026-11-01T00:00', '2026-12-01T00:00'), 'prev', '2026-10-01,2026-10-31', 'previous month'],
    [range('2026-11-21T10:00', '2026-11-21T12:00'), 'week', '2026-11-14T10:00,2026-11-14T12:00', 'last week']
  ])('%j with %s is %s', (period, text, wanted, title) => {
    expect(writePeriod(compare(period, text, rome), rome)).toBe(wanted)
    expect(titleOf(period, text, rome)).toBe(title)
  })

  test('only what says something of its own is offered, and what is chosen', () => {
    const names = (period: typeof day, chosen = 'prev') => offered(period, chosen).map(({ name }) => name)
    expect(names(day)).toEqual(['prev', 'week', 'year'])
    expect(names(week)).toEqual(['prev', 'year'])
    expect(names(thirty)).toEqual(['prev', 'weekday', 'year'])
    expect(names(week, 'week')).toEqual(['prev', 'week', 'year'])
  })

  test('29 February is compared with the 28th', () =>
    expect(minuteText(monthsLater(at('2028-02-29T10:15'), rome, -12), rome)).toBe('2027-02-28T10:15'))
})

describe('buckets stand beside those that a clock shows as late', () => {
  const pairs = (period: string, other: string, zone: string, interval: '1 hour' | '1 day') => {
    const [now_, then] = [period, other].map((p) => readPeriod(p, now, held, zone))
    const starts = bucketStarts(now_!, { zone, interval })
    return counterparts(starts, now_!, then!, { zone, interval }).map((start, i) =>
      [starts[i]!, start].map((ms) => (Number.isNaN(ms) ? '' : minuteText(ms, zone).slice(11)))
    )
  }
  test('the hour that comes twice has the same counterpart twice', () => {
    const hours = pairs('2026-10-25', '2026-10-24', rome, '1 hour')
    expect(hours.slice(1, 5)).toEqual([
      ['01:00', '01:00'],
      ['02:00', '02:00'],
      ['02:00', '02:00'],
      ['03:00', '03:00']
    ])
  })
  test('the hour that was skipped has none', () => {
    const hours = pairs('2026-03-30', '2026-03-29', rome, '1 hour')
    expect(hours.slice(1, 4)).toEqual([
      ['01:00', '01:00'],
      ['02:00', ''],
      ['03:00', '03:00']
    ])
  })
  test('days go by their number', () =>
    expect(pairs('2026-11-01,2026-11-30', '2026-10-01,2026-10-31', rome, '1 day').length).toBe(30))
})

test('an interval is one that suits the range', () => {
  const names = (p: string) => widthsFor(readPeriod(p, now, held, rome)).map(({ name }) => name)
  expect(names('1h')).toEqual(['minute', '5min', '15min'])
  expect(names('today')).toEqual(['5min', '15min', 'hour', '6h'])
  expect(names('7d')).toEqual(['hour', '6h', 'day'])
  expect(names('year')).toEqual(['day', 'week', 'month'])
  expect(intervalOf(readPeriod('today', now, held, rome), 'hour')).toBe('1 hour')
  expect(intervalOf(readPeriod('today', now, held, rome), 'month')).toBe('15 minutes')
})

test('a zone says how far it is from UTC', () => {
  expect(offsetText(rome, now)).toBe('UTC+1')
  expect(offsetText('America/St_Johns', now)).toBe('UTC−3:30')
  expect(offsetText('UTC', now)).toBe('UTC')
})

describe('what is compared is as long as what has passed', () => {
  const today = range('2026-11-21T00:00', '2026-11-22T00:00')
  const yesterday = range('2026-11-20T00:00', '2026-11-21T00:00')
  const passed = (...args: Parameters<typeof passedOf>) => said(passedOf(...args))

  test('of a day that is not over, to the minute', () => {
    expect(passed(today, null, yesterday, rome, at('2026-11-21T03:45') - 20_000)).toEqual([
      '2026-11-20T00:00',
      '2026-11-20T03:45'
    ])
  })

  test('of a day that is over, all of it', () => {
    expect(passed(today, null, yesterday, rome, at('2026-11-22T00:00'))).toEqual([
      '2026-11-20T00:00',
      '2026-11-21T00:00'
    ])
  })

  test('of a stretch of a day, the same hours', () => {
    const stretch = range('2026-11-21T02:00', '2026-11-21T06:00')
    expect(passed(today, stretch, yesterday, rome, at('2026-11-21T03:30'))).toEqual([
      '2026-11-20T02:00',
      '2026-11-20T03:30'
    ])
    expect(passed(today, stretch, yesterday, rome, at('2026-11-21T20:00'))).toEqual([
      '2026-11-20T02:00',
      '2026-11-20T06:00'
    ])
  })

  test('by the clock, where it changed between the two', () => {
    const week = range('2026-10-26T00:00', '2026-11-02T00:00')
    const before = range('2026-10-19T00:00', '2026-10-26T00:00')
    expect(passed(week, null, before, rome, at('2026-11-01T12:00'))).toEqual([
      '2026-10-19T00:00',
      '2026-10-25T12:00'
    ])
  })
})

describe('the changes of a clock', () => {
  const utcDay = 86_400_000

  // Gaza and Casey change it at irregular times, Boa Vista has changed it twice within a week.
  test.each([
    [rome, 2025],
    ['Asia/Gaza', 2038],
    ['Antarctica/Casey', 2018],
    ['America/Boa_Vista', 2000],
    ['Australia/Lord_Howe', 2026]
  ])('are all found in %s', (zone, year) => {
    const period = { from: Date.UTC(year, 2, 3, 4, 5), to: Date.UTC(year + 1, 3, 2, 3, 4) }
    const offsets = findOffsets(zone, period)
    for (let time = period.from; time < period.to; time += utcDay)
      expect(offsets.findLast(({ at }) => at <= time)?.minutes).toBe(offsetAt(zone, time))
    for (const { at, minutes } of offsets.slice(1)) {
      expect(offsetAt(zone, at)).toBe(minutes)
      expect(offsetAt(zone, at - 60_000)).not.toBe(minutes)
    }
  })

  test('are searched once in 130 years, which a single hit of 1970 makes of all there is', () => {
    const asked = vi.spyOn(Intl.DateTimeFormat.prototype, 'formatToParts')
    const all = readPeriod('1970-01-01,2099-12-31', now, held, 'Europe/Vienna')
    const month = { zone: 'Europe/Vienna', interval: '1 month' } as const
    expect(bucketStarts(all, month).length).toBe(130 * 12)
    expect(asked.mock.calls.length).toBeLessThan(15_000)
    asked.mockClear()
    bucketStarts(all, month)
    expect(asked.mock.calls.length).toBeLessThan(10)
    asked.mockRestore()
  })

  test('are not searched outside of 1900 to 2199', () => {
    const week = readPeriod('7d', now, held, rome)
    expect(readPeriod('0001-01-01,2026-11-01', now, held, rome)).toEqual(week)
    expect(readPeriod('2026-11-01,9999-12-31', now, held, rome)).toEqual(week)
  })
})
