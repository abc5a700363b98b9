import { env, reset } from 'cloudflare:test'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { ColumnName } from '#lib/schema/hit.ts'
import { bufferOf } from '../../workers/access/reach.ts'
import { forgetSettings } from '../../workers/access/settings.ts'
import app from '../../workers/index.ts'
import { change, get, logged, post, record, settle, stored, tokenFor } from './reach.ts'

const site = 'example'
let token: string

beforeEach(async () => {
  await reset()
  forgetSettings(site)
  token = await tokenFor(site)
})

const put = (settings: object) => change('PUT', `/api/sites/${site}/settings`, settings)

const column = (name: ColumnName) => stored(site, name)

const client = {
  http_x_forwarded_for: '198.51.100.77',
  real_ip: '203.0.113.7',
  note: 'kept',
  remote_user: 'ada'
}
const send = (fields: object = {}) =>
  post(token, JSON.stringify([record(1, { remote_addr: '203.0.113.7', ...client, ...fields })]))

describe('host names of clients without an address', () => {
  it.each([
    ['full', ['a1.net.example', 'a2.net.example']],
    ['truncated', ['net.example', 'net.example']],
    ['none', [null, null]]
  ])('are kept %s, and each is a visitor', async (ip_mode, names) => {
    await put({ ip_mode })
    const lines = ['a1', 'a2'].map(
      (name) => `${name}.net.example - - [15/Nov/2026:10:11:12 +0000] "GET / HTTP/1.1" 200 5 "-" "Firefox"\n`
    )
    expect(await (await post(token, lines.join(''))).json()).toMatchObject({ accepted: 2 })
    await settle(site)
    expect((await column('client_name')).sort()).toEqual(names)
    expect(await column('ip')).toEqual([null, null])
    expect(new Set(await column('visitor')).size).toBe(2)
  })
})

describe('a client that the server calls its host', () => {
  it.each([
    ['full', '198.51.100.4'],
    ['truncated', '198.51.100.0'],
    ['none', null]
  ])('is kept %s', async (ip_mode, host) => {
    await put({ ip_mode })
    await send({ host: '198.51.100.4', hostname: '198.51.100.4' })
    await settle(site)
    expect([await column('host'), await column('server')]).toEqual([[host], [host]])
  })
})

describe('addresses', () => {
  it.each([
    ['full', '203.0.113.7', null],
    ['truncated', '203.0.113.0', 'ip_truncated'],
    ['none', null, 'ip_none']
  ])('are kept %s', async (ip_mode, ip, flags) => {
    expect((await put({ ip_mode })).status).toBe(200)
    await send()
    expect(await logged(site)).toMatchObject([{ ip: '203.0.113.7', flags }])
    await settle(site)
    expect([await column('ip'), await column('flags')]).toEqual([[ip], [flags]])
    const [extra] = await column('extra')
    if (ip_mode === 'full') expect(extra).toContain('198.51.100.77')
    else expect(extra).toBe('{"note":"kept"}')
  })

  it('shortened still tell visitors apart, as whole ones do', async () => {
    await put({ ip_mode: 'truncated' })
    for (const last of [7, 8]) await send({ remote_addr: `203.0.113.${last}` })
    await send({ remote_addr: '2001:db8:1:2::3' })
    await settle(site)
    expect(await column('ip')).toEqual(['203.0.113.0', '203.0.113.0', '2001:db8:1::'])
    expect(new Set(await column('visitor')).size).toBe(3)
  })

  it('are not in the quarantine either', async () => {
    await put({ ip_mode: 'none' })
    await post(token, 'client:203.0.113.7 and 2001:db8::7: no line (x:2001:db8::7) of a log')
    const [refused] = await bufferOf(env, site).quarantine(1)
    expect(refused!.raw).toBe('client:REDACTED and REDACTED: no line (x:REDACTED) of a log')
    expect(refused!.message).not.toContain('203.0.113.7')
  })

  it('change how they are kept with the hits that come after', async () => {
    await send()
    await put({ ip_mode: 'none' })
    await send()
    await settle(site)
    expect((await column('ip')).sort()).toEqual(['203.0.113.7', null])
  })
})

