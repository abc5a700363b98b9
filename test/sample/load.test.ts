import { expect, it } from 'vitest'
import { load, type LoadOptions } from '../../src/lib/sample/load.ts'
import type { LoggedRequest } from '../../src/lib/sample/request.ts'

const from = Date.parse('2026-11-30T06:00:00Z')
const usual: LoadOptions = { seed: 1, rate: 4, levels: ['low'], lasts: 30, isAttacked: false }

function take(seconds: number, options: Partial<LoadOptions> = {}): LoggedRequest[][] {
  const made = load({ ...usual, ...options }, from)
  return Array.from({ length: seconds }, () => made.next().value as LoggedRequest[])
}

it('asks ten times as often at a high level, and begins with the first level again', () => {
  const counts = take(6, { levels: ['low', 'high'], lasts: 2 }).map((requests) => requests.length)
  expect(counts).toEqual([4, 4, 40, 40, 4, 4])
})

it('keeps a rate below one a second', () => {
  expect(take(10, { rate: 0.3 }).flat()).toHaveLength(3)
})

it('dates each request within its second, in order', () => {
  for (const [second, requests] of take(20, { rate: 7 }).entries()) {
    const times = requests.map(({ time }) => time - from - second * 1_000)
    expect(times).toEqual([...times].sort((a, b) => a - b))
    expect(Math.min(...times)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...times)).toBeLessThan(1_000)
  }
})

it('adds as many requests of scanners while it is attacked, and has none otherwise', () => {
  const attacks = (requests: LoggedRequest[]) => requests.filter(({ kind }) => kind === 'attack').length
  expect(attacks(take(50).flat())).toBe(0)
  const attacked = take(50, { isAttacked: true }).flat()
  expect([attacked.length, attacks(attacked)]).toEqual([400, 200])
})

it('makes the same requests of the same options, and no id twice', () => {
  expect(take(5)).toEqual(take(5))
  expect(take(5, { seed: 2 })).not.toEqual(take(5))
  const ids = take(30, { rate: 1_000 }).flat()
  expect(new Set(ids.map(({ request_id }) => request_id)).size).toBe(30_000)
})
