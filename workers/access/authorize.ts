import type { TokenScope } from '#lib/schema/access.ts'
import { Failure, retryAfter } from '../failure.ts'
import { sha256 } from '../store/storage.ts'
import { isWithin } from './network.ts'
import { Rates } from './rates.ts'
import { directoryOf } from './reach.ts'
import { idOf, isOtherScope, isToken, mask, tokenOf, type Grant } from './tokens.ts'

/** How long an isolate believes a grant or a refusal: a revoked token stops within it. */
const trust = 60_000
const believed = new Map<string, { grant: Grant | null; until: number }>()
/** Tokens of one network that turn out to be none: past these nobody asks the Directory for it. */
const strangers = new Rates(1, 60)

/** How errors name a token of each scope. */
const kinds = {
  ingest: { kind: 'an ingest token', prefix: 'lgi_…', what: '' },
  annotations: { kind: 'a token for annotations', prefix: 'lga_…', what: ' annotations' }
} satisfies Record<TokenScope, object>

/**
 * What the token of a request may do. 401 only on proof: a Directory that cannot be asked is a 503, since many
 * forwarders throw a batch away on a 401.
 */
export async function authorize(
  env: Env,
  authorization: string | undefined,
  { address, network }: { address: string; network: string },
  scope: TokenScope = 'ingest'
): Promise<Grant> {
  const { kind, prefix, what } = kinds[scope]
  const token = tokenOf(authorization)
  if (!token) throw unauthorized('token_missing', `${kind} is missing: send Authorization: Bearer ${prefix}`)
  if (isOtherScope(token, scope))
    throw new Failure(
      403,
      'wrong_scope',
      `token ${mask(token)} does not write${what}: send ${kind}, ${prefix}`
    )
  const grant = isToken(token, scope) ? await look(env, token, network) : null
  if (!grant) throw unauthorized('token_unknown', `token ${mask(token)} is not known`)
  if (grant.is_revoked || (grant.rotate_by !== null && grant.rotate_by <= Date.now()))
    throw unauthorized('token_revoked', `token ${mask(token)} was revoked: make a new one in the settings`)
  // A Directory of before a deploy names no networks.
  if (grant.networks?.length && !isWithin(address, grant.networks))
    throw new Failure(403, 'network', `token ${mask(token)} is not for use from ${address}`)
  return grant
}

async function look(env: Env, token: string, network: string): Promise<Grant | null> {
  const hash = await sha256(token)
  const now = Date.now()
  const known = believed.get(hash)
  if (known && known.until > now) return known.grant
  const wait = strangers.take(network, 0, now)
  if (wait) throw new Failure(429, 'too_many', `too many unknown tokens from ${network}`, retryAfter(wait))
  if (believed.size > 10_000) believed.clear()
  const grant = await ask(env, idOf(token), hash)
  if (!grant) strangers.take(network, 1, now)
  believed.set(hash, { grant, until: now + trust })
  return grant
}

async function ask(env: Env, id: string, hash: string): Promise<Grant | null> {
  try {
    return await directoryOf(env).grant(id, hash)
  } catch (error) {
    console.error(JSON.stringify({ step: 'authorize', error: String(error) }))
    throw new Failure(503, 'unavailable', 'tokens cannot be checked now', retryAfter(5))
  }
}

function unauthorized(code: string, message: string): Failure {
  return new Failure(401, code, message, { 'WWW-Authenticate': 'Bearer realm="loggia"' })
}
