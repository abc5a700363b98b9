import { expect, test } from 'vitest'
import { statisticsOf } from '../../src/lib/alert/statistics.ts'

const start = Date.UTC(2026, 10, 30, 12) / 1_000
const request = (second: number, path: string | null, user: string | null, status: number | null) => ({
  second: start + second,
  path,
  user,
  status
})

test('statistics are of their own seconds, in the names of HttpLogMonitor', () => {
  const requests = [
    request(-1, '/before', 'zoe', 200),
    request(0, '/a', 'ann', 200),
    request(1, '/a', 'ann', 301),
    request(2, '/b', 'bob', 404),
    request(3, '/c', null, 503),
    request(3, '/d', 'cy', null),
    request(9, null, 'dee', 200),
    request(10, '/after', 'zoe', 200)
  ]
  expect(statisticsOf(requests, start, 10)).toEqual({
    time: '2026-11-30T12:00:00.000Z',
    tps: 0.6,
    transactions_per_second: 0.6,
    most_hits: ['/a', '/b', '/c'],
    most_active_users: ['ann', 'bob', 'cy'],
    status_codes: { '2xx': 2, '3xx': 1, '4xx': 1, '5xx': 1 }
  })
})

test('a quiet stretch has statistics too', () => {
  expect(statisticsOf([], start, 10)).toMatchObject({ tps: 0, most_hits: [], most_active_users: [] })
})
