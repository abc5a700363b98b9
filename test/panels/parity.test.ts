import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Question } from '../../src/lib/ask/counted.ts'
import { traffics, type Clause, type Selection } from '../../src/lib/filter/filter.ts'
import { dayValuesOf, daysOf } from '../../src/lib/panels/days.ts'
import { figuresOf } from '../../src/lib/panels/figures.ts'
import { panels, usersPanel, type Tab } from '../../src/lib/panels/ledger.ts'
import { nowSql } from '../../src/lib/panels/panels.ts'
import { routesOf } from '../../src/lib/panels/routes.ts'
import { breakdownOf } from '../../src/lib/panels/breakdowns.ts'
import { hiddenSql } from '../../src/lib/panels/hidden.ts'
import { latestSql, rhythmOf, worstOffenders, suggestSql, valuesSql } from '../../src/lib/panels/questions.ts'
import { topMetrics, topSql } from '../../src/lib/panels/ranking.ts'
import type { Bound } from '../../src/lib/engine/connection.ts'
import { expectParity, openPair, type Pair } from '../ask/parity.ts'
import { randomOf } from '../device/site.ts'
import { columnsOf } from './hits.ts'

const folder = new URL('../../src/lib/panels/', import.meta.url)
const files = readdirSync(folder).filter((name) => name.endsWith('.sql'))
const start = Date.UTC(2026, 10, 20)
const day = 86_400_000

const tabs = [...panels, usersPanel].flatMap((panel) => panel.tabs)
/** What makes the statement of a tab differ from another's in more than an expression. */
const formOf = (tab: Tab) => [tab.counted, tab.page?.end, Boolean(tab.aside), Boolean(tab.condition)].join()
/** The first tab of each form in every variant, and of each other tab one. */
const breakdowns = (tabs: readonly Tab[]) =>
  tabs.flatMap((tab, i) =>
    tabs.findIndex((other) => formOf(other) === formOf(tab)) === i
      ? (['now', 'previous'] as const).map((period) => breakdownOf(tab, period))
      : breakdownOf(tab, 'now')
  )

const is = (field: Clause['field'], ...values: Clause['values']): Clause => ({
  field,
  operator: 'is',
  values
})

/** The questions that a file with gaps is filled into; a file without gaps is a question itself. */
const questions: Record<string, Question[]> = {
  'breakdown.sql': breakdowns(tabs),
  'days.sql': [daysOf(8, 'UTC'), daysOf(1, 'UTC')],
  'days-most.sql': [dayValuesOf(start, 'UTC')],
  'days-values.sql': [dayValuesOf(start, 'UTC'), dayValuesOf(start + day, 'UTC')],
  'latency-bins.sql': [
    figuresOf('chart', null, true),
    figuresOf('chart_previous', { from: start, to: start + day }, true)
  ],
  'latency.sql': [figuresOf('chart', null)],
  'routes.sql': [routesOf(false)],
  'latest.sql': [latestSql],
  'offenders.sql': [worstOffenders],
  'rhythm.sql': [rhythmOf],
  'routes-bins.sql': [routesOf(true)],
  'figures.sql': [
    figuresOf('chart', null),
    figuresOf('chart', { from: start, to: start + day }),
    figuresOf('chart_previous', { from: start, to: start + day / 2 })
  ],
  'top.sql': topMetrics.flatMap((sort) =>
    (['path', 'status', 'is_bot', 'bot_purpose'] as const).map((column) =>
      topSql({ column, traffic: 'all', isSearched: false, sort, isAscending: false, limit: 5 })
    )
  ),
  'now.sql': [nowSql(start + day)],
  'hidden.sql': traffics.map(hiddenSql),
  'suggest.sql': [suggestSql('path'), suggestSql('status'), suggestSql('country'), suggestSql('bot_purpose')],
  'values.sql': [valuesSql(['path', 'country', 'status'])]
}

const selections: Selection[] = [
  { from: start, to: start + 2 * day, traffic: 'all', clauses: [] },
  {
    from: start + day,
    to: start + 2 * day,
    previous: { from: start, to: start + day },
    traffic: 'people',
    clauses: [is('path', '/1', '/2'), { field: 'country', operator: 'not', values: ['NL', null] }]
  },
  { from: start - day, to: start, traffic: 'bots', clauses: [] }
]

const random = randomOf(7)
const rows = Array.from({ length: 600 }, (_, seq): Record<string, Bound> => ({
  seq,
  ...columnsOf(random),
  time: start + random.below(2 * day),
  method: random.pick(['GET', 'GET', 'POST']),
  path: `/${random.below(8)}`,
  bytes: random.below(100_000),
  duration: random.pick([null, random.below(2_000) / 7]),
  is_bot: random.below(4) === 0,
  ip: `192.0.2.${random.below(30)}`,
  asn: random.below(5),
  as_org: random.pick([null, 'One', 'Two']),
  visitor: random.below(40)
}))

describe('every panel answers the same on native DuckDB and on the page’s engine', () => {
  let pair: Pair
  beforeAll(async () => {
    pair = await openPair(rows)
  }, 60_000)
  afterAll(() => pair.close())

  test.each(files)('%s', { timeout: 60_000 }, async (file) => {
    const text = readFileSync(new URL(file, folder), 'utf8')
    for (const question of questions[file] ?? [text]) {
      for (const selection of selections) await expectParity(pair, question, selection)
    }
  })

  test('numbers are in the order of numbers', { timeout: 60_000 }, async () => {
    const top = { column: 'bytes', traffic: 'all', isSearched: false, sort: 'value', limit: 50 } as const
    const found = await expectParity(pair, topSql({ ...top, isAscending: true }), selections[0]!)
    const values = found.slice(1).map(({ value }) => Number(value))
    expect(values).toEqual(values.toSorted((a, b) => a - b))
    expect(new Set(values.map((value) => String(value).length)).size).toBeGreaterThan(1)
  })
})
