import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Query } from '../../src/lib/ask/query.ts'
import type { Selection } from '../../src/lib/filter/filter.ts'
import { placeAfter, typeSign } from '../../src/lib/panels/explore/line-keys.ts'
import {
  countLines,
  failed,
  keyOf,
  lineOf,
  linesAt,
  nextOf,
  overviewOf,
  positionOf,
  rankOf
} from '../../src/lib/panels/explore/log.ts'
import { rungBefore, timesOfNext } from '../../src/lib/panels/explore/map.ts'
import { openPair, type Pair } from '../ask/parity.ts'
import { randomOf } from '../device/site.ts'

const start = Date.UTC(2026, 10, 20)
const times = { from: start, to: start + 86_400_000 }
const all: Selection = { ...times, traffic: 'all', clauses: [] }
const random = randomOf(3)

const rows = Array.from({ length: 3_000 }, (_, i) => {
  const kind = i % 50 === 7 ? 'error' : 'request'
  return {
    seq: i * 65_536,
    kind,
    // Every third line is of one of a few seconds.
    time: start + (i % 3 ? random.below(86_400_000) : random.below(5) * 1_000),
    method: 'GET',
    path: random.pick(['/', '/wp-login.php', '/about', '/Wp-Admin/']),
    query: random.pick([null, 'a=1', 'x=wp-']),
    status: kind === 'error' ? null : random.pick([200, 200, 404, 500]),
    ip: random.pick(['192.0.2.1', '192.0.2.2']),
    user_agent: random.pick(['curl/8.9', 'Mozilla/5.0']),
    visitor: 1 + random.below(5),
    message: kind === 'error' ? 'open() "/srv/wp-x" failed' : null
  }
})
const sorted = rows.toSorted((a, b) => a.time - b.time || a.seq - b.seq)
const hasText = ({ path, query, message }: (typeof rows)[number]) =>
  [path, query, message].some((text) => text?.toLowerCase().includes('wp-'))
const hasFailed = ({ kind, status }: (typeof rows)[number]) => kind === 'error' || (status ?? 0) >= 500

let pair: Pair
beforeAll(async () => {
  pair = await openPair(rows)
}, 60_000)
afterAll(() => pair.close())

const ladderOf = async (query: Query, selection = all) => {
  await query.select(selection)
  return countLines(query, selection)
}

test.each(['native', 'wasm'] as const)('lines of any place are listed, on %s', async (engine) => {
  const query = pair[engine]
  const ladder = await ladderOf(query)
  expect(ladder.lines).toBe(rows.length)
  const columns = ['path', 'ip', 'country', 'verdict', 'hour', 'visitor', 'entry_page'] as const
  for (const from of [0, 990, 1_500, 2_900]) {
    const lines = await linesAt(query, ladder, from, from + 100, columns)
    expect(lines.map(({ seq, time, cells }) => [seq, time, cells[0], cells[1], cells[2], cells[5]])).toEqual(
      sorted
        .slice(from, from + 100)
        .map(({ seq, time, path, ip, visitor }) => [seq, time, path, ip, null, String(visitor)])
    )
  }
  const error = sorted.find(({ kind }) => kind === 'error')!
  expect(await lineOf(query, error, ['path'])).toMatchObject({ is_request: false, message: error.message })
})

test.each(['native', 'wasm'] as const)('a line is found by its number, on %s', async (engine) => {
  const query = pair[engine]
  const ladder = await ladderOf(query)
  for (const position of [0, 700, 2_999]) {
    const { seq, time } = sorted[position]!
    const key = await keyOf(query, seq)
    expect(key).toEqual({ seq, time })
    expect(await positionOf(query, ladder, key!)).toBe(position)
  }
  expect(await keyOf(query, 5)).toBeNull()
})

const having: Selection = { ...all, clauses: [{ field: 'line', operator: 'has', values: ['WP-'] }] }

test.each([
  ['a text', having, 'true', hasText],
  ['an error', all, failed, hasFailed]
] as const)('the next line with %s is found in both directions', async (_, selection, sql, test) => {
  const query = pair.native
  await query.select(selection)
  for (const isLater of [true, false]) {
    const list = isLater ? sorted : sorted.toReversed()
    for (const at of [0, 1_000, 2_999]) {
      const next = list.slice(at + 1).find(test)
      expect(await nextOf(query, sql, list[at]!, isLater)).toEqual(
        next ? { seq: next.seq, time: next.time } : null
      )
    }
  }
})

test.each([
  ['a text', having, 'true', hasText],
  ['an error', all, failed, hasFailed]
] as const)(
  'the next line with %s is where the counts say, with its rank',
  async (_, selection, sql, test) => {
    const query = pair.native
    const ladder = await ladderOf(query)
    await query.select(selection)
    const counts = await overviewOf(query, ladder, sql)
    const found = sorted.filter(test)
    for (const isLater of [true, false]) {
      const list = isLater ? sorted : sorted.toReversed()
      for (const at of [0, 3, 1_000, 1_001, 2_998, 2_999]) {
        const times = timesOfNext(ladder, counts, list[at]!, isLater)
        const next = list.slice(at + 1).find(test)
        const key = await nextOf(query, sql, list[at]!, isLater, times)
        expect(key).toEqual(next ? { seq: next.seq, time: next.time } : null)
        if (!key || sql !== 'true') continue
        const { before, from } = rungBefore(ladder, counts, key)
        expect(before + (await rankOf(query, key, from))).toBe(found.indexOf(next!) + 1)
      }
    }
  }
)

test('the overview counts every error and every line that is looked for', async () => {
  const query = pair.native
  const ladder = await ladderOf(query)
  const sum = async (sql: string) =>
    (await overviewOf(query, ladder, sql)).reduce((all, { lines }) => all + lines, 0)
  expect(await sum(failed)).toBe(rows.filter(hasFailed).length)
  await query.select(having)
  const found = sorted.filter(hasText)
  expect(await sum('true')).toBe(found.length)
  expect(await rankOf(query, found[4]!)).toBe(5)
})

test('a filter holds for lines of error logs, too', async () => {
  const ladder = await ladderOf(pair.native, {
    ...all,
    clauses: [{ field: 'kind', operator: 'is', values: ['error'] }]
  })
  expect(ladder.lines).toBe(60)
})

test.each([
  ['1', 'first', 0],
  ['120', 'last', 119],
  ['0', 'first', 0],
  ['99999', 'last', 2_999],
  ['50', 'percent', 1_499],
  ['0', 'percent', 0],
  ['0.1', 'percent', 2],
  ['100', 'percent', 2_999],
  ['300', 'percent', 2_999],
  ['7', 'down', null],
  ['', 'last', null],
  ['', 'percent', null]
] as const)('after the number "%s", %s leads to the place %s of 3,000 lines', (number, action, place) => {
  expect(placeAfter(number, action, 3_000)).toBe(place)
})

test.each([
  ['50', '50'],
  ['0.5', '0.5'],
  ['.5', '5'],
  ['1..5', '1.5'],
  ['1234567890', '123456789']
])('the keys %s type the number %s', (typed, number) => {
  expect([...typed].reduce(typeSign, '')).toBe(number)
})
