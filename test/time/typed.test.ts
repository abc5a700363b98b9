import { expect, test } from 'vitest'
import { daysAfter, monthAfter, readClock, readDay, sayDay, weeksOf } from '#lib/time/typed.ts'

test.each([
  ['19 Feb 2020', '2020-02-19'],
  ['19 february 2020', '2020-02-19'],
  ['Wed 19 Feb', '2026-02-19'],
  ['1 Sept 2026', '2026-09-01'],
  ['19.2.2020', '2020-02-19'],
  ['19/02/2020', '2020-02-19'],
  [' 2020-2-9 ', '2020-02-09'],
  ['30 Feb 2020', null],
  ['31.4.2020', null],
  ['19 Foo 2020', null],
  ['yesterday', null],
  ['2020-13-01', null],
  ['', null]
])('%j is read as %s', (text, day) => expect(readDay(text, 2026)).toBe(day))

test.each([
  ['9:05', '09:05'],
  ['23.59', '23:59'],
  ['', ''],
  ['24:00', null],
  ['9:60', null],
  ['9', null]
])('the time %j is read as %s', (text, clock) => expect(readClock(text)).toBe(clock))

test('every day of a year is read as it is told', () => {
  for (let i = 0; i < 366; i++) {
    const iso = daysAfter('2020-01-01', i)
    expect(readDay(sayDay(iso), 1999)).toBe(iso)
  }
})

test('a month has its days once, each under its weekday', () => {
  for (const month of ['2020-02', '2026-11', '2027-02', '2026-08']) {
    const days = weeksOf(month).flatMap((week) => {
      expect(week.length).toBe(7)
      return week.flatMap((day, i) => {
        if (day) expect((new Date(day).getUTCDay() + 6) % 7).toBe(i)
        return day ?? []
      })
    })
    expect(days[0]).toBe(`${month}-01`)
    expect(daysAfter(days.at(-1)!, 1)).toBe(`${monthAfter(month, 1)}-01`)
    expect(new Set(days).size).toBe(days.length)
  }
})
