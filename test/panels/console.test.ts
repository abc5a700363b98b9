import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readsOf } from '../../src/lib/ask/reads.ts'
import { relations } from '../../src/lib/ask/relations.ts'
import type { Query } from '../../src/lib/ask/query.ts'
import type { Clause, Selection } from '../../src/lib/filter/filter.ts'
import { columns } from '../../src/lib/schema/hit.ts'
import { nearest, readMistake } from '../../src/lib/panels/console/mistake.ts'
import { columnOf, rawOf } from '../../src/lib/panels/console/column.ts'
import { readableOf, readRows } from '../../src/lib/panels/console/readable.ts'
import { askFor, countOf } from '../../src/lib/panels/console/statement.ts'
import { openPair, type Pair } from '../ask/parity.ts'

const noon = Date.UTC(2026, 10, 20, 12)
const row = (minute: number, path: string, status: number, ip: string, other = {}) => ({
  seq: minute,
  kind: 'request',
  time: noon + minute * 60_000,
  method: 'GET',
  path,
  status,
  ip,
  visitor: Number(ip.at(-1)),
  is_asset: false,
  is_bot: false,
  ...other
})
const from = { referrer: 'https://duck.example/', referrer_domain: 'duck.example', referrer_kind: 'search' }
const rows = [
  row(0, '/', 200, '192.0.2.1', from),
  row(1, '/docs', 200, '192.0.2.1', { duration: 20 }),
  row(2, '/', 404, '192.0.2.2', { country: 'NL' }),
  row(100, '/late', 200, '192.0.2.1'),
  row(1_500, '/', 500, '192.0.2.3')
]
const engines = ['native', 'wasm'] as const
const whole: Selection = { from: noon - 3_600_000, to: noon + 86_400_000 * 2, traffic: 'all', clauses: [] }

let pair: Pair
beforeAll(async () => {
  pair = await openPair(rows)
  for (const engine of engines) {
    await pair[engine].select(whole)
    pair[engine].canAlwaysStop = true
  }
}, 60_000)
afterAll(() => pair.close())

const rowsOf = async (query: Query, sql: string, limit = 100) =>
  (await query.answerOnce(askFor(sql, limit, null))).rows