describe('secrets', () => {
  it('never reach the log: of queries, referrers, paths and other fields', async () => {
    await send({
      request_uri: '/login?token=s3cret&user=ada&email=ada@example.org',
      http_referer: 'https://ada:s3cret@example.org/?session=s3cret',
      http_cookie: 'sid=s3cret',
      jwt: 'eyJhbGciOi.eyJzdWIiOi.c3VjaA'
    })
    const hits = JSON.stringify(await logged(site))
    expect(hits).not.toMatch(/s3cret|ada@example|eyJ/)
    expect(hits).toContain('token=REDACTED&user=ada')
  })

  it('never reach the quarantine', async () => {
    await post(token, '{"password":"s3cret","x":"/?token=s3cret","h":"Bearer s3cret-s3cret"')
    expect(JSON.stringify(await bufferOf(env, site).quarantine(9))).not.toContain('s3cret')
  })

  it.each([
    [false, null],
    [true, 'ada']
  ])('of a name that signed in: kept %s', async (keeps_remote_user, want) => {
    await put({ keeps_remote_user })
    await send()
    await settle(site)
    expect(await column('remote_user')).toEqual([want])
  })
})

describe('a line that comes again', () => {
  const day = 86_400_000
  const lines = (time: object) =>
    [1, 2, 3].map((i) => record(i, { remote_addr: '203.0.113.7', ...client, request_id: `id-${i}`, ...time }))
  const deliver = async (records: object[]) =>
    (await (await post(token, JSON.stringify(records))).json()) as Record<string, unknown>

  it.each([
    [{ ip_mode: 'truncated' }, {}],
    [{ ip_mode: 'none' }, {}],
    [{ keeps_remote_user: true }, {}],
    [{ utc_offset: 210 }, { time_iso8601: '2026-11-20 12:00:00' }],
    [{ ip_mode: 'none', keeps_remote_user: true, utc_offset: -300 }, {}]
  ])('in another batch, after the settings became %o, is known', async (settings, time) => {
    const [first, ...rest] = lines(time)
    expect(await deliver([first!, rest[0]!])).toMatchObject({ accepted: 2, duplicate: 0 })
    await put(settings)
    expect(await deliver(rest)).toMatchObject({ accepted: 1, duplicate: 1 })
    await put({ ip_mode: 'full', keeps_remote_user: false, utc_offset: null })
    expect(await deliver(lines(time))).toMatchObject({ accepted: 0, duplicate: 3 })
  })

  it.each([-3, -1, 3])('after the clock was %i days off is known, and has its own time', async (days) => {
    const real = Date.now()
    const time = { time_iso8601: new Date(real).toISOString() }
    vi.setSystemTime(real + days * day)
    try {
      expect(await deliver(lines(time))).toMatchObject({ accepted: 3 })
      expect((await logged(site)).map((hit) => hit.time)).toEqual([real, real, real])
    } finally {
      vi.useRealTimers()
    }
    expect(await deliver([...lines(time), ...lines({})])).toMatchObject({ accepted: 3, duplicate: 3 })
  })
})

describe('settings', () => {
  it('have defaults, and change by name', async () => {
    const defaults = { state: 'active', ip_mode: 'full', keeps_remote_user: false, retention_days: null }
    expect(await (await get(`/api/sites/${site}/settings`)).json()).toMatchObject(defaults)
    expect(await (await put({ retention_days: 90 })).json()).toMatchObject({
      ...defaults,
      retention_days: 90
    })
    expect(await (await put({ ip_mode: 'none' })).json()).toMatchObject({
      ip_mode: 'none',
      retention_days: 90
    })
  })

  it.each([
    { ip_mode: 'some' },
    { retention_days: 0 },
    { retention_days: '30' },
    { keeps_remote_user: 1 },
    { utc_offset: 10_000 },
    { state: 'gone' },
    { __proto__x: 1 },
    { since: 0 }
  ])('do not become %o', async (settings) => {
    expect((await put(settings)).status).toBe(400)
  })

  it('need a session', async () => {
    const url = `http://localhost/api/sites/${site}/settings`
    expect((await app.request(url, {}, env)).status).toBe(401)
    expect((await app.request(url, { method: 'PUT', body: '{}' }, env)).status).toBe(403)
  })
})
