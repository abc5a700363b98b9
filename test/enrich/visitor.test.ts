import { blake2s } from '@noble/hashes/blake2.js'
import { expect, test } from 'vitest'
import { createVisitors } from '#lib/enrich/visitor.ts'

const day = 86_400_000
const noon = Date.UTC(2026, 0, 15, 12)
const salt = (name: string) => new TextEncoder().encode(name.padEnd(32, '.'))

test('a visitor is keyed BLAKE2s of site, address and agent under the salt of the day', () => {
  const text = new TextEncoder()
  const agent = blake2s(text.encode('Firefox'), { dkLen: 16 })
  const known = Uint8Array.of(...text.encode('demo\n203.0.113.7\n'), ...agent)
  const digest = blake2s(known, { key: salt('2026-01-15'), dkLen: 8 })
  const want = new DataView(digest.buffer, digest.byteOffset).getBigUint64(0)
  expect(createVisitors('demo', salt)(noon, '203.0.113.7', 'Firefox')).toBe(want)
})

test('each of them tells visitors apart', () => {
  const one = createVisitors('demo', salt)
  const visitors = [
    one(noon, '203.0.113.7', 'Firefox'),
    one(noon, '203.0.113.8', 'Firefox'),
    one(noon, '203.0.113.7', 'Safari'),
    one(noon + day, '203.0.113.7', 'Firefox'),
    one(noon, null, 'Firefox'),
    one(noon, '203.0.113.7', null),
    one(noon, null, null),
    createVisitors('other', salt)(noon, '203.0.113.7', 'Firefox'),
    createVisitors('demo', () => salt('another'))(noon, '203.0.113.7', 'Firefox')
  ]
  expect(new Set(visitors).size).toBe(visitors.length)
  expect(one(noon, null, null)).toBe(visitors[6])
  for (const visitor of visitors) expect(BigInt.asUintN(64, visitor)).toBe(visitor)
})

test('a day is one of UTC, and its salt is asked for once', () => {
  const asked: string[] = []
  const one = createVisitors('demo', (name) => (asked.push(name), salt(name)))
  const midnight = Date.UTC(2026, 0, 16)
  const visitors = [-1, 0, -2 * day, 5, day - 1].map((offset) =>
    one(midnight + offset, '203.0.113.7', 'Firefox')
  )
  expect(visitors[1]).toBe(visitors[3])
  expect(visitors[1]).toBe(visitors[4])
  expect(new Set(visitors).size).toBe(3)
  expect(asked).toEqual(['2026-01-15', '2026-01-16', '2026-01-14'])
})

test('what is forgotten comes back the same', () => {
  const one = createVisitors('demo', salt)
  const before = one(noon, '203.0.113.7', 'Firefox')
  for (let at = 0; at < 20; at++) one(noon + at * day, null, null)
  expect(one(noon, '203.0.113.7', 'Firefox')).toBe(before)
})
