import { expect, test } from 'vitest'
import { flushLimit } from '../../workers/store/flush.ts'
import { flushTime } from '../../workers/store/schedule.ts'

const now = Date.UTC(2026, 11, 1)
const log = (oldest: number, rows = 1) => ({ rows, bytes: 100, oldest })

test('while nobody watches, the log waits for a minute', () => {
  expect(flushTime(log(now), false, now, now - 90_000)).toBe(now + 60_000)
})

test('while somebody watches, the first hits after a pause wait only for their company', () => {
  expect(flushTime(log(now), true, now)).toBe(now + 250)
  expect(flushTime(log(now), true, now, now - 5_000)).toBe(now + 250)
})

test('while somebody watches, hits that keep coming are written every 2 s at most', () => {
  let flushed = now
  const flushes = []
  for (let at = now; at < now + 60_000; at += 100) {
    const due = flushTime(log(flushed + 100), true, at, flushed)!
    if (at < due) continue
    flushes.push(at)
    flushed = at
  }
  expect(flushes).toHaveLength(29)
})

test('while somebody watches, no hit waits for longer than 2 s', () => {
  expect(flushTime(log(now), true, now, now + 1_500)).toBe(now + 2_000)
  expect(flushTime(log(now - 9_000), true, now, now)).toBe(now)
  expect(flushTime(log(now, flushLimit), true, now, now)).toBe(now)
})
