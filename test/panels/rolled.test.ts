import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { traffics, type Clause, type Selection } from '../../src/lib/filter/filter.ts'
import { mayBeRolled } from '../../src/lib/ask/rolled.ts'
import type { Timing } from '../../src/lib/time/buckets.ts'
import { Store } from '../../src/lib/device/store.ts'
import { breakdownSql } from '../../src/lib/panels/breakdowns.ts'
import { daysSql } from '../../src/lib/panels/days.ts'
import { figuresSql, splits, type FiguresRow } from '../../src/lib/panels/figures.ts'
import { rolledTabs } from '../../src/lib/panels/ledger.ts'
import { offendersSql } from '../../src/lib/panels/questions.ts'
import { routesSql } from '../../src/lib/panels/routes.ts'
import { rollUps } from '../../src/lib/panels/rolled/rolls.ts'
import { dayOf } from '../../src/lib/schema/day.ts'
import { decoded } from '../star/incoming.ts'
import { openNative } from '../engine/native.ts'
import { openWasm } from '../engine/node-engine.ts'
import { readFileSync } from 'node:fs'
import { Copy, day, dayCount, partOf, random, start, type Row } from './rolled-copy.ts'

const rhythm = readFileSync(new URL('../../src/lib/panels/rhythm.sql', import.meta.url), 'utf8')

const is = (field: Clause['field'], ...values: Clause['values']): Clause => ({
  field,
  operator: 'is',
  values
})

const clausesOf = (): Clause[] =>
  random.pick<Clause[]>([
    [],
    [],
    [is('country', 'NL')],
    [is('path', '/a', null)],
    [is('browser', 'Firefox'), { field: 'browser', operator: 'not', values: ['Chrome'] }],
    [{ field: 'status', operator: 'not', values: ['404'] }],
    [is('weekday', '3')],
    [{ ...is('country', 'NL'), disabled: true }]
  ])

function selectionOf(): { selection: Selection; timing: Timing } {
  const from = start - day + random.below(4 * day)
  const to = from + 6 * day + random.below(6 * day)
  const period = random.pick([
    { from, to },
    { from: start, to: start + 8 * day }
  ])
  const length = period.to - period.from
  return {
    selection: {
      ...period,
      traffic: random.pick(traffics),
      clauses: clausesOf(),
      previous: { from: period.from - length / 2, to: period.from + length / 2 },
      chart: { from: period.from, to: period.to, previous: { from: start, to: start + 7 * day } }
    },
    timing: {
      zone: random.pick(['UTC', 'Europe/Berlin', 'Asia/Kathmandu', 'America/New_York']),
      interval: random.pick(['15 minutes', '1 hour', '6 hours', '1 day', '1 week'] as const)
    }
  }
}

/** Everything that roll-ups have a part in. */
function questionsOf(selection: Selection): string[] {
  const { traffic, from, to } = selection
  const isRolled = mayBeRolled(selection, '')
  const stretch = { from: from + (to - from) / 5, to: to - (to - from) / 4 }
  return [
    ...rolledTabs.map((tab) =>
      breakdownSql(tab, traffic, random.pick(['now', 'previous'] as const), mayBeRolled(selection, tab.field))
    ),
    daysSql(8),
    daysSql(2),
    rhythm
  ].concat(
    figuresSql('chart', traffic, null, isRolled, true),
    figuresSql('chart', traffic, stretch, isRolled, true),
    figuresSql('chart_previous', traffic, stretch, isRolled, true),
    routesSql(selection),
    offendersSql
  )
}

/** The figures as the page reads them: a bucket may be told by several rows. */
const figuresOf = (rows: Row[]) => {
  const starts = [...new Set(rows.map(({ bucket }) => bucket))].filter((at) => at !== null).sort()
  return splits(rows as unknown as FiguresRow[], starts as number[])
}

const round = (cell: unknown): unknown =>
  typeof cell === 'number' && !Number.isInteger(cell) ? Number(cell.toPrecision(9)) : cell

const asShown = (sql: string, rows: Row[]) =>
  JSON.stringify(sql.includes('is_counted') ? figuresOf(rows) : rows, (_, cell: unknown) => round(cell))

async function expectSame(copy: Copy, count: number) {
  for (let i = 0; i < count; i++) {
    const { selection, timing } = selectionOf()
    await copy.query.select(selection, timing)
    for (const sql of questionsOf(selection)) {
      const wanted = asShown(sql, await copy.ask(sql, true))
      const found = asShown(sql, await copy.ask(sql, false))
      expect(found, JSON.stringify({ selection, timing, sql })).toBe(wanted)
    }
  }
}

