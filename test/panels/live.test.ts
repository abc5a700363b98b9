import { afterAll, beforeAll, expect, test } from 'vitest'
import { Counting } from '../../src/lib/ask/per-second.ts'
import { presets } from '../../src/lib/alert/presets.ts'
import { momentOf, statisticsOfMoment } from '../../src/lib/panels/live/moment.ts'
import { openPair, type Pair } from '../ask/parity.ts'

const noon = Date.UTC(2026, 10, 20, 12)
const at = noon / 1_000
const row = (second: number, path: string, status: number | null, ip: string, other = {}) => ({
  seq: second,
  time: noon + second * 1_000,
  method: 'GET',
  path,
  status,
  ip,
  visitor: Number(ip.at(-1)),
  ...other
})
const rows = [
  row(0, '/docs/install?x', 200, '192.0.2.1', { duration: 10 }),
  row(1, '/docs', 304, '192.0.2.1', { duration: 20 }),
  row(2, '/', 500, '192.0.2.2', { remote_user: 'ann', duration: 800 }),
  row(3, '/docs/a', 404, '192.0.2.2', { remote_user: 'ann' }),
  row(20, '/late', 200, '192.0.2.3')
]

let pair: Pair
beforeAll(async () => {
  pair = await openPair(rows)
}, 60_000)
afterAll(() => pair.close())

test.each(['native', 'wasm'] as const)(
  'the last seconds are found with their figures, on %s',
  async (engine) => {
    const moment = await momentOf(pair[engine], { traffic: 'all', clauses: [] }, at + 3, 10, 300)
    expect(moment.lines.map(({ path }) => path)).toEqual([
      '/late',
      '/docs/a',
      '/',
      '/docs',
      '/docs/install?x'
    ])
    expect(
      moment.entries.filter(({ list }) => list === 'section').map(({ value, hits }) => [value, hits])
    ).toEqual([
      ['/docs', 3],
      ['/', 1]
    ])
    expect(statisticsOfMoment(moment)).toEqual({
      time: new Date(noon - 6_000).toISOString(),
      tps: 0.4,
      transactions_per_second: 0.4,
      most_hits: ['/', '/docs', '/docs/a'],
      most_active_users: ['192.0.2.1', 'ann'],
      status_codes: { '2xx': 1, '3xx': 1, '4xx': 1, '5xx': 1 }
    })
  }
)

const held = { from: noon - 1_000, to: noon + 60_000 }
const [rate] = presets

test.each([
  [
    'rate',
    {},
    [
      [0, 1, 0],
      [1, 1, 0],
      [2, 1, 0],
      [3, 1, 0],
      [20, 1, 0]
    ]
  ],
  [
    'share',
    { where: ['gt,status,499'] },
    [
      [0, 0, 1],
      [1, 0, 1],
      [2, 1, 0],
      [2, 0, 1],
      [3, 0, 1],
      [20, 0, 1]
    ]
  ],
  ['count', { where: ['is,path,/docs', 'is,ip,192.0.2.1'] }, [[1, 1, 0]]],
  [
    'latency',
    { quantile: 0.95 },
    [
      [0, 1, 0],
      [1, 1, 0],
      [2, 1, 0]
    ]
  ]
] as const)('a rule by %s counts by second', async (metric, other, expected) => {
  const counted = await new Counting(pair.native).count({ ...rate!, ...other, metric }, held, held)
  const found = Array.from(counted.second, (second, i) => [second - at, counted.hits[i], counted.base[i]])
  expect(found).toEqual(expected)
})

test('silence is counted from before the period, and by value with its keys', async () => {
  const counting = new Counting(pair.native)
  const silence = { ...rate!, metric: 'silence' as const, window: 60 }
  const whole = await counting.count({ ...silence, where: ['is,status,500'] }, held, held)
  // Nothing is known of the time before the first second that is held.
  expect(Array.from(whole.second, (second) => second - at)).toEqual([-2, 2])
  const { second, key } = await counting.count({ ...silence, field: 'ip' }, held, held)
  expect(Array.from(second, (one) => one - at)).toEqual([0, 1, 2, 3, 20])
  expect(new Set(Array.from(key)).size).toBe(3)
})

test('attacks are counted by their family, also those that were answered', async () => {
  const attacked = await openPair([
    row(0, '/', 200, '192.0.2.1'),
    row(1, '/.env', 404, '192.0.2.1'),
    row(2, '/.env', 200, '192.0.2.2'),
    row(3, '/wp-login.php', 404, '192.0.2.2'),
    row(4, '/', 200, '192.0.2.3', { user_agent: '() { :; }; /bin/bash -c id' }),
    row(5, '/.env', null, '192.0.2.3')
  ])
  for (const engine of ['native', 'wasm'] as const) {
    const counting = new Counting(attacked[engine])
    const secondsOf = async (other: object) => {
      const rule = { ...rate!, metric: 'attacks' as const, ...other }
      return Array.from((await counting.count(rule, held, held)).second, (second) => second - at)
    }
    expect(await secondsOf({})).toEqual([1, 2, 4, 5])
    expect(await secondsOf({ where: ['gt,status,199', 'lt,status,300'] })).toEqual([2, 4])
    expect(await secondsOf({ field: 'wordpress' })).toEqual([3])
    const harmless = async (...paths: string[]) => {
      const rule = { ...rate!, metric: 'attacks' as const }
      return Array.from((await counting.count(rule, held, held, paths)).second, (second) => second - at)
    }
    expect(await harmless('/.env', "/o'hara")).toEqual([1, 4, 5])
    expect(await harmless('/')).toEqual([1, 2, 5])
    expect(await harmless()).toEqual([1, 2, 4, 5])
    await expect(secondsOf({ field: 'nosuch' })).rejects.toThrow('no family of attacks called nosuch')
  }
  await attacked.close()
})

test('values are told apart by their keys', async () => {
  const rule = { ...rate!, metric: 'distinct' as const, field: 'ip' }
  const { key } = await new Counting(pair.native).count(rule, held, held)
  expect(new Set(Array.from(key)).size).toBe(3)
})

test('a filter that is none is said, and so is a field', async () => {
  const ask = (other: object) => new Counting(pair.native).count({ ...rate!, ...other }, held, held)
  await expect(ask({ where: ['is,nosuch,1'] })).rejects.toThrow('is,nosuch,1 is no filter.')
  await expect(ask({ where: ['re,path,('] })).rejects.toThrow('re,path,(')
  await expect(ask({ metric: 'distinct', field: 'nosuch' })).rejects.toThrow('There is no field nosuch.')
})

test('rules that are counted at the same time are each counted by their own filter', async () => {
  const counting = new Counting(pair.native)
  const filters = [['is,path,/docs'], ['is,status,500'], [], ['is,ip,192.0.2.2']]
  const counted = await Promise.all(filters.map((where) => counting.count({ ...rate!, where }, held, held)))
  expect(counted.map(({ second }) => Array.from(second, (one) => one - at))).toEqual([
    [1],
    [2],
    [0, 1, 2, 3, 20],
    [2, 3]
  ])
})
