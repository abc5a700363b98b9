import { env, reset, SELF } from 'cloudflare:test'
import { beforeEach, describe, expect, it } from 'vitest'
import { directoryOf } from '../../workers/access/reach.ts'
import { isWithin, readNetwork } from '../../workers/access/network.ts'
import { formatToken, isToken, tokenOf } from '../../workers/access/tokens.ts'
import { get } from './reach.ts'

beforeEach(() => reset())

const url = 'http://localhost/api/session'
const signIn = (body: unknown, headers: Record<string, string> = { 'X-Loggia': '1' }) =>
  SELF.fetch(url, { method: 'POST', body: JSON.stringify(body), headers })

describe('a session', () => {
  it('starts with the password, reads, and ends by signing out', async () => {
    const response = await signIn({ password: env.LOGGIA_PASSWORD })
    expect(response.status).toBe(200)
    const set = response.headers.get('Set-Cookie')!
    expect(set).toMatch(/^loggia=[\w-]{43}; .*HttpOnly; SameSite=Lax$/)
    const headers = { Cookie: set.split(';')[0]!, 'X-Loggia': '1' }
    expect((await SELF.fetch('http://localhost/api/sites', { headers })).status).toBe(200)
    expect((await SELF.fetch(url, { method: 'DELETE', headers })).headers.get('Clear-Site-Data')).toBeTruthy()
    expect((await SELF.fetch('http://localhost/api/sites', { headers })).status).toBe(401)
  })

  it('has a __Host- cookie on HTTPS', async () => {
    const response = await SELF.fetch(url.replace('http:', 'https:'), {
      method: 'POST',
      body: JSON.stringify({ password: env.LOGGIA_PASSWORD }),
      headers: { 'X-Loggia': '1' }
    })
    expect(response.headers.get('Set-Cookie')).toMatch(/^__Host-loggia=.*; Secure/)
  })

  it('starts once with a link', async () => {
    const { secret } = await directoryOf(env).open('link')
    expect((await signIn({ key: secret })).status).toBe(200)
    expect((await signIn({ key: secret })).status).toBe(401)
  })

  it.each([
    ['a wrong password', { password: 'no' }, undefined, 401],
    ['nothing', {}, undefined, 401],
    [
      'another page',
      { password: env.LOGGIA_PASSWORD },
      { 'X-Loggia': '1', Origin: 'https://evil.example' },
      403
    ],
    ['a form', { password: env.LOGGIA_PASSWORD }, {}, 403]
  ])('does not start from %s', async (_, body, headers, status) => {
    expect((await signIn(body, headers as Record<string, string> | undefined)).status).toBe(status)
  })

  it('is needed to read', async () => {
    for (const path of ['', '/example/manifest', '/example/parts/x', '/example/live', '/example/status'])
      expect((await SELF.fetch(`http://localhost/api/sites${path}`)).status).toBe(401)
    expect((await get('/api/sites/..%2fx/manifest')).status).toBe(404)
  })
})

describe('a token', () => {
  it('is checked by its own digits before anybody is asked', () => {
    const token = formatToken('abcd0123', new Uint8Array(32).fill(7))
    expect(isToken(token, 'ingest')).toBe(true)
    expect(isToken(token, 'annotations')).toBe(false)
    expect(isToken(token.replace('abcd', 'abce'), 'ingest')).toBe(false)
  })

  it.each([
    ['Bearer lgi_1', 'lgi_1'],
    ['bearer  lgi_1', 'lgi_1'],
    [`Basic ${btoa('x:lgi_1')}`, 'lgi_1'],
    ['Basic %%%', null],
    ['Digest lgi_1', null],
    [undefined, null]
  ])('is taken from %s', (authorization, wanted) => {
    expect(tokenOf(authorization)).toBe(wanted)
  })
})

describe('the networks of a token', () => {
  it.each([
    ['203.0.113.7/24', '203.0.113.0/24'],
    ['203.0.113.7', '203.0.113.7/32'],
    ['2001:DB8::1/32', '2001:db8::/32'],
    ['::1', '::1/128'],
    ['203.0.113.0/33', null],
    ['2001:db8::/129', null],
    ['example.org', null],
    ['/8', null],
    ['', null]
  ])('%s is read as %s', (text, network) => expect(readNetwork(text)).toBe(network))

  it.each([
    ['203.0.113.99', true],
    ['::ffff:203.0.113.99', true],
    ['203.0.114.1', false],
    ['2001:db8:ffff::1', true],
    ['2001:db9::1', false],
    ['', false]
  ])('hold %s: %s', (address, holds) =>
    expect(isWithin(address, ['203.0.113.0/24', '2001:db8::/32'])).toBe(holds)
  )

  it('are where it may be used, and its successor too', async () => {
    const directory = directoryOf(env)
    const { id, token } = await directory.createToken('shop', ['203.0.113.0/24'])
    const { token: next } = (await directory.rotateToken(id, Date.now() + 60_000))!
    const send = (secret: string, address: string) =>
      SELF.fetch('http://localhost/api/ingest', {
        method: 'POST',
        body: '{}',
        headers: { Authorization: `Bearer ${secret}`, 'CF-Connecting-IP': address }
      })
    for (const secret of [token, next]) {
      expect((await send(secret, '203.0.113.9')).status).toBe(200)
      const refused = await send(secret, '198.51.100.9')
      expect([refused.status, await refused.json()]).toMatchObject([403, { error: { code: 'network' } }])
    }
    expect((await directory.tokens()).map(({ networks }) => networks)).toEqual([
      ['203.0.113.0/24'],
      ['203.0.113.0/24']
    ])
  })

  it('can be changed while it is active', async () => {
    const directory = directoryOf(env)
    const { secret } = await directory.open('session')
    const { id } = await directory.createToken('shop')
    const put = async (id: string, networks: unknown) =>
      (
        await SELF.fetch(`http://localhost/api/tokens/${id}`, {
          method: 'PUT',
          body: JSON.stringify({ networks }),
          headers: { Cookie: `loggia=${secret}`, 'X-Loggia': '1' }
        })
      ).status
    const listed = async () => (await directory.tokens()).map(({ networks }) => networks)
    expect(await put(id, ['203.0.113.7/24'])).toBe(200)
    expect(await listed()).toEqual([['203.0.113.0/24']])
    expect([await put(id, ['nowhere']), await put(id, 'nowhere'), await put('unknown', [])]).toEqual([
      400, 400, 404
    ])
    expect(await put(id, [])).toBe(200)
    expect(await listed()).toEqual([[]])
    await directory.revokeToken(id)
    expect(await put(id, [])).toBe(404)
  })
})
