import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Query } from '#lib/ask/query.ts'
import { toObjects, type Connection } from '#lib/engine/connection.ts'
import { fold } from '#lib/panels/visitor/fold.ts'
import {
  daysOf,
  figuresOf,
  knownOf,
  neighborsOf,
  reasonsSql,
  requestsOf,
  shown,
  visitsOf,
  type Day,
  type Figures,
  type Known,
  type Reason,
  type Request,
  type Visit
} from '#lib/panels/visitor/questions.ts'
import { askAbout } from '#lib/panels/visitor/about.ts'
import { pathTo, subjectOf, type Subject } from '#lib/panels/visitor/subject.ts'
import { fieldOf } from '#lib/star/star.ts'
import { rules } from '#lib/verdict/rules.ts'
import { filled } from '../detect/filled.ts'

const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0'
const chrome =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36'
const line = (
  at: string,
  ip: string,
  path: string,
  status = 200,
  { bytes = 10, agent = firefox, referrer = '-' } = {}
) =>
  `${ip} - - [0${at.slice(0, 1)}/Nov/2026:${at.slice(2)} +0000] "GET ${path} HTTP/1.1" ${status} ${bytes} "${referrer}" "${agent}"`

const reader = '203.0.113.9'
const scanner = '198.51.100.7'
const lines = [
  // A reader of two days: two visits on the first, one on the second.
  line('1 10:00:00', reader, '/', 200, { referrer: 'https://search.example/' }),
  line('1 10:00:01', reader, '/style.css'),
  line('1 10:00:02', reader, '/app.js'),
  line('1 10:05:00', reader, '/about', 200, { referrer: 'https://example.org/' }),
  line('1 12:00:00', reader, '/news'),
  line('2 09:00:00', reader, '/'),
  line('2 09:00:01', reader, '/style.css'),
  // The same address with another agent is another visitor.
  line('1 10:00:00', reader, '/feed', 200, { agent: 'curl/8.5.0' }),
  // A scanner that is refused but for one file.
  ...Array.from({ length: 9 }, (_, i) =>
    line(`1 04:00:0${i}`, scanner, `/a${i}/.env`, 404, { agent: chrome })
  ),
  line('1 04:00:10', scanner, '/.git/config', 200, { bytes: 500, agent: chrome }),
  ...Array.from({ length: 8 }, (_, i) =>
    line(`1 04:00:2${i}`, scanner, `/b${i}/.env`, 404, { agent: chrome })
  )
]
const start = Date.parse('2026-11-01T00:00:00Z')
const days = 86_400_000

