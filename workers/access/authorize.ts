import { Failure } from '../failure.ts'
import { sha256 } from '../store/storage.ts'
import { directoryOf } from './reach.ts'
import { isToken, mask, tokenOf, type Grant } from './tokens.ts'

/** How long an isolate believes a grant or a refusal: a revoked token stops within it. */
const trust = 60_000
const believed = new Map<string, { grant: Grant | null; until: number }>()

/**
 * What the token of a request may do. 401 only on proof: a Directory that cannot be asked is a 503, since many
 * forwarders throw a batch away on a 401.
 */
export async function authorize(env: Env, authorization: string | undefined): Promise<Grant> {
  const token = tokenOf(authorization)
  if (!token)
    throw unauthorized('token_missing', 'an ingest token is missing: send Authorization: Bearer lgi_…')
  const grant = isToken(token) ? await look(env, await sha256(token)) : null
  if (!grant) throw unauthorized('token_unknown', `token ${mask(token)} is not known`)
  return grant
}

async function look(env: Env, hash: string): Promise<Grant | null> {
  const now = Date.now()
  const known = believed.get(hash)
  if (known && known.until > now) return known.grant
  if (believed.size > 10_000) believed.clear()
  const grant = await ask(env, hash)
  believed.set(hash, { grant, until: now + trust })
  return grant
}

async function ask(env: Env, hash: string): Promise<Grant | null> {
  try {
    return await directoryOf(env).grant(hash)
  } catch (error) {
    console.error(JSON.stringify({ step: 'authorize', error: String(error) }))
    throw new Failure(503, 'unavailable', 'tokens cannot be checked now', { 'Retry-After': '5' })
  }
}

function unauthorized(code: string, message: string): Failure {
  return new Failure(401, code, message, { 'WWW-Authenticate': 'Bearer realm="loggia"' })
}
