import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { nothingRead } from '../../src/lib/local/read.ts'
import { readParquet } from '../../src/lib/local/parquet.ts'
import { barEdges, barsOf, byStatusSql, type StatusRow } from '../../src/lib/panels/explore/by-status.ts'
import { exportFormats } from '../../src/lib/panels/explore/export-formats.ts'
import { isFound, spreadSql, valuesSql, type FieldValue } from '../../src/lib/panels/explore/field-values.ts'
import {
  denyRule,
  groupsOf,
  joinedTo,
  lineOf,
  type Joined,
  type Line
} from '../../src/lib/panels/explore/line.ts'
import { pagesOf, type Exported } from '../../src/lib/panels/explore/pages.ts'
import {
  expressionOf,
  maskedFields,
  patternsSql,
  togglePattern,
  type Pattern
} from '../../src/lib/panels/explore/patterns.ts'
import { periodFrom, retainedDays } from '../../src/lib/panels/explore/retained.ts'
import { fields } from '../../src/lib/filter/fields.ts'
import type { Clause } from '../../src/lib/filter/filter.ts'
import { openPair, type Pair } from '../ask/parity.ts'
import { randomOf } from '../device/site.ts'

const noon = Date.UTC(2026, 10, 20, 12)
const random = randomOf(7)
const id = 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6'
const paths = [
  '/',
  '/a*b',
  '/item/7',
  '/item/81',
  `/user/${id}`,
  '/user/0123456789abcdef0',
  '/v1.2/(x)',
  '/größe/3\n'
]
const agents = ['curl/8.9.1', 'curl/8.10', 'Mozilla/5.0 (X11; rv:131.0) [odd] *', null]

const messages = [
  'upstream timed out (110: Connection timed out) while reading response',
  'upstream timed out (99: Connection timed out) while reading response',
  `open() "/srv/a b" failed for ${id} at 2001:db8::1.`,
  'open() "" failed for 7 at 192.0.2.1.\n* twice',
  'plain'
]

// Half of all lines have one of three times.
const rows = Array.from({ length: 3_000 }, (_, seq) => ({
  seq,
  kind: seq % 50 === 0 ? 'error' : 'request',
  time: random.below(2) ? noon + random.below(3) * 1_000 : noon + random.below(7_200_000),
  path: random.pick(paths),
  method: 'GET',
  status: random.pick([200, 204, 301, 404, 500, 103, null]),
  bytes: random.pick([0, 10, 2_000, null]),
  duration: random.below(500) / 2,
  user_agent: random.pick(agents),
  ip: random.pick(['192.0.2.1', '198.51.100.7', '10.0.0.1']),
  bot_purpose: random.pick([null, 'search, ai_training', 'ai_training']),
  extra: random.pick([null, '{"pool":"a","headers":{"via":"x"},"odd key":1}']),
  message: seq % 50 === 0 ? random.pick(messages) : null,
  is_bot: false,
  is_asset: false,
  shape: 'combined',
  visitor: random.below(90) + 1
}))
const requests = rows.filter(({ kind }) => kind === 'request')
const period = { from: noon, to: noon + 7_200_000 }
const all = { ...period, traffic: 'all', clauses: [] as Clause[] } as const

let pair: Pair
beforeAll(async () => {
  pair = await openPair(rows)
}, 120_000)
afterAll(() => pair.close())

const engines = ['native', 'wasm'] as const

