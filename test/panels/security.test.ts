import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Query } from '#lib/ask/query.ts'
import type { Connection } from '#lib/engine/connection.ts'
import {
  adminSql,
  answeredSql,
  archesOf,
  blockedSql,
  failedLoginsSql,
  foundSql,
  lanesOf,
  offendersOf,
  secretsSql,
  targetsSql
} from '#lib/panels/security/security.ts'
import { figuresOfRows, type ArchRow } from '#lib/panels/arches.ts'
import type { Attacks } from '#lib/panels/security/arches.ts'
import { fieldOf } from '#lib/star/star.ts'
import { filled } from '../detect/filled.ts'

const start = Date.parse('2026-11-01T00:00:00Z')
const line = (seconds: number, ip: string, path: string, status: number, bytes = 5, method = 'GET') => {
  const clock = new Date(start + seconds * 1000).toISOString().slice(11, 19)
  return `${ip} - - [01/Nov/2026:${clock} +0000] "${method} ${path} HTTP/1.1" ${status} ${bytes} "-" "Mozilla/5.0 (X11; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0"`
}
const lines = [
  // A reader, whose pages and searches are no probes.
  line(0, '203.0.113.9', '/', 200),
  line(1, '203.0.113.9', '/search?q=a', 200, 5_100),
  line(2, '203.0.113.9', '/search?q=b', 200, 5_000),
  line(3, '203.0.113.9', '/search?q=c', 200, 5_050),
  line(4, '203.0.113.9', '/admin/', 200),
  // Secrets in addresses, which the Worker removes.
  line(5, '203.0.113.9', '/reset?token=abc123&user[email]=a%40example.org', 200),
  line(6, '203.0.113.9', '/reset?token=def456', 200),
  line(7, '203.0.113.9', '/export?Token=ghi789&page=2', 200),
  // Scanners of two networks.
  line(60, '198.51.100.1', '/.git/config', 200, 412),
  line(61, '198.51.100.1', '/.env', 404),
  line(62, '198.51.100.2', '/.env', 404),
  line(63, '198.51.100.2', '/admin/', 403),
  line(64, '192.0.2.5', '/search?q=%27%20OR%201=1--', 200, 5_060),
  line(65, '192.0.2.5', '/wp-login.php', 404),
  // Somebody who tries passwords until one is right.
  ...[1, 2, 3, 4, 5, 6].map((i) => line(120 + i, '192.0.2.77', '/login', 401, 5, 'POST')),
  line(130, '192.0.2.77', '/login', 303, 0, 'POST')
]

