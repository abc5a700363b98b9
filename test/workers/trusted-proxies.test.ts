import { reset } from 'cloudflare:test'
import type { Again, Quarantined } from '#lib/schema/status.ts'
import { beforeEach, describe, expect, it } from 'vitest'
import { forgetSettings } from '../../workers/access/settings.ts'
import { allSites } from '../../workers/access/tokens.ts'
import { change, get, logged, post, record, tokenFor } from './reach.ts'

const sites = ['example', 'other']
const edge = '172.64.0.9'
const client = '203.0.113.9'
const sent = { remote_addr: edge, http_cf_connecting_ip: client }

beforeEach(async () => {
  await reset()
  sites.forEach(forgetSettings)
})

const trust = (site: string, trusted_proxies: unknown) =>
  change('PUT', `/api/sites/${site}/settings`, { trusted_proxies })
const addresses = async (site: string) => (await logged(site)).map(({ ip }) => ip)

describe('the client behind proxies', () => {
  it('is named by the private network alone until a site says otherwise', async () => {
    expect(await (await get('/api/sites/example/settings')).json()).toMatchObject({
      trusted_proxies: ['private']
    })
    const token = await tokenFor('example')
    await post(token, JSON.stringify([record(1, sent)]))
    await post(token, JSON.stringify([record(2, { ...sent, remote_addr: '10.0.0.5' })]))
    expect(await addresses('example')).toEqual([edge, client])
  })

  it('is named by the proxies of the site of a token', async () => {
    await trust('example', ['cloudflare'])
    const token = await tokenFor('example')
    await post(token, JSON.stringify([record(1, sent), record(2, { ...sent, remote_addr: '198.51.100.1' })]))
    await post(token, JSON.stringify([record(3, { ...sent, remote_addr: '10.0.0.5' })]))
    expect(await addresses('example')).toEqual([client, '198.51.100.1', '10.0.0.5'])
  })

  it('is named by the proxies of each site of a batch for all', async () => {
    await trust('example', ['cloudflare'])
    const token = await tokenFor(allSites)
    const batch = sites.map((service, i) => record(i, { ...sent, service }))
    await post(token, JSON.stringify(batch))
    expect([await addresses('example'), await addresses('other')]).toEqual([[client], [edge]])
  })

  it('is one of nobody trusted', async () => {
    await trust('example', [])
    await post(await tokenFor('example'), JSON.stringify([record(1, { ...sent, remote_addr: '10.0.0.5' })]))
    expect(await addresses('example')).toEqual(['10.0.0.5'])
  })

  it('is decided for the site that a record is given later', async () => {
    await trust('example', ['cloudflare'])
    await post(await tokenFor(allSites), JSON.stringify([record(1, sent)]))
    const refused = await get(`/api/sites/${encodeURIComponent(allSites)}/quarantine`)
    const { records } = await refused.json<{ records: Quarantined[] }>()
    const ids = records.map(({ id }) => id)
    const path = `/api/sites/${encodeURIComponent(allSites)}/quarantine/again`
    const again = await change('POST', path, { ids, site: 'example' })
    expect(await again.json<{ records: Again[] }>()).toMatchObject({ records: [{ outcome: 'accepted' }] })
    expect(await addresses('example')).toEqual([client])
  })
})

describe('the list of proxies', () => {
  it('is kept in one spelling', async () => {
    const response = await trust('example', ['private', ' 203.0.113.7/24', '2001:DB8::1'])
    expect(await response.json()).toMatchObject({
      trusted_proxies: ['private', '203.0.113.0/24', '2001:db8::1/128']
    })
  })

  it.each([
    [['private', '203.0.113.0/33'], '"203.0.113.0/33" is not an address'],
    [['0.0.0.0/0'], 'every address'],
    [Array<string>(65).fill('10.0.0.1'), 'the most is 64'],
    ['private', 'trusted_proxies'],
    [[7], 'trusted_proxies']
  ])('refuses %j and says why', async (list, why) => {
    const response = await trust('example', list)
    expect(response.status).toBe(400)
    expect(await response.text()).toContain(why.replaceAll('"', '\\"'))
    expect(await (await get('/api/sites/example/settings')).json()).toMatchObject({
      trusted_proxies: ['private']
    })
  })
})
