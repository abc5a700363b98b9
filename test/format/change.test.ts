import { describe, expect, test } from 'vitest'
import { change, verdict } from '#lib/format/change.ts'

const said = (...given: Parameters<typeof change>) => change(...given).replaceAll('\u00a0', ' ')

describe('change', () =>
  test.each([
    [106.2, 100, 'share', '+6.2%'],
    [99.4, 100, 'share', '−0.6%'],
    [100.04, 100, 'share', '0%'],
    [224, 100, 'share', '+124%'],
    [150_000, 1, 'share', '+15.0M%'],
    [5, 0, 'share', 'new'],
    [0, 0, 'share', '0%'],
    [0, 5, 'share', '−100%'],
    [null, 5, 'share', '–'],
    [5, null, 'share', '–'],
    [NaN, 5, 'share', '–'],
    [412, 294, 'ms', '+118 ms'],
    [6, 8.5, 'ms', '−2.5 ms'],
    [6, 6.01, 'ms', '0 ms'],
    [0.0031, 0.0009, 'points', '+0.22 pp'],
    [0.348, 0.439, 'points', '−9.1 pp'],
    [0.3, 0.3, 'points', '0 pp']
  ] as const)('%d after %d in %s is %s', (now, before, unit, wanted) =>
    expect(said(now, before, unit)).toBe(wanted)
  ))

test('only where a direction is better is a change good or bad', () => {
  expect(verdict(2, 1, 'up')).toBe('good')
  expect(verdict(2, 1, 'down')).toBe('bad')
  expect(verdict(1, 1, 'up')).toBe('')
  expect(verdict(2, 1, undefined)).toBe('')
  expect(verdict(2, null, 'up')).toBe('')
})
