import { expect, test } from 'vitest'
import { text } from '#lib/format/number.ts'
import { labelOf, missingOf, nameOf } from '#lib/filter/labels.ts'
import { splits, together, type FiguresRow } from '#lib/panels/figures.ts'
import { metrics } from '#lib/panels/metrics.ts'

const figures = { requests: 30, visits: 6, page_views: 12, bytes: 3_000, refused: 2, errors: 3 }
const nothing: FiguresRow = {
  bucket: null,
  class: null,
  is_counted: null,
  latency: null,
  requests: null,
  visits: null,
  visitors: null,
  page_views: null,
  bytes: null,
  refused: null,
  errors: null
}
const rows: FiguresRow[] = [
  { ...nothing, latency: [20, 400, 800] },
  { ...nothing, bucket: 1000, latency: null },
  { ...nothing, class: 0, visitors: 4 },
  { ...nothing, class: 1, visitors: 4 },
  // Before the range that buckets tell of, but counted; and the other way round.
  { ...nothing, ...figures, bucket: -1000, class: 0, is_counted: true },
  { ...nothing, ...figures, bucket: 1000, class: 1, is_counted: true },
  { ...nothing, ...figures, bucket: 0, class: 1, is_counted: false, requests: 0 }
]
const { total, each } = splits(rows, [0, 1000])
const shown = (traffic: 'all' | 'bots') => metrics.map(({ of, format }) => text(format(of(total, traffic))))

test('visitors and visits are those of people, unless only bots are looked at; the rest is of all', () =>
  expect(shown('all')).toEqual(['4', '6', '24', '60', '6.00\u00a0kB', '400\u00a0ms', '10.0%', '50.0%']))

test('a bucket without hits has zeros, not gaps', () => {
  expect(each[0]?.all.requests).toBe(0)
  expect(each[1]?.all.requests).toBe(30)
  expect(each[1]?.people.requests).toBe(0)
})

test('buckets together add up what can be added up', () => {
  expect(together(each).all.requests).toBe(30)
  expect(together(each).all.visitors).toBeNaN()
})

test('nothing is not divided by', () => {
  const [empty] = splits([], [0]).each
  expect(metrics.map(({ of, format }) => empty && text(format(of(empty, 'all'))))).toEqual([
    '0',
    '0',
    '0',
    '0',
    '0\u00a0B',
    '–',
    '–',
    '–'
  ])
  for (const { aside } of metrics) expect(empty && aside(empty, 'all', 3600)).not.toContain('NaN')
})

test('values say what they are', () => {
  expect(labelOf('status', 404)).toEqual({ lead: '404', text: 'Not found' })
  expect(labelOf('status', 299)).toEqual({ lead: '299', text: '' })
  expect(labelOf('country', 'DE')).toEqual({ lead: 'DE', text: 'Germany' })
  expect(labelOf('country', '\u202eDE')).toEqual({ text: '⟨U+202E⟩DE' })
  expect(labelOf('bot_purpose', 'ai_training')).toEqual({ text: 'AI training' })
  expect(labelOf('bot_purpose', 'search, ai_user')).toEqual({ text: 'Search, AI agent' })
  expect(labelOf('device', 'tablet')).toEqual({ text: 'Tablet' })
  expect(labelOf('path', '<b>')).toEqual({ text: '<b>' })
  expect(missingOf('bot_name')).toBe('Not a bot')
  expect(nameOf('as_org')).toBe('Network')
  expect(nameOf('user_agent')).toBe('User agent')
})
