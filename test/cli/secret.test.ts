import { expect, test } from 'vitest'
import { makeSecret, secret } from '../../cli/secret.ts'

const noon = Date.parse('2026-11-21T12:00:00Z')

test('a set-up secret is 256 random bits, and good for an hour', () => {
  expect(makeSecret(1, noon)).toMatch(new RegExp(`^[\\w-]{43}\\.${noon / 1000 + 3600}$`))
  expect(makeSecret(1, noon)).not.toBe(makeSecret(1, noon))
})

test('another time is asked for in hours', () => {
  const until = Number(secret(['--hours', '12']).split('.')[1])
  expect(Math.round((until - Date.now() / 1000) / 3600)).toBe(12)
  for (const hours of ['0', '-1', '25', 'soon']) expect(() => secret(['--hours', hours])).toThrow('hours')
})
