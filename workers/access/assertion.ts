import { errors, jwtVerify } from 'jose'
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
  let keys = new Map<string, PublicKey>()
  let asked = -Infinity

  async function keyOf(kid: string | undefined, now: number): Promise<PublicKey> {
    if (typeof kid !== 'string') throw refused('it names no key')
    if (now - asked > hour || (!keys.has(kid) && now - asked > pause)) {
      asked = now
      const listed = await fetchKeys(`${issuer}/cdn-cgi/access/certs`).catch((error: unknown) => {
        if (!keys.size) asked = -Infinity
        console.error(JSON.stringify({ step: 'access keys', error: String(error) }))
        return null
      })
      if (listed) keys = new Map(listed.map((key) => [key.kid, key]))
      else if (!keys.has(kid)) throw new Failure(503, 'unavailable', 'the keys of Access cannot be had now')
    }
    const key = keys.get(kid)
    if (!key) throw refused(`key ${kid.slice(0, 64)} is not known`)
    return key
  }

  return async (token, now) => {
    try {
      const { payload } = await jwtVerify<{ exp: number; email?: unknown }>(
        token,
        ({ kid }) => keyOf(kid, now),
        {
          issuer,
          audience,
          algorithms: ['RS256'],
          requiredClaims: ['exp'],
          clockTolerance: leeway,
          currentDate: new Date(now)
        }
      )
      return { email: typeof payload.email === 'string' ? payload.email : null, expires: payload.exp }
    } catch (error) {
      throw error instanceof errors.JOSEError ? refused(explain(error)) : error
    }
  }
}

/** What a claim says that is not right. */
const claims: Record<string, string> = {
  iss: 'it is of another team',
  aud: 'it is for another application',
  exp: 'it has expired',
  nbf: 'it is not valid yet'
}

function explain(error: errors.JOSEError): string {
  if (error instanceof errors.JWTExpired || error instanceof errors.JWTClaimValidationFailed)
    return claims[error.claim] ?? error.message
  return error.message
}

function refused(why: string): Failure {
  return new Failure(401, 'access', `the token of Cloudflare Access is refused: ${why}`)
}
