import { describe, expect, test } from 'vitest'
import { countedUnder, type Question } from '../../src/lib/ask/counted.ts'
import type { Clause } from '../../src/lib/filter/filter.ts'
import { breakdownOf, type Value } from '../../src/lib/panels/breakdowns.ts'
import { change } from '../../src/lib/panels/change.ts'
import { choose, isChosen } from '../../src/lib/panels/choices.ts'
import { toCsv } from '../../src/lib/format/csv.ts'
import { byOperator } from '../../src/lib/panels/operators.ts'
import { panels, usersPanel, type Tab } from '../../src/lib/panels/ledger.ts'
import { week } from '../../src/lib/panels/rhythm.ts'
import { clausesOfRoute, logScale } from '../../src/lib/panels/routes.ts'
import { shadeOf } from '../../src/lib/panels/shades.ts'

const tabs = [...panels, usersPanel].flatMap((panel) => panel.tabs)
const tabOf = (name: string) => tabs.find((tab) => tab.name === name)!
const is = (field: Clause['field'], ...values: string[]): Clause => ({ field, operator: 'is', values })

describe('the questions', () => {
  const selection = { from: 0, to: 1, traffic: 'all' as const, clauses: [] }
  const counted = countedUnder(selection, () => {})
  const ask = (tab: Tab) => (breakdownOf(tab, 'now') as Exclude<Question, string>)(counted)

  test('leave no gap', () => {
    for (const tab of tabs) expect(ask(tab)).not.toMatch(/[{}]/)
  })

  test('of tabs that show the same in their own ways are one', () => {
    expect(ask(tabOf('map'))).toBe(ask(tabOf('country')))
    expect(ask(tabOf('operator'))).toBe(ask(tabOf('agent')))
    expect(ask(tabOf('browser'))).not.toBe(ask(tabOf('country')))
  })
})

describe('a click', () => {
  const type = tabOf('type')
  test('on what no single value says filters by several clauses, and takes them back', () => {
    const page = choose(type, [is('status', '200')], 'Page', 'only')
    expect(page.map(({ operator, field }) => `${operator} ${field}`)).toEqual([
      'is status',
      'is is_asset',
      'nre path'
    ])
    expect(isChosen(type, page, 'Page')).toBe(true)
    expect(isChosen(type, page, 'Asset')).toBe(false)
    expect(choose(type, page, 'Page', 'only')).toEqual([is('status', '200')])
  })

  test.each([
    ['referrer', 'visit_source'],
    ['kind', 'visit_source_kind'],
    ['entry', 'entry_page'],
    ['exit', 'exit_page'],
    ['utm_source', 'utm_source']
  ] as const)('on what visits have in %s filters by %s', (tab, field) => {
    const chosen = choose(tabOf(tab), [], 'a.b+c', 'only')
    expect(chosen).toEqual([is(field, 'a.b+c')])
    expect(isChosen(tabOf(tab), chosen, 'a.b+c')).toBe(true)
    expect(choose(tabOf(tab), chosen, 'a.b+c', 'only')).toEqual([])
  })

  test('leaves a clause about visits alone', () => {
    const ofVisits: Clause = { ...is('is_asset', 'true'), visits: true }
    const chosen = choose(type, [ofVisits], 'Asset', 'only')
    expect(isChosen(type, [ofVisits], 'Asset')).toBe(false)
    expect(chosen).toEqual([ofVisits, is('is_asset', 'true')])
    expect(choose(type, chosen, 'Asset', 'only')).toEqual([ofVisits])
  })

  test('on a version chooses browser and version', () => {
    expect(choose(tabOf('browser_version'), [], 'Samsung Internet 27', 'only')).toEqual([
      is('browser', 'Samsung Internet'),
      is('browser_version', '27')
    ])
  })
})

const value = (name: string | null, counted: number): Value => ({
  value: name,
  aside: null,
  listed: 3,
  all_requests: 10,
  all_counted: 10,
  requests: counted,
  counted,
  slots: [0],
  counts: [counted]
})

test('bots are put together by operator', () => {
  const operatorOf = (name: string) => (name.startsWith('Google') ? 'Google' : null)
  const { tab, values } = byOperator(
    tabOf('operator') as Tab,
    ['Googlebot', 'Other', 'GoogleOther'].map((name, i) => value(name, i + 1)),
    operatorOf
  )
  expect(values.map((row) => [row.value, row.counted])).toEqual([
    ['Google', 4],
    [null, 2]
  ])
  expect(tab.clauses?.('Google')).toEqual([is('bot_name', 'GoogleOther', 'Googlebot')])
})

test('changes are told with a sign, and "new" where there was nothing', () => {
  expect([
    change(106.2, 100),
    change(98.9, 100),
    change(5, 0),
    change(0, 0),
    change(5, null),
    change(5, 5)
  ]).toEqual(['+6.2%', '−1.1%', 'new', '', '–', '0%'])
  expect(change(2_500, 100)).toBe('×25')
})

test('CSV is RFC 4180, and no text is a formula', () => {
  expect(
    toCsv([
      ['path', 'requests'],
      ['=1+1', -3],
      ['a,"b"', 0.5],
      ['＋x', null],
      ['@y\n', 1],
      ['sum', 93.64999999999998]
    ])
  ).toBe('path,requests\r\n\'=1+1,-3\r\n"a,""b""",0.5\r\n\'＋x,\r\n"\'@y\n",1\r\nsum,93.65\r\n')
})

test('hours of the week are averages over the times they came, and those to come are none', () => {
  const monday = Date.UTC(2026, 10, 16)
  const range = { from: monday, to: monday + 14 * 86_400_000 }
  const cells = week([{ weekday: 1, hour: 0, requests: 10 }], range, 'UTC', monday + 8 * 86_400_000)
  expect(cells[0]).toEqual({ weekday: 0, hour: 0, pace: 5, isRunning: false })
  expect(cells[24]!.pace).toBe(0)
  expect(week([], range, 'UTC', monday + 3_600_000)[5]!.pace).toBeNull()
})

test('a route is a path with any id', () => {
  expect(clausesOfRoute({ method: 'GET', route: '/a.b/:id/c' })[1]!.values[0]).toMatch(/^\^\/a\\\.b\/\(\?:/)
  expect(clausesOfRoute({ method: null, route: '/a' })).toEqual([
    { field: 'method', operator: 'is', values: [null] },
    is('path', '/a')
  ])
  const { place, ticks } = logScale([1, 100])
  expect([place(1), place(10), place(100), ticks]).toEqual([0, 50, 100, [1, 10, 100]])
})

test('shades are logarithmic', () => {
  expect([shadeOf(0, 9), shadeOf(1, 1), shadeOf(1, 1e6), shadeOf(1e3, 1e6)]).toEqual([
    'var(--line)',
    'var(--seq-6)',
    'var(--seq-1)',
    'var(--seq-4)'
  ])
})