describe('what is asked of a visitor', () => {
  let connection: Connection
  let query: Query
  const select = (of: object = {}) =>
    query.select({ from: start, to: start + 3 * days, traffic: 'all', clauses: [], ...of })
  const ask = <Row>(subject: Subject, sql: string) => askAbout<Row>(query, subject, sql)
  const hashOf = async (path: string) => {
    const answer = await connection.run(
      `SELECT hash::VARCHAR AS hash FROM hits JOIN visitors USING (visitor) JOIN words ON id = path AND word = ?`,
      [path]
    )
    return toObjects<{ hash: string }>(answer)[0]!.hash
  }
  const visitor = async (path: string): Promise<Subject> => ({ kind: 'visitor', value: await hashOf(path) })

  beforeAll(async () => {
    connection = await filled([{ name: 'log', lines }])
    query = new Query(connection)
    await select()
  })
  afterAll(() => connection.close())

  it('leaves no gap', () => {
    for (const kind of ['visitor', 'address', 'range', 'network'] as const)
      for (const sql of [daysOf(kind), neighborsOf(kind, 8), figuresOf(kind), knownOf(kind), visitsOf(kind)])
        expect(sql).not.toMatch(/\{\w+(?:\(\w+\))?\}/)
    for (const name of Object.keys(shown) as (keyof typeof shown)[])
      expect(requestsOf('visitor', name, 10)).not.toMatch(/\{\w+\}/)
  })

  it('joins the days of one client, and no other agent of its address', async () => {
    const one = await visitor('/news')
    const found = await ask<Day>(one, daysOf('visitor'))
    expect(found).toMatchObject([
      { kind: 'person', requests: 2, judged: 2, pages: 1, ip: reader, browser: 'Firefox' },
      { kind: 'person', requests: 5, judged: 5, pages: 3, probes: 0 }
    ])
    expect(found[1]!.hash).toBe(one.value)
    const [figures] = await ask<Figures>(one, figuresOf('visitor'))
    expect(figures).toEqual({
      requests: 7,
      visitors: 2,
      visits: 3,
      pages: 4,
      probes: 0,
      answered: 0,
      bytes: 70,
      first: start + 10 * 3_600_000,
      last: start + days + 9 * 3_600_000 + 1_000
    })
  })

  it('counts all addresses of a range', async () => {
    const requestsOf = async (value: string) =>
      (await ask<Figures>({ kind: 'range', value }, figuresOf('range')))[0]!.requests
    expect(await requestsOf('203.0.113.0/24')).toBe(8)
    expect(await requestsOf('203.0.113.8/31')).toBe(8)
    expect(await requestsOf('203.0.113.16/28')).toBe(0)
    expect(await requestsOf('192.0.0.0/4')).toBe(lines.length)
    expect(await ask<Known>({ kind: 'range', value: '203.0.113.0/33' }, knownOf('range'))).toEqual([])
  })

  it('tells each visit with its entry, exit and source, and their requests add up', async () => {
    const one = await visitor('/news')
    const visits = await ask<Visit>(one, visitsOf('visitor'))
    expect(visits).toMatchObject([
      { number: 3, requests: 2, pages: 1, assets: 1, entry_page: '/', exit_page: '/', source: null },
      { number: 2, requests: 1, pages: 1, entry_page: '/news', exit_page: '/news' },
      { requests: 4, pages: 2, assets: 2, entry_page: '/', exit_page: '/about', source: 'search.example' }
    ])
    const requests = await ask<Request>(one, requestsOf('visitor', 'hits', 100))
    expect(requests).toHaveLength(7)
    for (const { visit, requests: count } of visits)
      expect(requests.filter((each) => each.visit === visit)).toHaveLength(count)
    const slots = (await ask<Day>(one, daysOf('visitor'))).flatMap(({ counts }) => counts)
    expect(slots.reduce((sum, count) => sum + count, 0)).toBe(7)
  })

  it('lists the visitors of an address, and all that the device knows of it', async () => {
    const address: Subject = { kind: 'address', value: reader }
    const found = await ask<Day>(address, daysOf('address'))
    expect(found.map(({ kind, requests }) => [kind, requests])).toEqual([
      ['person', 2],
      ['person', 5],
      ['library', 1]
    ])
    expect(await ask<Known>(address, knownOf('address'))).toMatchObject([
      { requests: 8, clients: 2, ip: reader, browser: 'Firefox', is_cut: false }
    ])
  })

  it('lists of a network whoever is not of the subject', async () => {
    const org = await connection.run(
      `SELECT (SELECT max(id) FROM words) + 1 AS id, ${fieldOf('as_org')} AS field`
    )
    const [{ id, field }] = toObjects<{ id: number; field: number }>(org) as [{ id: number; field: number }]
    await connection.run(`INSERT INTO words VALUES (${id}, ${field}, 'Example Net')`)
    await connection.run(`UPDATE clients SET as_org = ${id}`)
    query.version++
    await query.set({ network: 'Example Net' })
    const found = await ask<Day>(await visitor('/news'), neighborsOf('visitor', 8))
    expect(found.map(({ ip, requests }) => [ip, requests])).toEqual([
      [scanner, 18],
      [reader, 1]
    ])
    expect(await ask<Day>({ kind: 'address', value: reader }, neighborsOf('address', 8))).toHaveLength(1)
    expect(await ask<Day>({ kind: 'network', value: 'Example Net' }, daysOf('network'))).toMatchObject([
      { requests: 18 },
      { requests: 5 },
      { requests: 2 },
      { requests: 1 }
    ])
    await connection.run('UPDATE clients SET as_org = 0')
    query.version++
  })

  it('gives a score that is the sum of its reasons', async () => {
    const one = await visitor('/.git/config')
    const reasons = await ask<Reason>(one, reasonsSql)
    const [day] = await ask<Day>(one, daysOf('visitor'))
    expect(day).toMatchObject({ kind: 'scanner', answered: 1, probes: 18 })
    expect(reasons.reduce((sum, { weight }) => sum + weight, 0)).toBe(day!.score)
    expect(reasons.length).toBeGreaterThan(2)
  })

  it('lists as many requests behind a reason as the rule counted', async () => {
    for (const path of ['/.git/config', '/news', '/feed']) {
      const one = await visitor(path)
      const only = { clauses: [{ field: 'visitor', operator: 'is', values: [one.value] }] }
      await select(only)
      const reasons = await ask<Reason>(one, reasonsSql)
      expect(reasons.length).toBeGreaterThan(0)
      for (const { rule, hits } of reasons) {
        const sign = rules.find(({ name }) => name === rule)!.hits
        expect([rule, (await ask<Request>(one, requestsOf('visitor', sign, 100))).length]).toEqual([
          rule,
          hits
        ])
      }
    }
    await select()
  })

  it('asks under the filter, but knows the subject without it', async () => {
    await select({ to: start + days, clauses: [{ field: 'path', operator: 'is', values: ['/news'] }] })
    const one = await visitor('/news')
    expect(await ask<Day>(one, daysOf('visitor'))).toMatchObject([{ requests: 1, judged: 5 }])
    expect(await ask<Known>(one, knownOf('visitor'))).toMatchObject([{ requests: 7 }])
    await select()
  })

  it('finds nothing of a visitor that is not there, nor of a text that is no hash', async () => {
    for (const value of ['1', 'nobody', "' OR 1=1 --", '']) {
      const one: Subject = { kind: 'visitor', value }
      expect(await ask(one, knownOf('visitor'))).toEqual([])
      expect(await ask(one, daysOf('visitor'))).toEqual([])
      expect(await ask(one, reasonsSql)).toEqual([])
    }
  })

  it('takes no two days for one client if the site cuts addresses or keeps none', async () => {
    const one = await visitor('/news')
    const flags = `(SELECT max(id) FROM words) + 1`
    const field = /field = (\d+) AND contains\(word, 'ip_truncated'/.exec(knownOf('visitor'))![1]!
    await connection.run('BEGIN')
    await connection.run(`INSERT INTO words SELECT ${flags}, ${field}, 'ip_truncated'`)
    await connection.run(
      `UPDATE hits SET flags = (SELECT max(id) FROM words) WHERE visitor = (SELECT visitor FROM visitors WHERE hash = ?::UBIGINT)`,
      [one.value]
    )
    query.version++
    expect(await ask<Day>(one, daysOf('visitor'))).toMatchObject([{ hash: one.value, requests: 5 }])
    expect(await ask<Known>(one, knownOf('visitor'))).toMatchObject([{ requests: 5, is_cut: true }])
    await connection.run('UPDATE hits SET flags = 0')
    await connection.run('UPDATE clients SET ip = 0')
    query.version++
    expect(await ask<Day>(one, daysOf('visitor'))).toMatchObject([{ hash: one.value, requests: 5, ip: null }])
    await connection.run('ROLLBACK')
    query.version++
  })

  it('lists some requests of each visit, and each attack that got an answer', async () => {
    const one = await visitor('/.git/config')
    const some = await ask<Request>(one, requestsOf('visitor', 'hits', 3))
    expect(some.map(({ path }) => path)).toEqual(['/b7/.env', '/b6/.env', '/b5/.env', '/.git/config'])
    expect(some[0]!.listed).toBe(18)
    const two = await ask<Request>(await visitor('/news'), requestsOf('visitor', 'hits', 1))
    expect(two.map(({ path }) => path)).toEqual(['/style.css', '/news', '/about'])
  })

  it('folds runs of refusals, and never an attack that got an answer', async () => {
    const requests = await ask<Request>(await visitor('/.git/config'), requestsOf('visitor', 'hits', 100))
    const pieces = fold(requests)
    expect(pieces.map(({ requests, folded }) => [requests.length, folded])).toEqual([
      [2, null],
      [5, 'more probes, all 404'],
      [1, null],
      [1, null],
      [2, null],
      [6, 'more probes, all 404'],
      [1, null]
    ])
    expect(pieces[3]!.requests[0]).toMatchObject({ path: '/.git/config', is_answered_attack: true })
    expect(pieces.flatMap(({ requests }) => requests)).toEqual(requests)
    // Not every refused request is a probe.
    const mixed = requests.slice(0, 8).map((each, i) => (i % 2 ? each : { ...each, family: null }))
    expect(fold(mixed).map(({ folded }) => folded)).toEqual([null, 'more, all 404', null])
  })
})

describe('the subject of a page', () => {
  it('is a visitor, an address or a network', () => {
    expect(subjectOf('ip', '2001:db8::1')).toEqual({ kind: 'address', value: '2001:db8::1' })
    expect(subjectOf('as_org', 'A/B?')).toEqual({ kind: 'network', value: 'A/B?' })
    expect(subjectOf('ip', '10.0.0.0/24')).toEqual({ kind: 'range', value: '10.0.0.0/24' })
    expect(subjectOf('ip', '10.0.0.0/33')).toBeNull()
    expect(subjectOf('path', '/')).toBeNull()
    expect(subjectOf('asn', null)).toBeNull()
  })

  it('has a path of its own, whatever its value', () => {
    expect(pathTo('a site', { kind: 'network', value: 'A/B?#..' })).toBe('/s/a%20site/network/A%2FB%3F%23..')
  })
})
