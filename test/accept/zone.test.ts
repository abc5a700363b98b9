import { expect, it } from 'vitest'
import { readZone } from '#lib/accept/zone.ts'
import { only, record } from './show.ts'

it.each([
  ['Europe/Berlin', '2026-01-15 12:00:00', 'Europe/Berlin', 60],
  ['Europe/Berlin', '2026-07-15 12:00:00', 'Europe/Berlin', 120],
  ['europe/berlin', '2026-03-29 01:59:59', 'Europe/Berlin', 60],
  ['Berlin', '2026-03-29 03:00:00', 'Europe/Berlin', 120],
  // Skipped, and shown twice.
  ['Berlin', '2026-03-29 02:30:00', 'Europe/Berlin', 60],
  ['Berlin', '2026-10-25 02:30:00', 'Europe/Berlin', 120],
  ['Berlin', '2026-10-25 03:00:00', 'Europe/Berlin', 60],
  ['New York', '2026-11-01 01:30:00', 'America/New_York', -240],
  ['Australia/Lord_Howe', '2026-04-05 01:45:00', 'Australia/Lord_Howe', 660],
  ['Kolkata', '2026-01-15 12:00:00', 'Asia/Kolkata', 330],
  ['Asia/Calcutta', '2026-01-15 12:00:00', 'Asia/Calcutta', 330],
  ['Kyiv', '2026-07-15 12:00:00', 'Europe/Kyiv', 180],
  ['Tehran', '2021-07-15 12:00:00', 'Asia/Tehran', 270],
  ['GMT', '2026-07-15 12:00:00', 'UTC', 0],
  ['utc', '2026-07-15 12:00:00', 'UTC', 0],
  ['+02:00', '2026-01-15 12:00:00', '+02:00', 120],
  ['GMT+5:45', '2026-01-15 12:00:00', '+05:45', 345],
  ['\u22123', '2026-01-15 12:00:00', '-03:00', -180]
])('%s at %s is %s, %s minutes east', (typed, date, name, offset) => {
  const found = readZone(typed)!
  expect(found.name).toBe(name)
  const hit = only(record({ date }), { utc_offset: found.zone })
  expect(hit).toMatchObject({ utc_offset: offset, flags: 'site_zone' })
  expect(hit.time).toBe(new Date(Date.parse(`${date}Z`) - offset * 60_000).toISOString())
})

it.each(['', 'Nowhere', 'Europe/Nowhere', '+25:00', '5', '<b>', 'Europe/Berlin; drop'])(
  '%s is no zone',
  (typed) => {
    expect(readZone(typed)).toBeNull()
  }
)