describe.each(engines)('a statement, on %s', { timeout: 60_000 }, (engine) => {
  const ask = (sql: string, limit?: number) => rowsOf(pair[engine], sql, limit)

  it('reads all hits with every column of the schema', async () => {
    const { columns: found } = await pair[engine].answerOnce(askFor('SELECT * FROM hits', 10, null))
    expect(found.map(({ name }) => name)).toEqual([...columns.map(({ name }) => name), 'visit', 'class'])
    expect(await ask('SELECT count(*) FROM hits')).toEqual([[5]])
    expect(await ask('FROM hits ORDER BY seq LIMIT 1')).toHaveLength(1)
  })

  it.each(relations)('finds every column that $name lists', async ({ name, columns }) => {
    const { columns: found } = await pair[engine].answerOnce(askFor(`SELECT * FROM ${name}`, 10, null))
    expect(found.map(({ name }) => name)).toEqual(columns.map(({ name }) => name))
    // These two join all that they have, whatever is asked for.
    if (['visits', 'golkepar_visits'].includes(name)) return
    for (const column of columns) await ask(`SELECT "${column.name}", count(*) FROM ${name} GROUP BY ALL`)
  })

  it('reads of selected what passes period and filter, beside all hits', async () => {
    const clauses: Clause[] = [{ field: 'path', operator: 'is', values: ['/'] }]
    await pair[engine].select({ ...whole, to: noon + 86_400_000, clauses })
    const both = `SELECT (SELECT count(*) FROM selected), (SELECT count(*) FROM hits), s.path, h.status
      FROM selected AS s JOIN hits AS h USING (seq) ORDER BY seq`
    expect(await ask(both)).toEqual([
      [2, 5, '/', 200],
      [2, 5, '/', 404]
    ])
    await pair[engine].select(whole)
    expect(await ask('SELECT count(*) FROM selected')).toEqual([[5]])
  })

  it('tells visits by their pages and where they came from', async () => {
    const sql =
      'SELECT requests, entry_page, exit_page, source, source_kind, duration FROM visits ORDER BY begin_time'
    expect(await ask(sql)).toEqual([
      [2, '/', '/docs', 'duck.example', 'search', 60_000],
      [1, null, null, null, null, 0],
      [1, '/late', '/late', null, null, 0],
      [1, null, null, null, null, 0]
    ])
    expect(await ask('SELECT count(*) FROM hits JOIN visits USING (visit)')).toEqual([[5]])
  })

  it('may be that of a panel', async () => {
    const sql = `SELECT bucket(time) AS hour, max(local_time(time)), count(*) FROM selected('', 'now') JOIN clients USING (client) GROUP BY ALL ORDER BY hour`
    expect((await ask(sql)).map(([, , hits]) => hits)).toEqual([3, 1, 1])
  })

  it('may be the default query of Ballcone', async () => {
    expect(await ask('SELECT * FROM pragma_database_size();')).not.toHaveLength(0)
  })

  it('keeps its order, its semicolon, and a remark at its end', async () => {
    expect(await ask(`SELECT path FROM hits ORDER BY seq DESC; -- ; done`, 1)).toEqual([['/'], ['/late']])
    expect(await ask(`VALUES (2), (1)`)).toEqual([[2], [1]])
    expect(await ask(`WITH mine AS (SELECT path FROM hits WHERE status = 404) FROM mine`)).toEqual([['/']])
  })

  it('gives a row as a whole', async () => {
    const [[found]] = (await ask('SELECT h FROM hits h ORDER BY h.seq LIMIT 1')) as [[{ path: string }]]
    expect(found.path).toBe('/')
  })

  it('is counted up to a bound', async () => {
    expect((await pair[engine].answerOnce(countOf('SELECT * FROM hits', 3))).rows).toEqual([[4]])
    expect((await pair[engine].answerOnce(countOf('SELECT path FROM hits GROUP BY path;', 10))).rows).toEqual(
      [[3]]
    )
    expect(await ask('SELECT * FROM range(1000000000000)', 2)).toEqual([[0], [1], [2]])
  })

  it('is sorted by a column of its result', async () => {
    const sorted = askFor('SELECT path, status FROM hits', 1, { column: 1, isDescending: true })
    expect((await pair[engine].answerOnce(sorted)).rows[0]).toEqual(['/', 500])
  })

  it.each([
    'INSERT INTO hits SELECT 1',
    'DROP TABLE hits',
    `ATTACH ':memory:' AS other`,
    `COPY (SELECT 1) TO 'x'`,
    'PRAGMA database_list',
    'SET threads = 2',
    'SELECT 1; SELECT 2',
    'SELECT 1) AS x; DROP TABLE hits; SELECT (1',
    'WITH one AS (SELECT 1) DELETE FROM hits'
  ])('is never %j', (sql) => {
    expect(() => askFor(sql, 10, null)).toThrow(/begins with SELECT|one statement|changes nothing/)
  })

  const mistakeOf = async (sql: string) => {
    const error = await Promise.resolve()
      .then(() => ask(sql))
      .then(
        () => new Error('nothing is wrong'),
        (error: Error) => error
      )
    const mistake = readMistake(error, sql)
    return { ...mistake, at: mistake.place && sql.slice(mistake.place.from, mistake.place.to) }
  }

  it.each([
    [
      'SELECT country\nFROM selected\nWHERE path = 1 AND statuss = 429',
      'statuss',
      /no column “statuss”/,
      'status'
    ],
    ['SELECT path FROM hitz', 'hitz', /no relation “hitz”/, 'hits'],
    ['SELECT a.pth FROM hits a', 'pth', /no column “pth”/, 'path'],
    ['SELECT\n lenght(path) FROM hits', 'lenght', /no function “lenght”/, 'length'],
    ['SELECT count(* FROM hits', 'FROM', /can’t go on with “FROM”/, undefined],
    ['-- a name\nSELECT path, count(*) FROM hits', 'path', /neither grouped nor aggregated/, undefined],
    ['-- x\n  DROP TABLE hits', 'DROP', /not with DROP/, undefined],
    ['-- nothing', '', /begins with SELECT, WITH, FROM or VALUES\.$/, undefined],
    ['SELECT 1 /* a /* b */', '', /comment isn’t closed/, undefined],
    [`SELECT ${'path, '.repeat(30)}pat, ${'path, '.repeat(30)} 1 FROM hits`, 'pat', /“pat”/, 'path']
  ])('is marked where it is wrong: %s', async (sql, at, message, candidate) => {
    const found = await mistakeOf(sql)
    expect(found.message).toMatch(message)
    if (at) expect(found.at).toBe(at)
    expect(found.details).not.toMatch(/"(?:held|words|clients)"/)
    expect(found.candidates[0]).toBe(candidate)
  })
})

