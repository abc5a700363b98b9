import { env } from 'cloudflare:test'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createAsserter, type PublicKey } from '../../workers/access/assertion.ts'
import app from '../../workers/index.ts'

const team = { domain: 'example.cloudflareaccess.com', audience: 'aud-1' }
const now = Date.parse('2026-11-22T08:00:00Z')
const scheme = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
const rsa = { ...scheme, modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) }

async function keyPair(kid: string) {
  const { privateKey, publicKey } = (await crypto.subtle.generateKey(rsa, true, [
    'sign',
    'verify'
  ])) as CryptoKeyPair
  const { kty, n, e } = (await crypto.subtle.exportKey('jwk', publicKey)) as JsonWebKey
  return { kid, privateKey, listed: { kid, kty: kty!, n: n!, e: e! } }
}

type Pair = Awaited<ReturnType<typeof keyPair>>
const [first, second] = await Promise.all([keyPair('key-1'), keyPair('key-2')])

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
const claims = {
  iss: `https://${team.domain}`,
  aud: [team.audience],
  exp: now / 1000 + 600,
  email: 'ada@example.org'
}

async function sign(body: object, { kid, privateKey }: Pair = first!, head: object = {}): Promise<string> {
  const signed = `${part({ alg: 'RS256', kid, typ: 'JWT', ...head })}.${part(body)}`
  const signature = await crypto.subtle.sign(scheme.name, privateKey, Buffer.from(signed))
  return `${signed}.${Buffer.from(signature).toString('base64url')}`
}

let keys: PublicKey[]
const fetchKeys = vi.fn<(url: string) => Promise<PublicKey[]>>(() => Promise.resolve(keys))
let check: ReturnType<typeof createAsserter>

beforeEach(() => {
  keys = [first!.listed]
  fetchKeys.mockClear()
  check = createAsserter(team, fetchKeys)
})

describe('a token of Cloudflare Access', () => {
  it('says who is there', async () => {
    expect(await check(await sign(claims), now)).toEqual({ email: 'ada@example.org', expires: claims.exp })
    expect(fetchKeys).toHaveBeenCalledWith('https://example.cloudflareaccess.com/cdn-cgi/access/certs')
  })

  it.each([
    ['of another team', { ...claims, iss: 'https://evil.cloudflareaccess.com' }, 'another team'],
    ['for another application', { ...claims, aud: ['aud-2'] }, 'another application'],
    ['that has expired', { ...claims, exp: now / 1000 - 31 }, 'expired'],
    ['without an end', { ...claims, exp: undefined }, 'expired'],
    ['of the future', { ...claims, nbf: now / 1000 + 60 }, 'not valid yet']
  ])('%s is refused', async (_, body, why) => {
    await expect(check(await sign(body), now)).rejects.toMatchObject({
      status: 401,
      code: 'access',
      message: expect.stringContaining(why) as string
    })
  })

  it.each([{ alg: 'none' }, { alg: 'HS256' }, { alg: 'ES256' }, { kid: 7 }])(
    'with %o is refused',
    async (head) => {
      await expect(check(await sign(claims, first, head), now)).rejects.toMatchObject({ code: 'access' })
      expect(fetchKeys).not.toHaveBeenCalled()
    }
  )

  it('with another body than was signed is refused', async () => {
    const [head, , signature] = (await sign(claims)).split('.')
    const forged = `${head}.${part({ ...claims, email: 'eve@example.org' })}.${signature}`
    await expect(check(forged, now)).rejects.toMatchObject({
      message: expect.stringContaining('signature') as string
    })
    await expect(check('x.y', now)).rejects.toMatchObject({ code: 'access' })
  })

  it('with a new key is known after the keys were asked for again, once a minute', async () => {
    await check(await sign(claims), now)
    const rotated = await sign(claims, second)
    await expect(check(rotated, now + 1_000)).rejects.toMatchObject({ code: 'access' })
    expect(fetchKeys).toHaveBeenCalledTimes(1)
    keys = [first!.listed, second!.listed]
    await check(rotated, now + 61_000)
    await check(await sign(claims), now + 62_000)
    expect(fetchKeys).toHaveBeenCalledTimes(2)
  })

  it('is a 503 where the keys cannot be had, and goes on with those it has', async () => {
    fetchKeys.mockRejectedValueOnce(new Error('away'))
    await expect(check(await sign(claims), now)).rejects.toMatchObject({ status: 503 })
    await check(await sign(claims), now)
    fetchKeys.mockRejectedValueOnce(new Error('away'))
    const late = { ...claims, exp: now / 1000 + 90_000 }
    expect(await check(await sign(late), now + 3_700_000)).toMatchObject({ email: 'ada@example.org' })
  })

  it('means nothing where Access is not set up', async () => {
    const headers = { 'Cf-Access-Jwt-Assertion': await sign(claims) }
    expect((await app.request('http://localhost/api/sites', { headers }, env)).status).toBe(401)
  })

  it('opens the page where it is', async () => {
    vi.spyOn(globalThis, 'fetch').mockImplementation(() => Promise.resolve(Response.json({ keys })))
    const bindings = { ...env, LOGGIA_ACCESS_TEAM: team.domain, LOGGIA_ACCESS_AUD: team.audience }
    const ask = async (token: string) =>
      (
        await app.request(
          'http://localhost/api/sites',
          { headers: { 'Cf-Access-Jwt-Assertion': token } },
          bindings
        )
      ).status
    expect(await ask(await sign({ ...claims, exp: Date.now() / 1000 + 60 }))).toBe(200)
    expect(await ask(await sign({ ...claims, exp: Date.now() / 1000 - 60 }))).toBe(401)
    vi.restoreAllMocks()
  })
})
