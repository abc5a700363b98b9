import { expect, test } from 'vitest'
import { Progress, sizeOf, spell } from '../../../cli/push/progress.ts'

test('the remaining time follows the rate of the last seconds', () => {
  const progress = new Progress(0)
  progress.expect(2, 100_000_000)
  // A part that was sent before is passed at once.
  progress.read(50_000_000, 100)
  for (let second = 1; second <= 40; second++) {
    progress.read(1_000_000, second * 1_000)
    progress.answer(10_000, second * 1_000)
  }
  expect(progress.remaining(40_000)).toBeCloseTo(10, 0)
  progress.finishFile()
  expect(progress.line(40_000)).toBe(
    '1 of 2 files · 90 MB of 100 MB · 400,000 lines · 10,000 lines/s · 10 s left'
  )
})

test('nothing is said of the remaining time where a source has no known size', () => {
  const progress = new Progress(0)
  progress.expect(1, null)
  progress.read(2_000_000, 1_000)
  expect(progress.line(1_000)).toBe('2.0 MB · 0 lines · 0 lines/s')
})

test('sizes and times are spelled as people read them', () => {
  expect([0, 999, 1_500, 12_345_678, 3e12].map(sizeOf)).toEqual(['0 B', '999 B', '1.5 kB', '12 MB', '3.0 TB'])
  expect([0.2, 89, 200, 7_500].map(spell)).toEqual(['1 s', '89 s', '3 min', '2 h 5 min'])
})
