import { expect, test } from 'vitest'
import { presets, traffic } from '#lib/alert/presets.ts'
import type { AlertRule } from '#lib/schema/alerts.ts'
import { phraseOf, valueText } from '#lib/panels/alerts/phrases.ts'

test.each<[AlertRule['metric'], number, string]>([
  ['rate', 0, '0 req/s'],
  ['rate', 0.0001, '0.0001 req/s'],
  ['rate', 0.00149, '0.00149 req/s'],
  ['rate', 1 / 3, '0.333 req/s'],
  ['rate', 2_345_678, '2,345,678 req/s'],
  ['share', 0.0004, '0.0004 %'],
  ['latency', 0, '0.0 ms'],
  ['latency', 0.01, '0.01 ms'],
  ['latency', 12.4, '12 ms'],
  ['silence', 0.2, '0.2 s'],
  ['silence', 90, '1 min 30 s'],
  ['count', 1, '1 request'],
  ['count', NaN, '–']
])('a value of %s that is %d reads %s', (metric, value, text) => {
  expect(valueText({ metric }, value).replaceAll('\u00a0', ' ')).toBe(text)
})

test('a threshold has all its digits', () => {
  expect(phraseOf(traffic('a', 'A', 123.4567, 60))).toContain('At least 123.4567')
  expect(phraseOf({ ...presets[0]!, threshold: 0.00012345 })).toContain('At least 0.00012345')
})
