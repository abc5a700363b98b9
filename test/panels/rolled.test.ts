import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Question } from '../../src/lib/ask/counted.ts'
import { traffics, type Clause, type Selection } from '../../src/lib/filter/filter.ts'
import type { Timing } from '../../src/lib/time/buckets.ts'
import { Store } from '../../src/lib/device/store.ts'
import { breakdownOf } from '../../src/lib/panels/breakdowns.ts'
import { dayValuesOf, daysOf } from '../../src/lib/panels/days.ts'
import { figuresOf, splits, type FiguresRow } from '../../src/lib/panels/figures.ts'
import { rhythmOf, worstOffenders } from '../../src/lib/panels/questions.ts'
import { routesOf } from '../../src/lib/panels/routes.ts'
import { rollUpsOf } from '../../src/lib/ask/roll.ts'
import { keptTabs, measures } from '../../src/lib/panels/measures/measures.ts'
import { dayOf } from '../../src/lib/schema/day.ts'
import { amount } from '../amounts.ts'
import { decoded } from '../star/incoming.ts'
import { openNative } from '../engine/native.ts'
import { openWasm } from '../engine/node-engine.ts'
import { Copy, day, dayCount, partOf, random, start, type Row } from './rolled-copy.ts'

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
    [is('entry_page', '/a')],
    [is('visit_source', 'example.com', null)],
    [{ ...is('path', '/a'), visits: true }],
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
function questionsOf({ from, to }: Selection, zone: string): Question[] {
  const stretch = { from: from + (to - from) / 5, to: to - (to - from) / 4 }
  return [
    ...keptTabs.map((tab) => breakdownOf(tab, random.pick(['now', 'previous'] as const))),
    daysOf(8, zone),
    daysOf(2, zone),
    dayValuesOf(start, zone),
    dayValuesOf(start + 3 * day, zone),
    rhythmOf,
    figuresOf('chart', null, true),
    figuresOf('chart', stretch, true),
    figuresOf('chart_previous', stretch, true),
    routesOf(true),
    worstOffenders
  ]
}

/** The figures as the page reads them: a bucket may be told by several rows. */
const splitsOf = (rows: Row[]) => {
  const starts = [...new Set(rows.map(({ bucket }) => bucket))].filter((at) => at !== null).sort()
  return splits(rows as unknown as FiguresRow[], starts as number[])
}

const round = (cell: unknown): unknown =>
  typeof cell === 'number' && !Number.isInteger(cell) ? Number(cell.toPrecision(9)) : cell

const asShown = (rows: Row[]) =>
  JSON.stringify(rows[0] && 'is_counted' in rows[0] ? splitsOf(rows) : rows, (_, cell: unknown) =>
    round(cell)
  )

async function expectSame(copy: Copy, count: number) {
  for (let i = 0; i < count; i++) {
    const { selection, timing } = selectionOf()
    await copy.query.select(selection, timing)
    for (const [at, question] of questionsOf(selection, timing.zone).entries()) {
      const wanted = asShown(await copy.ask(question, true))
      const found = asShown(await copy.ask(question, false))
      expect(found, JSON.stringify({ selection, timing, at })).toBe(wanted)
    }
  }
}

describe.each([
  ['native DuckDB', openNative, amount('rolled selections')],
  ['the page’s engine', openWasm, 2]
])('roll-ups on %s', (_, open, count) => {
  let copy: Copy
  beforeAll(async () => {
    copy = new Copy(await open())
    await copy.store.open('test')
    await copy.store.openRolls(rollUpsOf(measures))
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
    const rows = () => copy.connection.run('SELECT sum(requests) FROM rolled_requests')
    const before = await rows()
    await copy.store.roll({ from: start, to: start + 2 * day }, rollUpsOf(measures))
    expect(await rows()).toEqual(before)
  })

  test('answer as the hits do', { timeout: 120_000 }, () => expectSame(copy, count))

  test('answer wherever no clause is in the way', async () => {
    const asked = async (question: Question, clauses: Clause[], to = start + 8 * day) => {
      await copy.query.select({ from: start, to, traffic: 'all', clauses })
      const before = copy.query.spent.rolled
      await copy.ask(question, false)
      return copy.query.spent.rolled > before
    }
    const visited = breakdownOf(keptTabs[0]!, 'now')
    expect(await asked(visited, [])).toBe(true)
    expect(await asked(visited, [is('path', '/a')])).toBe(true)
    expect(await asked(visited, [{ ...is('country', 'NL'), disabled: true }])).toBe(true)
    expect(await asked(visited, [is('country', 'NL')])).toBe(false)
    expect(await asked(visited, [{ field: 'path', operator: 'not', values: ['/a'] }])).toBe(false)
    expect(await asked(visited, [], start + 5 * day)).toBe(false)
    const entry = breakdownOf(
      keptTabs.find(({ field }) => field === 'entry_page')!,
      'now'
    )
    expect(await asked(entry, [is('entry_page', '/a')])).toBe(true)
    expect(await asked(visited, [is('entry_page', '/a')])).toBe(false)
    expect(await asked(visited, [{ ...is('path', '/a'), visits: true }])).toBe(false)
  })

  test('answer every question of the overview', async () => {
    const selection = { from: start, to: start + 8 * day, traffic: 'people' as const, clauses: [] }
    await copy.query.select({ ...selection, previous: { from: start, to: start + 7 * day } })
    const questions = [
      ...keptTabs.map((tab) => breakdownOf(tab, 'now')),
      breakdownOf(keptTabs[0]!, 'previous'),
      daysOf(8, 'UTC'),
      dayValuesOf(start, 'UTC'),
      rhythmOf,
      figuresOf('chart', null, true),
      routesOf(true),
      worstOffenders
    ]
    for (const question of questions) {
      const { rolled } = copy.query.spent
      await copy.ask(question, false)
      expect(copy.query.spent.rolled, String(question)).toBe(rolled + 1)
    }
  })

  test('spare the hits of whole days', async () => {
    const left = async (to: number) => {
      await copy.query.select({ from: start, to, traffic: 'all', clauses: [] })
      const hits = `SELECT count(*) AS n FROM hits WHERE NOT (time >= getvariable('now_rolled_from') AND time < getvariable('now_rolled_to')) AND time < epoch_ms(${to})`
      return (await copy.ask(hits, false))[0]!.n
    }
    expect(await left(start + 8 * day)).toBe(0)
    expect(await left(start + 8 * day + 1_000)).toBeLessThan(60)
    expect(await left(start + 5 * day)).toBe(5 * 60)
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
      method: 'GET',
      status: 200,
      is_bot: false,
      duration: 1,
      is_asset: false
    }
    await copy.load(erased, 20, special)
    await copy.roll()
    const names = async () => {
      const { rows } = await copy.connection.run(
        `SELECT word FROM words WHERE word IN ('/of/ann', '198.51.100.7', 'utm_source=of-ann')
         UNION ALL SELECT DISTINCT value FROM rolled_utm_source WHERE value = 'of-ann'
         ORDER BY ALL`
      )
      return rows.map(([name]) => name)
    }
    expect(await names()).toEqual(['/of/ann', '/of/ann', '198.51.100.7', 'of-ann', 'utm_source=of-ann'])
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
    await copy.store.openRolls({ ...rollUpsOf(measures), name: 'other' })
    expect(copy.store.rolled.size).toBe(0)
    const { rows } = await copy.connection.run('SELECT count(*) FROM rolled_visited')
    expect(rows).toEqual([[0]])
  })
})
