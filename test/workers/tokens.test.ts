import { env, runInDurableObject, SELF } from 'cloudflare:test'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { Rates } from '../../workers/access/rates.ts'
import { directoryOf } from '../../workers/access/reach.ts'
import { post, record, tokenFor } from './reach.ts'
import { call, freshDirectory, signIn } from './signed-in.ts'

const origin = 'http://localhost'
const hour = 3_600_000
const body = JSON.stringify(record(1))

freshDirectory()

describe('tokens', () => {
  beforeEach(signIn)

  it('are listed without their secret, with their last use', async () => {
    const token = await tokenFor('shop')
    await post(token, body)
    const answer = await call('GET', '/api/tokens')
    expect(answer).toMatchObject({
      tokens: [
        {
          prefix: `${token.slice(0, 13)}…`,
          site: 'shop',
          last_used: expect.any(Number) as number,
          revoked: null
        }
      ]
    })
    expect(JSON.stringify(answer)).not.toContain(token.slice(13, 30))
  })

  it('are rotated: two of a line write until the deadline, then one', async () => {
    const old = await tokenFor('shop')
    const { id } = (await directoryOf(env).tokens())[0]!
    const made = await call('POST', `/api/tokens/${id}/rotate`, { grace_hours: 1 })
    expect(made).toMatchObject({ http: 200, site: 'shop' })
    const { token } = made as unknown as { token: string }
    expect((await post(token, body)).headers.has('X-Token-Rotate-By')).toBe(false)
    expect((await post(old, body)).headers.get('X-Token-Rotate-By')).toMatch(/^20.*Z$/)
    vi.setSystemTime(Date.now() + hour + 1)
    expect((await post(old, body)).status).toBe(401)
    expect((await post(token, body)).status).toBe(200)
  })

  it('are never three of a line', async () => {
    await tokenFor('shop')
    const directory = directoryOf(env)
    const rotate = async (id: string) => (await directory.rotateToken(id, Date.now() + hour))!.id
    const first = (await directory.tokens())[0]!.id
    const second = await rotate(first)
    await rotate(second)
    await rotate(second)
    const active = (await directory.tokens()).filter(({ revoked }) => revoked === null)
    expect(active).toHaveLength(2)
    expect(await directory.rotateToken(first, Date.now())).toBeNull()
  })

  it('stop within a minute of being revoked', async () => {
    const token = await tokenFor('shop')
    expect((await post(token, body)).status).toBe(200)
    const { id } = (await directoryOf(env).tokens())[0]!
    expect(await call('DELETE', `/api/tokens/${id}`)).toMatchObject({ http: 200, status: 'revoked' })
    vi.setSystemTime(Date.now() + 60_001)
    expect((await post(token, body)).status).toBe(401)
    expect(await call('DELETE', '/api/tokens/nosuchid')).toMatchObject({ http: 404 })
  })

  it('write no longer than the hours they are made for', async () => {
    const made = await call('POST', '/api/tokens', {
      site: 'shop',
      name: 'Import of a log',
      expires_hours: 24
    })
    const { token } = made as unknown as { token: string }
    expect((await post(token, body)).status).toBe(200)
    vi.setSystemTime(Date.now() + 24 * hour - 61_000)
    expect((await post(token, body)).status).toBe(200)
    vi.setSystemTime(Date.now() + 62_000)
    const refused = await post(token, body)
    expect([refused.status, await refused.json()]).toMatchObject([401, { error: { code: 'token_revoked' } }])
  })

  it.each([0, -1, 8_761, '24', null])('are not made for %j hours', async (expires_hours) => {
    const answer = await call('POST', '/api/tokens', { site: 'shop', expires_hours })
    expect(answer).toMatchObject({ http: 400, error: { code: 'expires_hours' } })
    expect(await directoryOf(env).tokens()).toEqual([])
  })

  it('only write', async () => {
    const headers = { Authorization: `Bearer ${await tokenFor('*')}`, 'X-Loggia': '1' }
    for (const path of ['sites', 'tokens', 'sessions', 'sites/shop/settings', 'sites/shop/manifest'])
      expect((await SELF.fetch(`${origin}/api/${path}`, { headers })).status).toBe(401)
  })

  it('of strangers are looked up a minute long, then refused unseen, each network by itself', async () => {
    vi.setSystemTime(Date.now())
    const from = (network: string) => ({ 'CF-Connecting-IP': network })
    const tokens = await Promise.all(Array.from({ length: 62 }, () => tokenFor('gone')))
    await runInDurableObject(directoryOf(env), (_, state) => void state.storage.sql.exec('delete from token'))
    const codes = []
    for (const [i, token] of tokens.entries())
      codes.push((await post(token, body, from(`198.51.100.${i}`))).status)
    expect([codes[0], codes[59], codes.at(-1)]).toEqual([401, 401, 429])
    expect((await post(tokens.at(-1)!, body, from('2001:db8::1'))).status).toBe(401)
  })
})

describe('a rate', () => {
  it('gives what it has, lets overdraw once, and fills again', () => {
    const rates = new Rates(10, 20)
    expect(rates.take('a', 30, 0)).toBe(0)
    expect(rates.take('a', 1, 0)).toBe(1)
    expect(rates.take('b', 1, 0)).toBe(0)
    expect(rates.take('a', 1, 2_000)).toBe(0)
  })
})