describe('the questions about security', () => {
  let connection: Connection
  let query: Query
  beforeAll(async () => {
    connection = await filled([{ name: 'log', lines }])
    query = new Query(connection)
    await query.select({ from: start, to: start + 3_600_000, traffic: 'all', clauses: [] })
  })
  afterAll(() => connection.close())

  it('leave no gap', () => {
    const all = [
      adminSql,
      answeredSql,
      blockedSql,
      archesOf('previous'),
      failedLoginsSql,
      foundSql,
      lanesOf('previous'),
      secretsSql,
      targetsSql
    ]
    for (const sql of [...all, offendersOf('ip'), offendersOf('range'), offendersOf('as_org')])
      expect(sql.replaceAll(/\{path: path, query: query\}|\{\d[\d,]*\}/g, '')).not.toMatch(/\{\w+\}/)
  })

  it('lay each family on a lane', async () => {
    const lanes = await query.ask(lanesOf('now'))
    expect(lanes).toMatchObject([
      { family: 'secrets', requests: 3, answered: 1, addresses: 2 },
      { family: 'admin', requests: 1, answered: 0 },
      { family: 'sql', requests: 1, answered: 1 },
      { family: 'wordpress', requests: 1, answered: 0 }
    ])
    expect(await query.ask(lanesOf('previous'))).toEqual([])
  })

  it('count attacks, logins and pages of administration, in all and by slot', async () => {
    const { all, each } = figuresOfRows<Attacks>(await query.ask<ArchRow>(archesOf('now')), 24)
    expect(all).toEqual({
      slot: 0,
      attacks: 4,
      answered: 2,
      refused: 2,
      senders: 3,
      attempts: 7,
      failed_logins: 6,
      admin: 2,
      admin_answered: 1
    })
    expect(each.reduce((sum, { attacks }) => sum + attacks, 0)).toBe(4)
    expect(each[0]).toMatchObject({ attacks: 4, failed_logins: 6 })
    const before = figuresOfRows<Attacks>(await query.ask<ArchRow>(archesOf('previous')), 24)
    expect(Object.values(before.all).every((value) => value === 0)).toBe(true)
  })

  it('name the parameters that carried a secret, and where', async () => {
    expect(await query.ask(secretsSql)).toMatchObject([
      { name: 'token', path: '/reset', paths: 2, requests: 3, listed: 2 },
      { name: 'user[email]', path: '/reset', requests: 1 }
    ])
  })

  it('count no answer at a path that the owner found harmless', async () => {
    await query.set({ harmless: ['/search', "/it's"] })
    expect(await query.ask(answeredSql)).toMatchObject([{ path: '/.git/config' }])
    const [sql] = (await query.ask<{ family: string; answered: number }>(lanesOf('now'))).filter(
      ({ family }) => family === 'sql'
    )
    expect(sql).toMatchObject({ requests: 1, answered: 0 })
    await query.set({ harmless: [] })
    expect(await query.ask(answeredSql)).toHaveLength(2)
  })

  it('show attacks that were answered, and how many bytes other answers have', async () => {
    expect(await query.ask(answeredSql)).toMatchObject([
      { path: '/search', family: 'sql', status: 200, bytes: 5_060, usual: 5_050, ip: '192.0.2.5', listed: 2 },
      { path: '/.git/config', query: null, family: 'secrets', bytes: 412, usual: null, ip: '198.51.100.1' }
    ])
  })

  it('group offenders by address, network of addresses and company', async () => {
    expect(await query.ask(offendersOf('ip'))).toMatchObject([
      { name: '192.0.2.5', requests: 2, attacks: 1, answered: 1, families: ['sql', 'wordpress'] },
      { name: '198.51.100.1', requests: 2, answered: 1, families: ['secrets'] },
      { name: '198.51.100.2', requests: 2, families: ['admin', 'secrets'] }
    ])
    expect(await query.ask(offendersOf('range'))).toMatchObject([
      { name: '198.51.100.0/24', requests: 4, first: start + 60_000, last: start + 63_000 },
      { name: '192.0.2.0/24', requests: 2 }
    ])
    expect(await query.ask(offendersOf('as_org'))).toEqual([])
  })

  it('count what was asked for, and what of it was answered', async () => {
    expect(await query.ask(targetsSql)).toMatchObject([
      { path: '/.env', status: 404, requests: 2, answered: 0, addresses: 2 },
      { path: '/.git/config', status: 200, answered: 1 },
      { path: '/admin/' },
      { path: '/search' },
      { path: '/wp-login.php' }
    ])
    expect(await query.ask(adminSql)).toMatchObject([
      { path: '/admin/', refused: 1, answered: 1, clients: 2 }
    ])
  })

  it('tell whose logins failed and who was let in after it', async () => {
    expect(await query.ask(failedLoginsSql)).toMatchObject([
      { ip: '192.0.2.77', failed: 6, first: start + 121_000, last: start + 126_000, let_in: start + 130_000 }
    ])
    expect(await query.ask(foundSql)).toMatchObject([
      { detection: 'login', source: '192.0.2.77', hits: 7 },
      { detection: 'unauthorized', source: '192.0.2.77', hits: 6 }
    ])
  })

  it('list who attacked, and not who looked for a page', async () => {
    expect(await query.ask(blockedSql)).toEqual([
      { ip: '198.51.100.1', attacks: 2, family: 'secrets' },
      { ip: '192.0.2.5', attacks: 1, family: 'sql' },
      { ip: '198.51.100.2', attacks: 1, family: 'secrets' }
    ])
  })

  it('list no address of a crawler that is known for sure', async () => {
    const proof = fieldOf('bot_proof')
    await connection.run(`INSERT INTO words VALUES (99, ${proof}, 'verified')`)
    await connection.run(
      `UPDATE clients SET bot_proof = 99 WHERE ip = (SELECT id FROM words WHERE field = ${fieldOf('ip')} AND word = '198.51.100.1')`
    )
    query.version++
    const left = await query.ask<{ ip: string }>(blockedSql)
    expect(left.map(({ ip }) => ip)).toEqual(['192.0.2.5', '198.51.100.2'])
  })
})
