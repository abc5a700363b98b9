import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Question } from '#lib/ask/counted.ts'
import { Query } from '#lib/ask/query.ts'
import type { Variables } from '#lib/ask/selected.ts'
import { noteSource, statementOf } from '#lib/ask/stated.ts'
import { toObjects, type Connection } from '#lib/engine/connection.ts'
import { fields } from '#lib/filter/fields.ts'
import type { Selection } from '#lib/filter/filter.ts'
import { archesOf as archesOfBots } from '#lib/panels/bots/arches.ts'
import { crawlsSql } from '#lib/panels/bots/crawls.ts'
import { evidenceSql, identitiesSql } from '#lib/panels/bots/questions.ts'
import { robotsSql } from '#lib/panels/bots/robots.ts'
import { breakdownOf } from '#lib/panels/breakdowns.ts'
import { askFor } from '#lib/panels/console/statement.ts'
import { askDays } from '#lib/panels/days.ts'
import { byStatusSql } from '#lib/panels/explore/by-status.ts'
import { spreadSql, unitOf, valuesSql } from '#lib/panels/explore/field-values.ts'
import { maskedFields, patternsSql } from '#lib/panels/explore/patterns.ts'
import { figuresOf } from '#lib/panels/figures.ts'
import { panels, usersPanel } from '#lib/panels/ledger.ts'
import { latestSql, rhythmOf, worstOffenders } from '#lib/panels/questions.ts'
import { topSql } from '#lib/panels/ranking.ts'
import { routesOf } from '#lib/panels/routes.ts'
import * as security from '#lib/panels/security/security.ts'
import { variableOf } from '#lib/panels/visitor/about.ts'
import * as visitor from '#lib/panels/visitor/questions.ts'
import type { Subject } from '#lib/panels/visitor/subject.ts'
import { filled } from '../detect/filled.ts'

const start = Date.parse('2026-11-01T00:00:00Z')
const agent = 'Mozilla/5.0 (X11; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0'
const bot = 'Mozilla/5.0 (compatible; GPTBot/1.2; +https://openai.com/gptbot)'
const line = (minute: number, ip: string, path: string, status = 200, by = agent, method = 'GET') => {
  const clock = new Date(start + minute * 60_000).toISOString().slice(11, 19)
  return `${ip} - ann [0${1 + Math.floor(minute / 1_440)}/Nov/2026:${clock} +0000] "${method} ${path} HTTP/1.1" ${status} ${minute} "https://search.example/" "${by}"`
}
const reader = '203.0.113.9'
const lines = [
  line(0, reader, '/'),
  line(1, reader, '/style.css'),
  line(2, reader, '/docs?utm_source=a&token=secret1'),
  line(3, reader, '/gone', 404),
  line(1_500, reader, '/o%27brien/17'),
  line(10, '198.51.100.1', '/.git/config', 200),
  line(11, '198.51.100.1', '/.env', 404),
  line(12, '198.51.100.2', '/admin/', 403),
  line(13, '192.0.2.5', '/search?q=%27%20OR%201=1--', 500),
  ...[1, 2, 3, 4].map((i) => line(20 + i, '192.0.2.77', '/login', 401, agent, 'POST')),
  ...[1, 2, 3].map((i) => line(30 + i, '192.0.2.80', `/docs/${i}`, 200, bot))
]
const selection: Selection = { from: start, to: start + 2 * 86_400_000, traffic: 'all', clauses: [] }
const filtered: Selection = {
  ...selection,
  traffic: 'people',
  clauses: [{ field: 'status', operator: 'is', values: ['200'] }]
}

interface Shown {
  panel: string
  question: Question
  variables?: Variables
}

const kinds: readonly Subject[] = [
  { kind: 'address', value: reader },
  { kind: 'range', value: '198.51.100.0/24' },
  { kind: 'network', value: "O'Brien" }
]
const ofSubject = (subject: Subject): Shown[] =>
  (
    [
      ['facts', visitor.knownOf(subject.kind)],
      ['figures', visitor.figuresOf(subject.kind)],
      ['days', visitor.daysOf(subject.kind)],
      ['visits', visitor.visitsOf(subject.kind)],
      ['requests', visitor.requestsOf(subject.kind, 'hits', 50)],
      ['neighbors', visitor.neighborsOf(subject.kind, 8)]
    ] as const
  ).map(([name, question]) => ({
    panel: `${name} of ${subject.kind}`,
    question,
    variables: { network: "O'Brien", ...variableOf(subject) }
  }))

