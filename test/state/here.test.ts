import { expect, test } from 'vitest'
import { isHere, stretchesOf } from '#lib/state/here.ts'

const at = (text: string) => Date.parse(`${text}Z`)
const missing = ['2026-11-20', '2026-11-03', '2026-11-02']

test('a period is here when it touches no UTC day that is missing', () => {
  expect(isHere({ from: at('2026-11-04T00:00'), to: at('2026-11-20T00:00') }, missing)).toBe(true)
  expect(isHere({ from: at('2026-11-03T23:59'), to: at('2026-11-04T12:00') }, missing)).toBe(false)
  expect(isHere({ from: at('2026-11-19T00:00'), to: at('2026-11-20T00:01') }, missing)).toBe(false)
})

test('days that follow each other are one stretch', () => {
  expect(stretchesOf(missing)).toEqual([
    { from: at('2026-11-02T00:00'), to: at('2026-11-04T00:00') },
    { from: at('2026-11-20T00:00'), to: at('2026-11-21T00:00') }
  ])
  expect(stretchesOf([])).toEqual([])
})