// A page takes 0.1 s to plan: it joins the words of every column.
describe.each(engines)('on %s', { timeout: 60_000 }, (engine) => {
  const ask = async <Row>(sql: string, clauses: readonly Clause[] = [], search = '') => {
    await pair[engine].select({ ...all, clauses: [...clauses] })
    await pair[engine].set({ pattern_search: search })
    return pair[engine].ask<Row>(sql)
  }

  it('values are counted, with their number and their base', async () => {
    const found = await ask<FieldValue>(valuesSql('status', 3))
    const of200 = rows.filter(({ status }) => status === 200).length
    expect(found).toHaveLength(3)
    expect(found[0]).toMatchObject({ listed: 7, base: rows.length })
    const whole = await ask<FieldValue>(valuesSql('status', 9))
    expect(whole.find(({ value }) => value === '200')!.lines).toBe(of200)
    expect(whole.find(({ value }) => value === null)!.lines).toBe(
      rows.filter(({ status }) => status === null).length
    )
  })

  it('values leave out what is chosen among them, and nothing else', async () => {
    const is200: Clause = { field: 'status', operator: 'is', values: ['200'] }
    const own = await ask<FieldValue>(valuesSql('status', 9), [is200])
    expect(own[0]!.base).toBe(rows.length)
    const others = await ask<FieldValue>(valuesSql('path', 9), [is200])
    expect(others[0]!.base).toBe(rows.filter(({ status }) => status === 200).length)
  })

  it('a line with several purposes counts once in the base', async () => {
    const found = await ask<FieldValue>(valuesSql('bot_purpose', 9))
    expect(found[0]!.base).toBe(rows.length)
    const both = rows.filter(({ bot_purpose }) => bot_purpose).length
    expect(found.find(({ value }) => value === 'ai_training')!.lines).toBe(both)
  })

  it('members of extra have values', async () => {
    const found = await ask<FieldValue>(valuesSql('extra.headers.via', 9))
    expect(found.find(({ value }) => value === 'x')!.lines).toBe(rows.filter(({ extra }) => extra).length)
  })

  it('every field can be asked for', async () => {
    for (const { name } of fields) expect(await ask(valuesSql(name, 2)), name).not.toHaveLength(0)
  })

  it('numbers have a least, a median and a most', async () => {
    const bytes = rows.flatMap(({ bytes }) => (bytes === null ? [] : bytes))
    const [spread] = await ask(spreadSql('bytes'))
    expect(spread).toMatchObject({ known: bytes.length, least: 0, most: 2_000, p95: 2_000 })
  })

  it('bars hold every line of the whole range once', async () => {
    const found = await ask<StatusRow>(byStatusSql)
    const series = barsOf(found, [noon, noon + 3_600_000, noon + 7_200_000])
    const sums = series.map(({ values }) => values.reduce<number>((sum, n) => sum + n!, 0))
    const count = (test: (status: number) => boolean) =>
      requests.filter(({ status }) => status !== null && test(status)).length
    expect(sums.slice(0, 4)).toEqual(
      [2, 3, 4, 5].map((n) => count((status) => Math.floor(status / 100) === n))
    )
    expect(sums.at(-1)).toBe(rows.length - requests.length)
    expect(sums.reduce((a, b) => a + b)).toBe(rows.length)
  })

  it('a line has all its fields', async () => {
    const row = requests.find(({ extra, bytes }) => extra && bytes === 2_000)!
    const [line] = await ask<Line>(lineOf(row.seq, row.time))
    expect(line).toMatchObject({ ...row, verdict: expect.any(String) })
    const fields = groupsOf(line!).flatMap(({ fields }) => fields)
    expect(fields.find(({ field }) => field === 'bytes')!.label).toBe('2.00\u00a0kB (2,000)')
    expect(fields.find(({ field }) => field === 'extra.headers.via')!.value).toBe('x')
    expect(fields.find(({ title }) => title === 'odd key')!.field).toBe('extra.odd%20key')
  })

  it('error lines are joined with the requests of the address within five seconds', async () => {
    const error = rows.find(({ kind, time }) => kind === 'error' && time === noon + 1_000)!
    const found = await ask<Joined>(joinedTo(error.seq, error.time))
    const near = requests.filter(({ ip, time }) => ip === error.ip && Math.abs(time - error.time) <= 5_000)
    expect(found).toHaveLength(Math.min(20, near.length))
    expect(near.map(({ seq }) => seq)).toEqual(expect.arrayContaining(found.map(({ seq }) => seq)))
    const back = await ask<Joined>(joinedTo(near[0]!.seq, near[0]!.time))
    expect(back.map(({ seq }) => seq)).toContain(error.seq)
    expect(back.every(({ message }) => messages.includes(message!))).toBe(true)
  })

  it.each(maskedFields)('a pattern of $field matches the texts that have it', async (masked) => {
    const found = await ask<Pattern>(patternsSql(masked, 100))
    expect(found.reduce((sum, { lines }) => sum + lines, 0)).toBe(found[0]!.base)
    for (const { pattern, lines } of found) {
      const clauses = togglePattern([], masked.field, expressionOf(pattern, masked)!, 'only')
      const [value] = await ask<FieldValue>(valuesSql('kind', 1), clauses)
      expect([pattern, value!.base]).toEqual([pattern, lines])
    }
  })

  it('identifiers and numbers of paths are masked, versions of agents too', async () => {
    const found = await ask<Pattern>(patternsSql(maskedFields[0], 100))
    expect(found.map(({ pattern }) => pattern).sort()).toEqual(
      ['/', '/a*b', '/item/*', '/user/*', '/v*.*/(x)', '/größe/*\n'].sort()
    )
    const curl = await ask<Pattern>(patternsSql(maskedFields[1]!, 100), [], 'CURL')
    expect(curl).toMatchObject([{ pattern: 'curl/*', texts: 2 }])
  })

  it('numbers, addresses, identifiers and quoted texts of messages are masked', async () => {
    const found = await ask<Pattern>(patternsSql(maskedFields[2]!, 100))
    expect(found.map(({ pattern }) => pattern).sort()).toEqual([
      'open() * failed for * at *.',
      'open() * failed for * at *.\n* twice',
      'plain',
      'upstream timed out (*: Connection timed out) while reading response'
    ])
    expect(found[0]!.base).toBe(rows.length - requests.length)
  })

  it.each([15, 400, 20_000])('pages of %i lines hold each line once', async (size) => {
    const few: Clause[] =
      size === 15
        ? [
            { field: 'status', operator: 'is', values: ['200'] },
            { field: 'path', operator: 'is', values: ['/'] }
          ]
        : []
    await pair[engine].select({ ...all, clauses: few })
    const pages = await Array.fromAsync(
      pagesOf((sql) => pair[engine].once<Exported>(sql), period, 3_000, size)
    )
    const expected = rows
      .filter(({ path, status }) => !few.length || (path === '/' && status === 200))
      .sort((a, b) => a.time - b.time || a.seq - b.seq)
    expect(pages.flat().map(({ seq }) => seq)).toEqual(expected.map(({ seq }) => seq))
    expect(Math.max(...pages.map((page) => page.length))).toBeLessThanOrEqual(size)
  })

  it('what is exported as Parquet is read back as the same hits', async () => {
    await pair[engine].select({ ...all })
    const pages = pagesOf((sql) => pair[engine].once<Exported>(sql), period, 3_000, 700)
    const { encode } = exportFormats.find(({ name }) => name === 'parquet')!
    const bytes = await Array.fromAsync(encode(pages))
    const file = new File(bytes, 'export.parquet')
    const hits = (await Array.fromAsync(readParquet(file, nothingRead(file.size)))).flat()
    expect(hits).toHaveLength(rows.length)
    const bySeq = new Map(rows.map((row) => [row.seq, row]))
    for (const hit of hits)
      expect(hit).toMatchObject({ ...bySeq.get(hit.seq)!, visitor: BigInt(bySeq.get(hit.seq)!.visitor) })
  })

  it('what is exported as text has a line for each hit', async () => {
    await pair[engine].select({ ...all })
    for (const { name, encode } of exportFormats.filter(
      ({ name }) => !['parquet', 'duckdb'].includes(name)
    )) {
      const pages = pagesOf((sql) => pair[engine].once<Exported>(sql), period, 3_000, 700)
      const text = await new Blob(await Array.fromAsync(encode(pages))).text()
      const lines = text.split(name === 'csv' ? '\r\n' : '\n').length - 1
      expect([name, lines]).toEqual([name, rows.length + (name === 'csv' ? 1 : 0)])
      if (name === 'ndjson') expect(JSON.parse(text.split('\n')[0]!)).toMatchObject({ method: 'GET' })
    }
  })
})

