import { env } from 'cloudflare:test'
import { beforeEach, describe, expect, it } from 'vitest'
import { bufferOf, directoryOf } from '../../workers/access/reach.ts'
import { forgetSettings } from '../../workers/access/settings.ts'
import { change, logged, post, record, tokenFor } from './reach.ts'
import { freshDirectory } from './signed-in.ts'

freshDirectory()
// The isolate would take the sites of other tests for known ones.
beforeEach(() => ['shop', 'café', 'named'].forEach(forgetSettings))

const put = (host_sites: unknown) => change('PUT', '/api/settings', { host_sites })
const list = [
  { host: 'shop.example.org', site: 'shop' },
  { host: '*.example.org', site: 'café' }
]
const hosts = ['shop.example.org', 'www.example.org', 'example.org']
const batch = (more: object = {}) => JSON.stringify(hosts.map((host, i) => record(i, { host, ...more })))
const send = async (token: string, body: string, query = '') =>
  (await post(token, body, {}, query)).json<Record<string, unknown>>()
const paths = async (site: string) => (await logged(site)).map(({ path }) => path)

it('one stream goes to the sites of its hosts, the rest where its records say', async () => {
  expect(await (await put(list)).json()).toMatchObject({ host_sites: list, most_sites: 1_000 })
  const token = await tokenFor('*')
  expect(await send(token, batch({ service: 'named' }))).toMatchObject({ accepted: 3, rejected: 0 })
  expect(await paths('shop')).toEqual(['/page/0'])
  expect(await paths('café')).toEqual(['/page/1'])
  expect(await paths('named')).toEqual(['/page/2'])
})

it('the site of the URL overrules the list', async () => {
  await put(list)
  expect(await send(await tokenFor('*'), batch(), '?site=asked')).toMatchObject({ accepted: 3 })
  expect(await paths('asked')).toHaveLength(3)
})

it('lines of a virtual host go to its site', async () => {
  await put(list)
  const line = (host: string) =>
    `${host}:443 203.0.113.7 - - [20/Nov/2026:10:00:00 +0000] "GET /${host} HTTP/1.1" 200 5 "-" "Firefox"`
  const answer = await send(await tokenFor('*'), hosts.map((host) => `${line(host)}\n`).join(''))
  expect(answer).toMatchObject({ accepted: 2, rejected: 1, errors: [{ index: 2, reason: 'site' }] })
  expect(await paths('shop')).toEqual(['/shop.example.org'])
})

it('a token for one site overrules the list', async () => {
  await put(list)
  await send(await tokenFor('one'), batch())
  expect(await paths('one')).toHaveLength(3)
  expect(await paths('shop')).toEqual([])
})

it('a site on the list is made where only known sites are taken', async () => {
  await put(list)
  await directoryOf(env).changeLimits({ only_known_sites: true })
  expect(await send(await tokenFor('*'), batch({ service: 'named' }))).toMatchObject({
    accepted: 2,
    rejected: 1
  })
  expect(await directoryOf(env).sites()).toEqual(['café', 'shop'])
})

it('a refused record goes to the site of its host when that is listed later', async () => {
  const token = await tokenFor('*')
  expect(await send(token, batch())).toMatchObject({ accepted: 0, rejected: 3 })
  await put(list)
  const ids = (await bufferOf(env, '*').quarantine(9)).map(({ id }) => id)
  await change('POST', '/api/sites/*/quarantine/again', { ids })
  expect(await paths('shop')).toEqual(['/page/0'])
  expect(await bufferOf(env, '*').quarantine(9)).toHaveLength(1)
})

describe('a batch that comes again after the list changed', () => {
  const moved = [{ host: 'shop.example.org', site: 'new' }, list[1]]
  const lines = (from: number) =>
    Array.from({ length: 24 }, (_, i) => JSON.stringify(record(from + i, { host: hosts[i % 2] }))).join('\n')
  const rows = (...sites: string[]) => Promise.all(sites.map(async (site) => (await logged(site)).length))

  it('counts nowhere else', async () => {
    await put(list)
    await send(await tokenFor('*'), lines(0))
    await put(moved)
    const token = await tokenFor('*')
    expect(await send(token, lines(0))).toMatchObject({ accepted: 0, duplicate: 24 })
    expect(await send(token, lines(100))).toMatchObject({ accepted: 24 })
    await put(list)
    expect(await send(await tokenFor('*'), lines(100))).toMatchObject({ accepted: 0, duplicate: 24 })
    expect(await rows('shop', 'café', 'new')).toEqual([12, 24, 12])
  })

  it('goes where its other records went, if a site of it failed', async () => {
    await put(list)
    await directoryOf(env).changeSettings('shop', { state: 'paused' })
    expect((await post(await tokenFor('*'), lines(0))).status).toBe(503)
    await directoryOf(env).changeSettings('shop', { state: 'active' })
    forgetSettings('shop')
    await put([{ host: '*.example.org', site: 'café' }])
    const token = await tokenFor('*')
    expect(await send(token, lines(0))).toMatchObject({ accepted: 12, duplicate: 12 })
    await put(list)
    expect(await send(await tokenFor('*'), lines(0))).toMatchObject({ accepted: 0, duplicate: 24 })
    expect(await rows('shop', 'café')).toEqual([12, 12])
  })

  it('is known by any of its calls', async () => {
    const site = bufferOf(env, 'shop')
    const call = { key: 'k 0-5', whole: { key: 'k', isLast: false }, hosts: 3 }
    await site.append('shop', { ...call, received: Date.now(), token: null, rows: [], refusals: [] })
    expect([await site.hostsOf('k'), await site.hostsOf('k 0'), await site.hostsOf('other')]).toEqual([
      3,
      null,
      null
    ])
  })

  it('goes by the list of now, if it came more than eight lists ago', async () => {
    await put(list)
    await send(await tokenFor('*'), lines(0))
    for (let i = 0; i < 9; i++) await put([{ host: 'shop.example.org', site: `new-${i % 2}` }, list[1]])
    expect(await send(await tokenFor('*'), lines(0))).toMatchObject({ accepted: 12, duplicate: 12 })
  })
})

it.each([
  [[{ host: 'a.*.org', site: 'a' }], 'is not a host'],
  [[{ host: 'a.example' }], 'host_sites'],
  ['a.example a', 'host_sites'],
  [[null], 'host_sites']
])('the list %j is refused with the reason', async (hosts, why) => {
  const response = await put(hosts)
  expect(response.status).toBe(400)
  expect(await response.text()).toContain(why)
  expect((await directoryOf(env).limits()).host_sites).toEqual([])
})