const top = { sort: 'requests', isAscending: false, isSearched: true, limit: 50 } as const
const shown: readonly Shown[] = [
  ...[...panels, usersPanel].flatMap(({ name, tabs }) =>
    tabs.map((tab) => ({ panel: `${name} ${tab.name}`, question: breakdownOf(tab, 'now') }))
  ),
  { panel: 'key figures', question: figuresOf('chart', null) },
  { panel: 'key figures of a stretch', question: figuresOf('chart', { from: start, to: start + 600_000 }) },
  { panel: 'key figures of a long period', question: figuresOf('chart', null, true) },
  { panel: 'rhythm', question: rhythmOf },
  { panel: 'routes', question: routesOf(false) },
  { panel: 'routes of a long period', question: routesOf(true) },
  { panel: 'offenders', question: worstOffenders },
  { panel: 'latest', question: latestSql },
  { panel: 'arches of bots', question: archesOfBots('now') },
  { panel: 'identities', question: identitiesSql },
  { panel: 'rules', question: evidenceSql },
  { panel: 'robots', question: robotsSql('User-agent: *\nDisallow: /docs') },
  { panel: 'crawls', question: crawlsSql },
  { panel: 'arches of security', question: security.archesOf('now') },
  {
    panel: 'answered',
    question: security.answeredSql,
    variables: { harmless: ["/o'brien"] }
  },
  { panel: 'answered, none harmless', question: security.answeredSql, variables: { harmless: [] } },
  { panel: 'families', question: security.lanesOf('now') },
  ...security.groupings.map(({ name }) => ({
    panel: `offenders by ${name}`,
    question: security.offendersOf(name)
  })),
  { panel: 'block list', question: security.blockedSql },
  { panel: 'targets', question: security.targetsSql },
  { panel: 'logins', question: security.failedLoginsSql },
  { panel: 'admin', question: security.adminSql },
  { panel: 'detections', question: security.foundSql },
  { panel: 'secrets', question: security.secretsSql },
  { panel: 'requests by status', question: byStatusSql },
  ...fields.map(({ name }) => ({ panel: `values of ${name}`, question: valuesSql(name, 6) })),
  ...fields.flatMap(({ name }) =>
    unitOf(name) ? [{ panel: `numbers of ${name}`, question: spreadSql(name) }] : []
  ),
  ...maskedFields.map((masked) => ({
    panel: `patterns of ${masked.field}`,
    question: patternsSql(masked, 50),
    variables: { pattern_search: "o'" }
  })),
  {
    panel: 'all values of path',
    question: topSql({ ...top, column: 'path', traffic: 'all' }),
    variables: { top_search: "'; DROP TABLE hits; --" }
  },
  ...kinds.flatMap(ofSubject),
  { panel: 'reasons', question: visitor.reasonsSql, variables: { visitor: '17' } }
]

describe('the statement of a panel, in the console', () => {
  let connections: readonly Connection[]
  let [page, console] = [] as unknown as [Query, Query]
  beforeAll(async () => {
    connections = [await filled([{ name: 'log', lines }]), await filled([{ name: 'log', lines }])]
    ;[page, console] = connections.map((connection) => new Query(connection)) as [Query, Query]
  }, 60_000)
  afterAll(() => Promise.all(connections.map((connection) => connection.close())))

  it.each([
    ['all requests', selection],
    ['a filter', filtered]
  ])('gives the numbers of the panel, under %s', { timeout: 120_000 }, async (_, selection) => {
    await page.select(selection)
    await console.select(selection)
    const empty: string[] = []
    for (const { panel, question, variables } of shown) {
      if (variables) await page.set(variables)
      const rows = await page.ask(question)
      const sql = statementOf(rows)
      expect(sql, panel).not.toBeNull()
      expect(sql, panel).not.toMatch(/\brolled_/)
      const found = toObjects(await console.answerOnce(askFor(`-- ${panel}\n${sql}`, 10_000, null)))
      expect(found, panel).toEqual(rows)
      if (!rows.length) empty.push(panel)
    }
    expect(empty.length).toBeLessThan(shown.length / 2)
  })

  it('is known also of days, which two questions give', async () => {
    await page.select(selection)
    await console.select(selection)
    const rows = await askDays(page, 10, 'UTC')
    const found = toObjects<(typeof rows)[number]>(
      await console.answerOnce(askFor(statementOf(rows)!, 10_000, null))
    )
    expect(found.map(({ day, requests }) => [day, requests])).toEqual(
      rows.map(({ day, requests }) => [day, requests])
    )
  })

  it('holds the values of variables as texts, whatever is in them', async () => {
    const value = `a'b\0c\n"--$$`
    await page.set({ odd: value, odds: [value, 'b'], moment: new Date(start) })
    const rows = await page.ask(
      "SELECT getvariable('odd') AS odd, getvariable('odds')[1] AS first, getvariable('moment') AS moment, getvariable('none') AS none"
    )
    const found = toObjects(await console.answerOnce(askFor(statementOf(rows)!, 1, null)))
    expect(found).toEqual([{ odd: value, first: value, moment: start, none: null }])
  })

  it('is not known of rows that no question gave', () => {
    expect(statementOf([])).toBeNull()
    expect(statementOf(noteSource([1], []))).toBeNull()
  })
})