describe.each([
  ['native DuckDB', openNative, 12],
  ['the page’s engine', openWasm, 2]
])('roll-ups on %s', (_, open, count) => {
  let copy: Copy
  beforeAll(async () => {
    copy = new Copy(await open())
    await copy.store.open('test')
    await copy.store.openRolls(rollUps)
    for (let i = 0; i < dayCount + 1; i++) await copy.load(start + i * day, 60)
    await copy.roll()
  }, 60_000)
  afterAll(() => copy.connection.close())

  test('are made of the days that are over', () => {
    expect([...copy.store.rolled].sort()).toEqual(
      Array.from({ length: dayCount }, (_, i) => dayOf(start + i * day))
    )
  })

  test('are made once of a day', async () => {
    const rows = () => copy.connection.run('SELECT sum(requests) FROM rolled_days')
    const before = await rows()
    await copy.store.roll({ from: start, to: start + 2 * day }, rollUps)
    expect(await rows()).toEqual(before)
  })

  test('answer as the hits do', { timeout: 120_000 }, () => expectSame(copy, count))

  test('are asked where no clause is in the way, and spare the hits', async () => {
    const [tab] = rolledTabs
    const asked = async (clauses: Clause[], to = start + 8 * day) => {
      await copy.query.select({ from: start, to, traffic: 'all', clauses })
      const [row] = await copy.ask(
        `SELECT count(*) AS n FROM hits WHERE is_left('${tab!.field}', 'now', time) AND time < epoch_ms(${to})`,
        false
      )
      return row!.n
    }
    expect(await asked([])).toBe(0)
    expect(await asked([is('path', '/a')])).toBe(0)
    expect(await asked([is('country', 'NL')])).toBe(8 * 60)
    expect(await asked([{ field: 'path', operator: 'not', values: ['/a'] }])).toBe(8 * 60)
    expect(await asked([], start + 8 * day + 1_000)).toBeLessThan(60)
    expect(await asked([], start + 5 * day)).toBe(5 * 60)
  })

  test('are left out of a question that they cannot answer', () => {
    const [tab] = rolledTabs
    const asks = (clauses: Clause[], to = start + 8 * day) =>
      breakdownSql(tab!, 'all', 'now', mayBeRolled({ from: start, to, traffic: 'all', clauses }, tab!.field))
    expect(asks([])).toContain('rolled')
    expect(asks([is('path', '/a')])).toContain('rolled')
    expect(asks([{ ...is('country', 'NL'), disabled: true }])).toContain('rolled')
    expect(asks([is('country', 'NL')])).not.toContain('rolled')
    expect(asks([{ field: 'path', operator: 'not', values: ['/a'] }])).not.toContain('rolled')
    expect(asks([], start + 5 * day)).not.toContain('rolled')
  })

  test('go with the hits of their day, and are made anew', { timeout: 60_000 }, async () => {
    const late = start + 3 * day
    await copy.load(late, 30)
    expect(copy.store.rolled.has(dayOf(late))).toBe(false)
    expect(copy.store.rolled.size).toBe(dayCount - 1)
    await expectSame(copy, 1)
    const again = new Store(copy.connection)
    await again.open('test')
    expect(again.rolled).toEqual(copy.store.rolled)
    await copy.roll()
    expect(copy.store.rolled.size).toBe(dayCount)
    await expectSame(copy, 1)
    await copy.store.drop([{ day: dayOf(late), ranges: [{ from: 0, to: 1_000 }] }])
    await expectSame(copy, 1)
  })

  test('forget what is erased', { timeout: 60_000 }, async () => {
    const erased = start - 5 * day
    const special = {
      kind: 'request',
      path: '/of/ann',
      query: 'utm_source=of-ann',
      ip: '198.51.100.7',
      status: 404,
      duration: 1,
      is_asset: false
    }
    await copy.load(erased, 20, special)
    await copy.roll()
    const names = async () => {
      const { rows } = await copy.connection.run(
        `SELECT word FROM words WHERE word IN ('/of/ann', '198.51.100.7', 'of-ann') ORDER BY ALL`
      )
      return rows.map(([name]) => name)
    }
    expect(await names()).toEqual(['/of/ann', '/of/ann', '198.51.100.7', 'of-ann'])
    await copy.store.drop([{ day: dayOf(erased), ranges: [{ from: 0, to: 1_000 }] }])
    expect(await names()).toEqual([])
    await expectSame(copy, 1)
  })

  test('stay where the change of their day failed', { timeout: 60_000 }, async () => {
    const rolled = copy.store.rolled
    const part = partOf(start, 900, 1)
    const read = () => {
      throw new Error('no bytes')
    }
    const unreadable = { rows: 1, read }
    const failed = copy.store.load([part], () => decoded([unreadable]))
    await expect(failed).rejects.toThrow('no bytes')
    expect(copy.store.rolled).toEqual(rolled)
    await expectSame(copy, 1)
  })

  test('of other statements go', async () => {
    await copy.store.openRolls({ ...rollUps, name: 'other' })
    expect(copy.store.rolled.size).toBe(0)
    const { rows } = await copy.connection.run('SELECT count(*) FROM rolled_visited')
    expect(rows).toEqual([[0]])
  })
})
