import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { traffics, type Clause, type Selection } from '../../src/lib/filter/filter.ts'
import { daysSql } from '../../src/lib/panels/days.ts'
import { figuresSql } from '../../src/lib/panels/figures.ts'
import { panels, rolledName, usersPanel, type Tab } from '../../src/lib/panels/ledger.ts'
import { nowSql } from '../../src/lib/panels/panels.ts'
import { routesSql } from '../../src/lib/panels/routes.ts'
import { breakdownSql } from '../../src/lib/panels/breakdowns.ts'
import { hiddenSql } from '../../src/lib/panels/hidden.ts'
import { latestSql, offendersSql, suggestSql, valuesSql } from '../../src/lib/panels/questions.ts'
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
const formOf = (tab: Tab) =>
  [tab.counted, tab.source, Boolean(tab.aside), Boolean(tab.condition), Boolean(rolledName(tab))].join()
/** The first tab of each form in every variant, and of each other tab one. `all` and `people` have the same statement. */
const breakdowns = (tabs: readonly Tab[]) =>
  tabs.flatMap((tab, i) =>
    tabs.findIndex((other) => formOf(other) === formOf(tab)) === i
      ? (['people', 'bots'] as const).flatMap((traffic) =>
          (['now', 'previous'] as const).map((period) => breakdownSql(tab, traffic, period))
        )
      : breakdownSql(tab, 'people', 'now')
  )

const is = (field: Clause['field'], ...values: Clause['values']): Clause => ({
  field,
  operator: 'is',
  values
})

/** The questions that a file with gaps is filled into; a file without gaps is a question itself. */
const questions: Record<string, string[]> = {
  'breakdown.sql': breakdowns(tabs.filter(({ aside }) => aside)),
  'by-hit.sql': breakdowns(tabs.filter(({ source, counted }) => !source && counted !== 'visitors')),
  'by-visitor.sql': breakdowns(tabs.filter(({ counted }) => counted === 'visitors')),
  'days.sql': [daysSql(8), daysSql(1)],
  'days-most.sql': [daysSql(5)],
  'latency-bins.sql': [
    figuresSql('chart', 'all', null, true, true),
    figuresSql('chart_previous', 'people', { from: start, to: start + day }, false, true)
  ],
  'latency.sql': [figuresSql('chart', 'all', null)],
  'routes.sql': [routesSql({ from: start, to: start + day, traffic: 'all', clauses: [] })],
  'latest.sql': [latestSql],
  'offenders.sql': [offendersSql],
  'routes-bins.sql': [routesSql({ from: start, to: start + 7 * day, traffic: 'all', clauses: [] })],
  'figures.sql': [
    figuresSql('chart', 'all', null),
    figuresSql('chart', 'people', { from: start, to: start + day }),
    figuresSql('chart_previous', 'bots', { from: start, to: start + day / 2 })
  ],
  'visits.sql': breakdowns(tabs.filter(({ source }) => source === 'visits')),
  'top.sql': topMetrics.flatMap((sort) =>
    (['path', 'status', 'is_bot'] as const).map((column) =>
      topSql({ column, traffic: 'all', isSearched: false, sort, isAscending: false, limit: 5 })
    )
  ),
  'now.sql': [nowSql(start + day)],
  'hidden.sql': traffics.map(hiddenSql),
  'suggest.sql': [suggestSql('path'), suggestSql('status'), suggestSql('country')],
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
    for (const sql of questions[file] ?? [text]) {
      for (const selection of selections) await expectParity(pair, sql, selection)
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
