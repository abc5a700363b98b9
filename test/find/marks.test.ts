import { expect, test } from 'vitest'
import type { Clause, Operator } from '#lib/filter/filter.ts'
import { marksIn, termsOf } from '#lib/find/marks.ts'

const about = (operator: Operator, ...values: string[]): Clause => ({ field: 'line', operator, values })
const marked = (text: string, clauses: Clause[], find = '') =>
  marksIn(text, termsOf(clauses, find)).map(([from, to]) => text.slice(from, to))

test.each([
  ['/wp-login and /WP-admin', [about('has', 'wp-')], ['wp-', 'WP-']],
  ['a.b aXb', [about('has', 'a.b')], ['a.b']],
  ['/wp-login', [about('re', '[a-z]+$')], ['login']],
  ['/static/app.js', [about('re', '(?s)^/static/.*$')], ['/static/app.js']],
  ['Login login', [about('re', '(?i)LOG')], ['Log', 'log']],
  ['abcabc', [about('has', 'ab', 'bc')], ['abcabc']],
  ['😀 Straße 😀', [about('has', 'straße')], ['Straße']],
  ['/a', [about('hasnt', 'a')], []],
  ['/a', [{ ...about('has', 'a'), disabled: true }], []],
  ['404', [about('is', '404')], []],
  ['/a', [about('re', '(?=a)')], []],
  ['/a', [about('re', 'x*')], []],
  ['/a', [about('has', '')], []]
] satisfies [string, Clause[], string[]][])('%j under %j has the marks %j', (text, clauses, marks) => {
  expect(marked(text, clauses)).toEqual(marks)
})

test('a text to highlight is a phrase in any case', () => {
  expect(marked('GET /x? GET', [], 'get')).toEqual(['GET', 'GET'])
})

test('a long text and a slow pattern cost little', () => {
  const start = performance.now()
  expect(marksIn('a'.repeat(1_000_000), termsOf([about('re', '(a+)+$', '(a|aa)+b')], 'b'))).toEqual([
    [0, 4_000]
  ])
  expect(marksIn('ab'.repeat(5_000), termsOf([about('has', 'a')], '')).length).toBe(200)
  expect(performance.now() - start).toBeLessThan(1_000)
})
