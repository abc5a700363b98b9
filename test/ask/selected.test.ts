import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Clause, Selection } from '../../src/lib/filter/filter.ts'
import { bucketStarts, chooseInterval, intervals, type Interval } from '../../src/lib/time/buckets.ts'
import { expectParity, openPair, type Pair } from './parity.ts'

const noon = Date.UTC(2026, 10, 20, 12)
const hour = 3_600_000
const rows = [
  { seq: 1, time: noon, path: '/a', country: 'NL', status: 200, is_bot: false, visitor: 1, bytes: 10 },
  { seq: 2, time: noon + 1, path: '/a', country: 'DE', status: 404, is_bot: false, visitor: 2, bytes: 20 },
  { seq: 3, time: noon + 2, path: '/b', country: null, status: 200, is_bot: true, visitor: 3, bytes: 30 },
  {
    seq: 4,
    time: noon + hour,
    path: `/it's, "b"\\`,
    country: 'NL',
    status: 500,
    is_bot: false,
    visitor: 4,
    bytes: null
  },
  { seq: 5, time: noon - hour, path: '/A', country: 'NL', status: null, is_bot: true, visitor: 5, bytes: 50 }
]
const everything: Selection = { from: noon - 2 * hour, to: noon + 2 * hour, traffic: 'all', clauses: [] }

describe.each([
  ['among few hits', Infinity],
  ['among all hits', 0]
])('selected(own, period) %s', (_, hits) => {
  let pair: Pair
  beforeAll(async () => {
    pair = await openPair(rows)
    pair.native.hits = pair.wasm.hits = hits
  }, 60_000)
  afterAll(() => pair.close())

  const seqs = async (selection: Partial<Selection>, own = '', period = 'now') => {
    const sql = `SELECT seq FROM selected('${own}', '${period}') ORDER BY seq`
    return (await expectParity(pair, sql, { ...everything, ...selection })).map(({ seq }) => seq)
  }
  const clause = (operator: Clause['operator'], field: Clause['field'], ...values: Clause['values']) => ({
    clauses: [{ field, operator, values }]
  })

  test.each([
    [clause('is', 'path', '/a'), [1, 2]],
    [clause('is', 'path', '/a', '/b'), [1, 2, 3]],
    [clause('is', 'country', null), [3]],
    [clause('is', 'country', null, 'DE'), [2, 3]],
    [clause('not', 'country', 'NL'), [2, 3]],
    [clause('not', 'country', null), [1, 2, 4, 5]],
    [clause('not', 'country', null, 'NL'), [2]],
    [clause('is', 'status', '200'), [1, 3]],
    [clause('is', 'status', 'none'), []],
    [clause('not', 'status', '200', '404'), [4, 5]],
    [clause('gt', 'status', '404'), [4]],
    [clause('ge', 'status', '404'), [2, 4]],
    [clause('lt', 'bytes', '25'), [1, 2]],
    [clause('has', 'path', 'A'), [1, 2, 5]],
    [clause('hasnt', 'path', 'a'), [3, 4]],
    [clause('has', 'status', '0'), [1, 2, 3, 4]],
    [clause('re', 'path', '^/[ab]$'), [1, 2, 3]],
    [clause('nre', 'country', '^N'), [2, 3]],
    [clause('set', 'country'), [1, 2, 4, 5]],
    [clause('unset', 'country'), [3]],
    [clause('is', 'visitor', '4'), [4]],
    [clause('is', 'is_bot', 'true'), [3, 5]],
    [clause('is', 'path', `/it's, "b"\\`), [4]],
    [clause('is', 'path', `'; DROP TABLE hits; --`), []],
    [clause('is', 'hour', '12'), [1, 2, 3]],
    [clause('not', 'hour', '12', '11'), [4]],
    [clause('is', 'weekday', '5'), [1, 2, 3, 4, 5]],
    [clause('gt', 'weekday', '5'), []],
    [clause('is', 'weekday_hour', '512', '511'), [1, 2, 3, 5]],
    [clause('not', 'weekday_hour', '512'), [4, 5]],
    [{ traffic: 'people' as const }, [1, 2, 4]],
    [{ traffic: 'bots' as const }, [3, 5]],
    [{ from: noon, to: noon + hour }, [1, 2, 3]],
    [{ clauses: [{ ...clause('is', 'path', '/a').clauses[0]!, disabled: true as const }] }, [1, 2, 3, 4, 5]]
  ])('%j holds %j', async (selection, expected) => {
    expect(await seqs(selection)).toEqual(expected)
  })

  test('leaves out weekday and hour where both are grouped by', async () => {
    const clauses: Clause[] = [
      { field: 'weekday', operator: 'is', values: ['1'] },
      { field: 'hour', operator: 'is', values: ['11'] }
    ]
    expect(await seqs({ clauses })).toEqual([])
    expect(await seqs({ clauses }, 'weekday')).toEqual([5])
    expect(await seqs({ clauses }, 'rhythm')).toEqual([1, 2, 3, 4, 5])
  })

  test('leaves out what is chosen in the panel, and keeps every other clause on its column', async () => {
    const clauses: Clause[] = [
      { field: 'country', operator: 'is', values: ['NL'] },
      { field: 'country', operator: 'not', values: ['DE'] },
      { field: 'path', operator: 'has', values: ['/a'] }
    ]
    expect(await seqs({ clauses })).toEqual([1, 5])
    expect(await seqs({ clauses }, 'country')).toEqual([1, 5])
    expect(await seqs({ clauses: clauses.slice(0, 2) }, 'country')).toEqual([1, 3, 4, 5])
    expect(await seqs({ clauses }, 'path')).toEqual([1, 5])
    expect(await seqs({ clauses: clauses.slice(2) }, 'path')).toEqual(
      await seqs({ clauses: clauses.slice(2) })
    )
    // Of a panel whose choices are patterns.
    expect(await seqs({ clauses }, 'path*')).toEqual([1, 4, 5])
  })

  test('keeps both sides of the traffic for a panel of its own', async () => {
    expect(await seqs({ traffic: 'people' }, 'class')).toEqual([1, 2, 3, 4, 5])
  })

  test('takes the period before where it is given, and nothing where it is not', async () => {
    const previous = { from: noon - hour, to: noon }
    expect(await seqs({ from: noon, previous }, '', 'previous')).toEqual([5])
    expect(await seqs({ from: noon }, '', 'previous')).toEqual([])
  })

  test('answers plain values', async () => {
    const sql = `SELECT sum(bytes) AS sum, count(*) AS n, max(time) AS at, avg(bytes) AS mean, 1.25 AS exact,
      [1, 2] AS list, {'a': 1} AS struct, 18446744073709551615::UBIGINT AS big, CAST(max(time) AS DATE) AS day
      FROM selected('', 'now')`
    expect(await expectParity(pair, sql, everything)).toEqual([
      {
        sum: 110,
        n: 5,
        at: noon + hour,
        mean: 27.5,
        exact: 1.25,
        list: [1, 2],
        struct: { a: 1 },
        big: 18446744073709551615n,
        day: Date.UTC(2026, 10, 20)
      }
    ])
  })

  test('supersedes what was asked under an older selection, and keeps answers', async () => {
    const { native } = pair
    await native.select(everything)
    const old = native.ask('SELECT 1 AS one').catch((error: Error) => error.name)
    await native.select({ ...everything, traffic: 'bots' })
    expect(await old).toBe('Superseded')
    const before = native.spent.asked
    expect(await native.ask('SELECT 2 AS two')).toEqual([{ two: 2 }])
    expect(await native.ask('SELECT 2 AS two')).toEqual([{ two: 2 }])
    expect(native.spent.asked).toBe(before + 1)
    native.version++
    await native.ask('SELECT 2 AS two')
    expect(native.spent.asked).toBe(before + 2)
  })

  test('tells the SQL that failed, and goes on', async () => {
    const sql = 'SELECT nothing FROM nowhere'
    await expect(pair.wasm.ask(sql)).rejects.toMatchObject({ name: 'QueryError', sql })
    expect(await pair.wasm.ask('SELECT 3 AS three')).toEqual([{ three: 3 }])
  })
})