describe('what a statement reads', () => {
  const isWhole = (sql: string) => readsOf(sql, relations).isWhole

  it.each([
    'SELECT * FROM hits',
    'SELECT h.* FROM hits AS h',
    'FROM hits',
    'SELECT path, (FROM hits) FROM hits',
    `SELECT COLUMNS('p.*') FROM hits`,
    'SELECT hits FROM hits',
    'SELECT to_json(h) FROM hits h',
    'SELECT count(DISTINCT h) FROM hits h',
    'SELECT 1 FROM hits NATURAL JOIN visits',
    'PIVOT hits ON status'
  ])('may be every column: %s', (sql) => expect(isWhole(sql)).toBe(true))

  it.each([
    'SELECT count(*) FROM hits',
    'SELECT path, count( * ) * 2 FROM hits WHERE bytes * 8 > 3 GROUP BY ALL',
    `SELECT '*' FROM hits`,
    'SELECT h.path FROM hits AS h JOIN visits v ON v.visit = h.visit',
    'SELECT path FROM hits -- *\nWHERE status = 200'
  ])('is what it names: %s', (sql) => expect(isWhole(sql)).toBe(false))

  it('is no relation that is only a text or a remark', () => {
    expect([...readsOf(`SELECT 'visits' FROM hits -- flat`, relations).relations]).toEqual(['hits'])
  })
})

it('the likest name comes first', () => {
  expect(nearest('statuss', ['host', 'upstream_status', 'status'])).toEqual(
    ['status', 'upstream_status'].slice(0, 1)
  )
})

it('a mistake is read also of the JSON that the engine writes where a query can be stopped', () => {
  const exception_message =
    'Referenced column "pth" not found in FROM clause!\n\nLINE 2: SELECT pth FROM hits\n               ^'
  const error = new Error(JSON.stringify({ exception_type: 'Binder', exception_message, position: '7' }))
  expect(readMistake(error, 'SELECT pth FROM hits')).toMatchObject({
    message: 'There’s no column “pth” here.',
    details: 'Binder Error: Referenced column "pth" not found in FROM clause!',
    place: { from: 7, to: 10 },
    candidates: ['path']
  })
})

it('no table of the star is offered in the place of a relation', () => {
  const error = new Error(
    'Catalog Error: Table with name helt does not exist!\nDid you mean "held"?\n\nLINE 2: FROM helt\n             ^'
  )
  expect(readMistake(error, 'FROM helt')).toMatchObject({
    message: 'There’s no relation “helt”.',
    details: 'Catalog Error: Table with name helt does not exist!',
    candidates: []
  })
})

