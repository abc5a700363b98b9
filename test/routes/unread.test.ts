import { describe, expect, test } from 'vitest'
import { unreadParts } from '../../src/routes/s/[site]/unread.ts'

const range = { from: Date.UTC(2026, 10, 1), to: Date.UTC(2026, 10, 8) }
const reasons = (query: string) =>
  unreadParts(new URLSearchParams(query), { zone: 'UTC', range }).map(({ text, reason }) => [text, reason])

describe('an address says which part of it is not used', () =>
  test.each([
    ['p=lastweek', 'no period “lastweek”'],
    ['p=2026-11-21,2026-11-01', 'the end is not after the start'],
    ['p=2026-11-01T10:30', 'no period “2026-11-01T10:30”'],
    ['p=0001-01-01,2026-11-01', 'years go from 1900 to 2199'],
    ['p=2026-11-01,9999-12-31', 'years go from 1900 to 2199'],
    ['s=2026-10-01', 'outside the period'],
    ['s=now', 'no period “now”'],
    ['cmp=before', 'no period “before”'],
    ['cmp=2026-11-02,2026-11-01', 'the end is not after the start'],
    ['i=fortnight', 'no interval “fortnight”'],
    ['tz=Mars/Olympus', 'no time zone “Mars/Olympus”'],
    ['t=humans', 'no traffic “humans”'],
    ['m=clicks', 'no metric “clicks”'],
    ['f=is,shoe,1', 'no field “shoe”']
  ])('%s', (query, reason) => expect(reasons(query)).toEqual([[query, reason]])))

test('what can be used is not listed', () => {
  const query =
    'p=24h&s=2026-11-03&cmp=off&i=6h&tz=Europe/Rome&t=bots&m=visits&f=is,path,/&utm_source=mail&p2=x'
  expect(reasons(query)).toEqual([])
  for (const period of ['', 'p=', 'p=2026-11-01', 'p=2026-11-01T10:30,2026-11-01T12:45', 'cmp=week'])
    expect(reasons(period)).toEqual([])
})