test('an answer that is read once is not kept', async () => {
  await pair.native.select({ ...all })
  const before = pair.native.spent.asked
  await pair.native.once('SELECT 1 AS one')
  await pair.native.once('SELECT 1 AS one')
  expect(pair.native.spent.asked - before).toBe(2)
})

test('a pattern that is clicked again is taken back, and one is not kept and left out at once', () => {
  const only = togglePattern([], 'path', '^a$', 'only')
  expect(only).toEqual([{ field: 'path', operator: 're', values: ['^a$'] }])
  expect(togglePattern(only, 'path', '^a$', 'only')).toEqual([])
  const both = togglePattern(only, 'path', '^b$', 'also')
  expect(both).toEqual([{ field: 'path', operator: 're', values: ['^a$', '^b$'] }])
  expect(togglePattern(both, 'path', '^a$', 'exclude')).toEqual([
    { field: 'path', operator: 're', values: ['^b$'] },
    { field: 'path', operator: 'nre', values: ['^a$'] }
  ])
})

test('a pattern that is too long for a filter has no expression', () => {
  expect(expressionOf('*/'.repeat(40), maskedFields[0])).toBeNull()
})

test('no deny rule names a private address or a verified client', () => {
  const line = { ip: '198.51.100.7', bot_proof: null }
  expect(denyRule(line, 'shop', noon)).toMatch(/^deny 198\.51\.100\.7;/)
  expect(denyRule({ ...line, ip: '2001:db8::1' }, 'shop', noon)).toMatch(/^deny 2001:db8::\/64;/)
  expect(denyRule({ ...line, bot_proof: 'verified' }, 'shop', noon)).toBeNull()
  expect(denyRule({ ...line, ip: '10.1.2.3' }, 'shop', noon)).toBeNull()
  expect(denyRule({ ...line, ip: null }, 'shop', noon)).toBeNull()
})

