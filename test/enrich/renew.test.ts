import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { crawlerSources } from '#lib/enrich/crawler-sources.ts'
import { crawlers } from '#lib/enrich/crawlers.ts'
import { oldestOverdue, renewLists } from '#lib/enrich/renew.ts'
import { signers } from '#lib/enrich/signers.ts'

const chatgpt = '7F_3jDlxaquwh291MiACkcS3Opq88NksyHiakzS-Y1g'

/** Operators, each with what it answers. */
const answers: Record<string, (request: IncomingMessage, response: ServerResponse) => void> = {
  google(_, response) {
    response.setHeader('ETag', '"2"')
    response.end(
      JSON.stringify({
        creationTime: '2026-11-29T14:46:04.000000',
        prefixes: [{ ipv6Prefix: '2001:4860:4801:10::/64' }, { ipv4Prefix: '66.249.64.0/27' }]
      })
    )
  },
  plain: (_, response) => void response.end('["5.39.1.224/27", "5.39.1.230", "5.39.1.224/27"]'),
  partly: (_, response) =>
    void response.end(
      '{"prefixes":[{"ipv4Prefix":"0.0.0.0/0"},{"ipv4Prefix":"10.0.0.0/8"},{"ipv4Prefix":"x"},{"ipv4Prefix":"20.1.2.0/24"}]}'
    ),
  unchanged(request, response) {
    response.statusCode = request.headers['if-none-match'] === '"1"' ? 304 : 500
    response.end()
  },
  broken(_, response) {
    response.statusCode = 503
    response.end('{"prefixes":[{"ipv4Prefix":"20.1.2.0/24"}]}')
  },
  garbage: (_, response) => void response.end('<!doctype html><p>66.249.64.0/27'),
  shrunk: (_, response) => void response.end('{"prefixes":[]}'),
  private: (_, response) => void response.end('{"prefixes":[{"ipv4Prefix":"192.168.1.0/24"}]}'),
  cut(_, response) {
    response.writeHead(200, { 'Content-Length': '1000' })
    response.write('{"prefixes":[')
    setTimeout(() => response.destroy(), 20)
  },
  huge: (_, response) => void response.end(`["${' '.repeat(3 << 20)}", "20.1.2.0/24"]`),
  keys: (_, response) =>
    void response.end(
      JSON.stringify({
        keys: [
          {
            kty: 'OKP',
            crv: 'Ed25519',
            kid: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
            x: chatgpt,
            use: 'sig'
          },
          { kty: 'EC', crv: 'P-256', x: chatgpt, y: chatgpt },
          { kty: 'OKP', crv: 'Ed25519', x: 'short' }
        ],
        signature_agent: 'https://chatgpt.com',
        address: '20.1.2.3'
      })
    ),
  moved(_, response) {
    response.writeHead(302, { Location: '/plain' })
    response.end()
  }
}

let server: Server
let sources: Record<string, string>
beforeAll(async () => {
  server = createServer((request, response) => {
    const answer = answers[request.url!.slice(1)]
    if (answer) answer(request, response)
    else response.writeHead(404).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const urlOf = (name: string) => [name, `http://127.0.0.1:${port}/${name}`]
  sources = Object.fromEntries([...Object.keys(answers), 'gone'].map(urlOf))
})
afterAll(() => void server.close())

const known = { day: '2026-08-22', entries: '1.2.3.0/24', etag: '"1"' }
const renew = (name: string, lists = { [name]: known, other: known }) =>
  renewLists(lists, { [name]: sources[name]! }, '2026-11-30', fetch)

test.each([
  ['google', '66.249.64.0/27 2001:4860:4801:10::/64', '"2"'],
  ['plain', '5.39.1.224/27', undefined],
  ['moved', '5.39.1.224/27', undefined],
  ['partly', '20.1.2.0/24', undefined]
])('a list of the shape %s is renewed', async (name, entries, etag) => {
  const { lists, renewals } = await renew(name)
  expect(lists).toEqual({ [name]: { day: '2026-11-30', entries, ...(etag && { etag }) }, other: known })
  expect(renewals).toEqual([{ name, outcome: 'renewed', entries: entries.split(' ').length }])
})

test('a directory of keys is a list of keys, and a list of addresses is none', async () => {
  const renewKeys = (name: string) => renewLists({}, { 'openai-keys': sources[name]! }, '2026-11-30', fetch)
  const { lists } = await renewKeys('keys')
  expect(lists).toEqual({ 'openai-keys': { day: '2026-11-30', entries: chatgpt } })
  expect((await renewKeys('google')).renewals).toMatchObject([{ outcome: 'failed' }])
})

test('a list that is unchanged is of today', async () => {
  const { lists, renewals } = await renew('unchanged')
  expect(lists.unchanged).toEqual({ ...known, day: '2026-11-30' })
  expect(renewals).toEqual([{ name: 'unchanged', outcome: 'unchanged', entries: 1 }])
})

test.each([
  ['broken', /answered 503/],
  ['gone', /answered 404/],
  ['garbage', /is not JSON/],
  ['shrunk', /lists nothing/],
  ['private', /lists nothing/],
  ['huge', /larger than/],
  ['cut', /./]
])('a list that is %s stays as it was', async (name, why) => {
  const { lists, renewals } = await renew(name)
  expect(lists).toEqual({ [name]: known, other: known })
  expect(renewals).toMatchObject([{ name, outcome: 'failed', entries: 1 }])
  expect(renewals[0]!.why).toMatch(why)
})

test('a list that fails the first time is not there', async () => {
  const { lists, renewals } = await renewLists({}, { garbage: sources.garbage! }, '2026-11-30', fetch)
  expect(lists).toEqual({})
  expect(renewals).toMatchObject([{ outcome: 'failed', entries: 0 }])
})

test('a source that is not reached costs no other', async () => {
  const away = { away: 'http://127.0.0.1:9/', plain: sources.plain! }
  const { renewals } = await renewLists({}, away, '2026-11-30', fetch)
  expect(renewals.map(({ outcome }) => outcome)).toEqual(['failed', 'renewed'])
})

describe('the sources', () => {
  test('are of lists that are used, over HTTPS', () => {
    const used = new Set([...crawlers.flatMap(({ lists }) => lists), ...signers.map(({ list }) => list)])
    expect(Object.keys(crawlerSources).filter((name) => !used.has(name))).toEqual([])
    for (const source of Object.values(crawlerSources)) expect(source).toMatch(/^https:/)
  })

  test.each([
    ['2026-11-30', null],
    ['2026-10-15', null],
    ['2026-09-30', '2026-09-30']
  ])('are overdue if the oldest list of them is of %s: %s', (day, oldest) => {
    const list = (day: string) => ({ day, entries: '1.2.3.4' })
    // The list without a source cannot be renewed, so it is not overdue.
    const lists = { bing: list(day), apple: list('2026-11-01'), own: list('2020-01-01') }
    expect(oldestOverdue(lists, crawlerSources, Date.parse('2026-11-30T12:00Z'))).toBe(oldest)
  })
})
