import { Buffer } from 'node:buffer'
import { Failure } from '../failure.ts'

/** A key as a JWKS lists it. */
export interface PublicKey {
  kid: string
  kty: string
  n: string
  e: string
}

/** Who Cloudflare Access says is there. */
export interface Assertion {
  email: string | null
  /** Seconds since 1970, UTC. */
  expires: number
}

export interface Team {
  /** Without a scheme: `example.cloudflareaccess.com`. */
  domain: string
  /** The audience tag of the application. */
  audience: string
}

const hour = 3_600_000
/** A token with a key nobody knows makes us ask so often at most. */
const pause = 60_000
/** What clocks may differ, s. */
const leeway = 30

/**
 * Checks tokens that Cloudflare Access puts on requests. RS256 and nothing else, whatever the token says of itself; keys
 * are asked for once an hour, and once a minute where one is missing.
 */
export function createAsserter(
  { domain, audience }: Team,
  fetchKeys: (url: string) => Promise<PublicKey[]>
): (token: string, now: number) => Promise<Assertion> {
  const issuer = `https://${domain}`
  let keys = new Map<string, Promise<CryptoKey>>()
  let asked = -Infinity

  async function keyOf(kid: string, now: number): Promise<CryptoKey> {
    if (now - asked > hour || (!keys.has(kid) && now - asked > pause)) {
      asked = now
      const listed = await fetchKeys(`${issuer}/cdn-cgi/access/certs`).catch((error: unknown) => {
        if (!keys.size) asked = -Infinity
        console.error(JSON.stringify({ step: 'access keys', error: String(error) }))
        return null
      })
      if (listed) keys = new Map(listed.map((key) => [key.kid, importKey(key)]))
      else if (!keys.has(kid)) throw new Failure(503, 'unavailable', 'the keys of Access cannot be had now')
    }
    const key = keys.get(kid)
    if (!key) throw refused(`key ${kid.slice(0, 64)} is not known`)
    return key
  }

  return async (token, now) => {
    const [head = '', body = '', signature = '', rest] = token.split('.')
    const { alg, kid } = readPart(head)
    if (rest !== undefined || alg !== 'RS256' || typeof kid !== 'string')
      throw refused(`algorithm ${String(alg).slice(0, 16)} is not RS256`)
    const key = await keyOf(kid, now)
    const signed = new TextEncoder().encode(`${head}.${body}`)
    const isSigned = await crypto.subtle.verify(scheme.name, key, Buffer.from(signature, 'base64url'), signed)
    if (!isSigned) throw refused('the signature is wrong')
    return judge(readPart(body), issuer, audience, now / 1000)
  }
}

const scheme = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }

function importKey({ kty, n, e }: PublicKey): Promise<CryptoKey> {
  return crypto.subtle.importKey('jwk', { kty, n, e, alg: 'RS256' }, scheme, false, ['verify'])
}

function readPart(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString())
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
  } catch {
    // Told below.
  }
  throw refused('it is no JWT')
}

function judge(
  { iss, aud, exp, nbf, email }: Record<string, unknown>,
  issuer: string,
  audience: string,
  now: number
): Assertion {
  if (iss !== issuer) throw refused(`issuer ${String(iss).slice(0, 64)} is not ${issuer}`)
  if (!(Array.isArray(aud) ? aud : [aud]).includes(audience)) throw refused('it is for another application')
  if (typeof exp !== 'number' || exp < now - leeway) throw refused('it has expired')
  if (typeof nbf === 'number' && nbf > now + leeway) throw refused('it is not valid yet')
  return { email: typeof email === 'string' ? email : null, expires: exp }
}

function refused(why: string): Failure {
  return new Failure(401, 'access', `the token of Cloudflare Access is refused: ${why}`)
}
