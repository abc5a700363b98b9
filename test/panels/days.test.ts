import type { Question } from '../../src/lib/ask/counted.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { askDays, pairs, periodOf } from '../../src/lib/panels/days.ts'
import { dayOf } from '../../src/lib/schema/day.ts'
import { expectParity, openPair, type Pair } from '../ask/parity.ts'

const at = (day: number, time: string) => Date.parse(`2020-01-0${day}T${time}Z`)
const entry = (seq: number, time: number, ip: string, seconds: number, path: string, rest: object) => ({
  seq,
  kind: 'request',
  time,
  ip,
  path,
  duration: seconds * 1000,
  method: 'GET',
  status: 200,
  is_bot: false,
  is_asset: false,
  visitor: seq,
  shape: 'ballcone',
  ...rest
})

/** The four entries of Ballcone's own test. */
const entries = [
  entry(1, at(1, '12:00:00'), '192.168.1.1', 0.1, '/', { browser: 'Firefox' }),
  entry(2, at(1, '12:15:00'), '192.168.1.1', 0.01, '/robots.txt', {
    browser: null,
    status: 404,
    is_bot: true
  }),
  entry(3, at(2, '23:59:00'), '192.168.1.2', 0.01, '/', { browser: 'Safari' }),
  entry(4, at(2, '23:59:59'), '192.168.1.2', 1, '/post', { browser: 'Safari' })
]

let pair: Pair
beforeAll(async () => {
  pair = await openPair(entries)
}, 60_000)
afterAll(() => pair.close())

const selection = { from: at(1, '00:00:00'), to: at(3, '00:00:00'), traffic: 'all' as const, clauses: [] }

/** Asks both engines. */
const asking = (pair: Pair) => ({
  selection,
  ask: async <Row>(question: Question) => (await expectParity(pair, question, selection)) as Row[]
})

test('gives the days that Ballcone gives', { timeout: 60_000 }, async () => {
  const rows = await askDays(asking(pair), 8, 'UTC')
  expect(
    rows.map((row) => [dayOf(row.day), row.requests, row.addresses, ((row.duration ?? 0) / 1000).toFixed(4)])
  ).toEqual([
    ['2020-01-02', 2, 1, '0.5050'],
    ['2020-01-01', 2, 1, '0.0550']
  ])
  expect(
    rows.map((row) => pairs(row.paths, row.path_requests).map(({ value, requests }) => [value, requests]))
  ).toEqual([
    [
      ['/', 1],
      ['/post', 1]
    ],
    [
      ['/', 1],
      ['/robots.txt', 1]
    ]
  ])
  expect(
    rows.map((row) =>
      pairs(row.browsers, row.browser_requests).map(({ value, requests }) => [value, requests])
    )
  ).toEqual([
    [['Safari', 2]],
    [
      [null, 1],
      ['Firefox', 1]
    ]
  ])
})

test('gives of many days the last, and says how many there are', { timeout: 60_000 }, async () => {
  const rows = await askDays(asking(pair), 1, 'UTC')
  expect(rows.map(({ day, days }) => [dayOf(day), days])).toEqual([['2020-01-02', 2]])
})

test('counts clients that the server logs by their host names', { timeout: 60_000 }, async () => {
  const by = (seq: number, ip: string | null, client_name: string | null) => ({
    ...entries[0]!,
    seq,
    ip,
    client_name
  })
  const named = await openPair([
    by(1, '192.168.1.1', null),
    by(2, null, 'a.example'),
    by(3, null, 'b.example'),
    by(4, null, 'b.example')
  ])
  const rows = await askDays(asking(named), 8, 'UTC')
  expect(rows.map((row) => [row.requests, row.addresses])).toEqual([[4, 3]])
  await named.close()
})

test('are those of the chosen zone', { timeout: 60_000 }, async () => {
  const zone = 'Asia/Kathmandu'
  const ask = {
    selection,
    ask: async <Row>(question: Question) =>
      (await expectParity(pair, question, selection, { zone, interval: '1 day' })) as Row[]
  }
  const rows = await askDays(ask, 8, zone)
  expect(rows.map((row) => [dayOf(row.day), row.requests, row.addresses])).toEqual([
    ['2020-01-03', 2, 1],
    ['2020-01-01', 2, 1]
  ])
  const { from, to } = periodOf(rows[0]!.day, zone)
  expect([from, to].map((ms) => new Date(ms).toISOString())).toEqual([
    '2020-01-02T18:15:00.000Z',
    '2020-01-03T18:15:00.000Z'
  ])
})
