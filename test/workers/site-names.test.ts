import { env } from 'cloudflare:test'
import type { Manifest } from '#lib/schema/manifest.ts'
import { describe, expect, it } from 'vitest'
import { bufferOf, directoryOf } from '../../workers/access/reach.ts'
import { change, get, logged, post, record, settle, tokenFor } from './reach.ts'
import { freshDirectory } from './signed-in.ts'

freshDirectory()

const of = (site: string, path: string) => `/api/sites/${encodeURIComponent(site)}/${path}`
const json = async <T>(response: Promise<Response>) => (await response).json<T>()

describe.each([['café'], ['日誌'], ['статистика']])('a site named %s', (site) => {
  it('takes lines, and gives its parts under that name', async () => {
    const services = [site, ` ${site.toUpperCase()}`, site.normalize('NFD')]
    const body = JSON.stringify(services.map((service, i) => record(i, { service })))
    expect(await json(post(await tokenFor('*'), body))).toMatchObject({ accepted: 3, rejected: 0 })
    await settle(site)
    expect(await directoryOf(env).sites()).toEqual([site])
    const { parts } = await json<Manifest>(get(of(site, 'manifest')))
    expect(parts).toMatchObject([{ rows: 3 }])
    const { objects } = await env.PARTS.list()
    expect(objects.map(({ key }) => key)).toEqual([
      `site=${site}/year=2026/month=11/day=20/${parts[0]!.id}.parquet`
    ])
    expect((await get(of(site, `parts/${parts[0]!.id}`))).status).toBe(200)
    expect(await json(get(of(site, 'fsck')))).toMatchObject({ rows: 3, findings: [] })
  })

  it('has a token, settings and an erasure of its own', async () => {
    const made = await json<{ site: string; token: string }>(
      change('POST', '/api/tokens', { site: site.toUpperCase() })
    )
    expect(made.site).toBe(site)
    await change('PUT', of(site, 'settings'), { ip_mode: 'truncated' })
    const query = `?site=${encodeURIComponent(site.normalize('NFD'))}`
    expect(await json(post(made.token, JSON.stringify([record(1)]), {}, query))).toMatchObject({
      accepted: 1
    })
    expect(await logged(site)).toMatchObject([{ flags: 'ip_truncated' }])
    expect((await change('POST', of(site, 'erase'), { by: 'path', value: '/page/1' })).status).toBe(202)
    await settle(site)
    expect(await bufferOf(env, site).status()).toMatchObject({ rows: 0 })
  })
})

it('refuses a name that would be seen as another', async () => {
  const service = 'shop\u202egro'
  expect(await json(post(await tokenFor('*'), JSON.stringify([record(1, { service })])))).toMatchObject({
    rejected: 1,
    errors: [{ reason: 'service' }]
  })
  expect((await change('POST', '/api/tokens', { site: service })).status).toBe(400)
  expect((await get(of(service, 'manifest'))).status).toBe(404)
  expect((await post(await tokenFor('*'), '{}', {}, `?site=${encodeURIComponent(service)}`)).status).toBe(400)
})