describe('a result in the page', { timeout: 60_000 }, () => {
  const read = (sql: string, sort: { column: number; isDescending: boolean } | null = null) =>
    readRows((question) => pair.wasm.answerOnce(question), sql, 100, sort)

  it.each([
    `'b'::ENUM('a', 'b')`,
    `'0101'::BIT`,
    `'infinity'::DATE`,
    `'-infinity'::DATE`,
    `'5000000-01-01'::DATE`,
    `'12345-06-07'::DATE`,
    `DATE '0044-03-15 (BC)'`,
    `DATE '1969-12-31'`,
    `'infinity'::TIMESTAMP`,
    `'-infinity'::TIMESTAMP`,
    `'infinity'::TIMESTAMP_S`,
    `'-infinity'::TIMESTAMP_MS`,
    `'infinity'::TIMESTAMP_NS`,
    `'290000-01-01 10:00:00'::TIMESTAMP`,
    `TIMESTAMP '0044-03-15 (BC) 10:00:00'`,
    `TIMESTAMP '2026-11-20 12:00:00.123456'`,
    `TIMESTAMP '1969-12-31 23:59:59.999999'`,
    `TIMESTAMP_S '2026-11-20 12:00:00'`,
    `TIMESTAMP_MS '2026-11-20 12:00:00.5'`,
    `TIMESTAMP_NS '2026-11-20 12:00:00.123456789'`,
    `TIMETZ '10:00:00+02'`,
    `340282366920938463463374607431768211455::UHUGEINT`,
    `'123456789012345678901'::BIGNUM`,
    `union_value(k := TIME '10:00:00')`,
    `row(1, 'a')`,
    `row(NULL, DATE '2026-11-20')`,
    `[row(TIMESTAMPTZ '2026-11-20 12:00:00+02', 2)]`,
    `row(TIMESTAMP '2026-11-20 12:00:00', 2)`
  ])('has %s as the engine writes it', async (sql) => {
    const { columns, rows } = await read(`SELECT ${sql} AS "an ""odd"" name", (${sql})::VARCHAR AS text`)
    expect(columns[0]!.name).toBe('an "odd" name')
    expect(rawOf(rows[0]![0]!, columnOf(columns[0]!))).toBe(rows[0]![1])
  })

  it.each([
    [`['b'::ENUM('a', 'b')]`, ['b']],
    [`['it''s'::ENUM('it''s', 'BIT')]`, [`it's`]],
    [`['101'::BIT, NULL]`, ['101', null]],
    [`[DATE '2026-11-20', 'infinity'::DATE]`, ['2026-11-20', 'infinity']],
    [`[TIMESTAMP '2026-11-20 12:00:00.5', 'infinity']`, ['2026-11-20 12:00:00.5', 'infinity']],
    [`[[TIMESTAMPTZ '2026-11-20 12:00:00+02']]`, [['2026-11-20 10:00:00+00']]],
    [`array_value(TIMESTAMP_NS '2026-11-20 12:00:00.000000001')`, ['2026-11-20 12:00:00.000000001']],
    [`[TIME '10:00:00.5']`, ['10:00:00.5']],
    [
      `{'DATE': DATE '2026-11-20', 'a, DATE': 1, 'TIME': DATE '2026-11-21', 'in': {'t': TIME '10:00:00', 'BIT': '01'::BIT}}`,
      { DATE: '2026-11-20', 'a, DATE': 1, TIME: '2026-11-21', in: { t: '10:00:00', BIT: '01' } }
    ],
    [`MAP {TIMESTAMP '2026-11-20 12:00:00': DATE '2026-11-20'}`, { '2026-11-20 12:00:00': '2026-11-20' }],
    [`{'n': 1, 'l': [1.5]}`, { n: 1, l: [1.5] }]
  ])('has in %s what it has alone', async (sql, cell) => {
    expect((await read(`SELECT ${sql} AS v`)).rows).toEqual([[cell]])
  })

  it('is sorted before its columns are cast, also if two have one name', async () => {
    const sql = 'SELECT * FROM (SELECT 1 AS n, range::UHUGEINT AS n FROM range(8, 12)) -- end'
    expect((await read(sql, { column: 1, isDescending: true })).rows).toEqual(
      ['11', '10', '9', '8'].map((n) => [1, n])
    )
  })

  it('is cast only where it must be', () => {
    const types = [
      `ENUM('a', 'it''s')`,
      'BLOB',
      'DATE',
      'DATE[]',
      'STRUCT(DATE INTEGER, a DATE)',
      'STRUCT(a BLOB)'
    ]
    expect(types.map(readableOf)).toEqual([
      'VARCHAR',
      null,
      null,
      'VARCHAR[]',
      'STRUCT(DATE INTEGER, a VARCHAR)',
      null
    ])
  })

  it('names the place of a mistake', async () => {
    const error = await read('SELECT 1,\n  nothing').catch((error: Error) => error)
    expect(readMistake(error, 'SELECT 1,\n  nothing').place).toMatchObject({ from: 12 })
  })
})