test('many buckets become at most 200 bars without losing an end', () => {
  const edges = Array.from({ length: 402 }, (_, i) => i)
  const bars = barEdges(edges)
  expect(bars.length - 1).toBeLessThanOrEqual(200)
  expect([bars[0], bars.at(-1)]).toEqual([0, 401])
  expect(barEdges([0, 1, 2])).toEqual([0, 1, 2])
})

test('a field is found by words in any order', () => {
  const { 0: path } = fields
  const network = fields.find(({ name }) => name === 'as_org')!
  expect(isFound(network, 'ORG as')).toBe(true)
  expect(isFound(network, 'net')).toBe(true)
  expect(isFound(path!, 'net')).toBe(false)
  expect(isFound(path!, '')).toBe(true)
})

test('a day shows itself and all later days, again or with Shift itself alone', () => {
  const part = (day: string, rows: number) => ({
    id: day + rows,
    day,
    ranges: [],
    revision: 0,
    rows,
    bytes: 10 * rows,
    sha256: '',
    min_time: 0,
    max_time: 0
  })
  const days = retainedDays(
    [part('2026-11-20', 1), part('2026-11-22', 5), part('2026-11-20', 2)],
    ['2026-11-22']
  )
  expect(days).toEqual([
    { day: '2026-11-22', rows: 5, bytes: 50, isHere: false },
    { day: '2026-11-20', rows: 3, bytes: 30, isHere: true }
  ])
  const [from, next, to] = ['2026-11-20', '2026-11-21', '2026-11-23'].map((day) => Date.parse(day))
  const shown = { from: 0, to: 1 }
  expect(periodFrom('2026-11-20', days, shown, false)).toEqual({ from, to })
  expect(periodFrom('2026-11-20', days, { from: from!, to: to! }, false)).toEqual({ from, to: next })
  expect(periodFrom('2026-11-20', days, shown, true)).toEqual({ from, to: next })
})