const zones = ['UTC', 'Europe/Amsterdam', 'America/New_York', 'Asia/Kolkata', 'America/Havana']
// Around the changes of 2026 in the north and the south.
const spans = [
  { from: Date.UTC(2026, 2, 7), to: Date.UTC(2026, 2, 10) },
  { from: Date.UTC(2026, 2, 28, 5), to: Date.UTC(2026, 3, 6, 7) },
  { from: Date.UTC(2026, 9, 3), to: Date.UTC(2026, 10, 3) }
]

describe('bucket(time)', () => {
  let pair: Pair
  beforeAll(async () => {
    const times = spans.flatMap(({ from, to }) =>
      Array.from({ length: 400 }, (_, i) => from + ((to - from) / 400) * i)
    )
    pair = await openPair(times.map((time, seq) => ({ seq, time: Math.floor(time) })))
  }, 60_000)
  afterAll(() => pair.close())

  test.each(
    zones.flatMap((zone) =>
      (['1 hour', '6 hours', '1 day', '1 week', '1 month'] as const).map((i) => [zone, i])
    )
  )('in %s by %s is where JavaScript says', async (zone, interval) => {
    const timing = { zone: zone!, interval: interval as Interval }
    for (const span of spans) {
      const starts = bucketStarts(span, timing)
      expect(starts).toEqual([...new Set(starts)].sort((a, b) => a - b))
      const sql = `SELECT bucket(time) AS start, time FROM selected('', 'now') ORDER BY time`
      const found = await expectParity(pair, sql, { ...span, traffic: 'all', clauses: [] }, timing)
      for (const { start, time } of found) {
        expect(start).toBe(starts.findLast((begin) => begin <= Number(time)))
      }
    }
  })

  test('local time is what the zone shows', async () => {
    const timing = { zone: 'Europe/Amsterdam', interval: '1 hour' as const }
    const sql = `SELECT strftime(local_time(time), '%Y-%m-%d %H:%M') AS shown, time FROM selected('', 'now')`
    const found = await expectParity(pair, sql, { ...spans[1]!, traffic: 'all', clauses: [] }, timing)
    const clock = new Intl.DateTimeFormat('sv-SE', {
      timeZone: timing.zone,
      dateStyle: 'short',
      timeStyle: 'short'
    })
    for (const { shown, time } of found) expect(shown).toBe(clock.format(Number(time)))
  })
})

test('chooseInterval takes the narrowest that fits', () => {
  const from = 0
  expect(chooseInterval({ from, to: intervals['1 day'] }, 400)).toBe('5 minutes')
  expect(chooseInterval({ from, to: 30 * intervals['1 day'] }, 400)).toBe('6 hours')
})
