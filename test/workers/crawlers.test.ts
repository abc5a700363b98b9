import { env, runInDurableObject } from 'cloudflare:test'
import { describe, expect, it } from 'vitest'
import { directoryOf } from '../../workers/access/reach.ts'
import { nextRenewal, renewCrawlers } from '../../workers/access/renewal.ts'
import { readCrawlers } from '../../workers/store/crawlers.ts'
import { change, get } from './reach.ts'
import { freshDirectory } from './signed-in.ts'

freshDirectory()

const now = Date.UTC(2026, 10, 30, 12)
const list = { day: '2026-11-20', entries: '20.1.2.0/24' }
const put = (body: object) => change('PUT', '/api/crawlers', body)
const kept = async () => {
  const file = await env.PARTS.get('geo/crawlers.json')
  return file && ((await file.json()) as { lists: object }).lists
}

describe('the lists of crawlers', () => {
  it('are kept tidy, and shown', async () => {
    const entries = '20.1.3.9/32 20.1.2.0/24 20.1.2.7 x'
    expect((await put({ lists: { own: { ...list, entries, etag: '"1"' } } })).status).toBe(200)
    const tidy = { ...list, entries: '20.1.2.0/24 20.1.3.9', etag: '"1"' }
    expect(await kept()).toEqual({ own: tidy })
    const answer = await get('/api/crawlers')
    expect(await answer.json()).toMatchObject({ lists: { own: tidy } })
  })

  it.each([
    [{}],
    [{ lists: [] }],
    [{ lists: { own: 'x' } }],
    [{ lists: { own: { day: '2026-11-20' } } }],
    [{ lists: { own: { day: 'today', entries: '20.1.2.3' } } }],
    [{ lists: { own: { ...list, entries: '' } } }],
    [{ lists: { own: { ...list, entries: '0.0.0.0/0 10.0.0.0/8' } } }]
  ])('are refused where they are none: %j', async (body) => {
    expect((await put(body)).status).toBe(400)
    expect(await kept()).toBeNull()
  })

  it('are for readers who are signed in', async () => {
    const app = (await import('../../workers/index.ts')).default
    const answer = await app.request('http://localhost/api/crawlers', {}, env)
    expect(answer.status).toBe(401)
  })
})

describe('renewal', () => {
  const sources = { bing: 'https://bing.example/', apple: 'https://apple.example/' }
  const answering = (bodies: Record<string, string>) =>
    ((url: string) =>
      Promise.resolve(new Response(bodies[url] ?? '', { status: url in bodies ? 200 : 503 }))) as typeof fetch

  it('keeps what came, and what was there where nothing came', async () => {
    await put({ lists: { apple: list } })
    const renewals = await renewCrawlers(env, now, answering({ [sources.bing]: '["20.9.0.0/16"]' }), sources)
    expect(renewals.map(({ name, outcome }) => [name, outcome])).toEqual([
      ['bing', 'renewed'],
      ['apple', 'failed']
    ])
    expect(await readCrawlers(env)).toMatchObject({
      bing: { day: '2026-11-30', entries: '20.9.0.0/16' },
      apple: list
    })
    expect(nextRenewal(now, renewals)).toBe(now + 86_400_000)
    expect(nextRenewal(now, renewals.slice(0, 1))).toBe(now + 7 * 86_400_000)
  })

  it('writes nothing where nothing came', async () => {
    await renewCrawlers(env, now, answering({}), sources)
    expect(await kept()).toBeNull()
  })

  it('is off until somebody switches it on', async () => {
    const alarm = () => runInDurableObject(directoryOf(env), (_, state) => state.storage.getAlarm())
    expect(await (await get('/api/settings')).json()).toMatchObject({ renews_crawlers: false })
    expect(await alarm()).toBeNull()
    await change('PUT', '/api/settings', { most_sites: 7 })
    expect(await alarm()).toBeNull()
    await change('PUT', '/api/settings', { renews_crawlers: false })
    expect(await alarm()).toBeNull()
    expect((await change('PUT', '/api/settings', { renews_crawlers: 'yes' })).status).toBe(400)
  })
})
