import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { createMiddleware } from 'hono/factory'
import { Failure, retryAfter } from '../failure.ts'
import { sha256 } from '../store/storage.ts'
import { createAsserter, type PublicKey } from './assertion.ts'
import { networkOf } from './network.ts'
import { isPassword, isSecret } from './password.ts'
import { directoryOf } from './reach.ts'
import { spendSecret } from './setup-secret.ts'

type App = { Bindings: Env }

/** A session that was good is believed for so long without asking: a page fetches parts by the dozen. */
const trust = 10_000
const believed = new Map<string, number>()

/** `__Host-` wants HTTPS; the embedded server on localhost has none. */
function cookieOf(c: Context<App>): { name: string; secure: boolean } {
  const secure = new URL(c.req.url).protocol === 'https:'
  return { name: secure ? '__Host-loggia' : 'loggia', secure }
}

/** The hash of the session's secret that a request carries; null where it has none. */
export async function sessionOf(c: Context<App>): Promise<string | null> {
  const secret = getCookie(c, cookieOf(c).name)
  return secret ? sha256(secret) : null
}

/** Lets only signed-in readers pass: by Cloudflare Access where it is set up, else by a session. */
export const reader = createMiddleware<App>(async function reader(c, next) {
  const assertion = c.req.header('Cf-Access-Jwt-Assertion')
  const asserted = assertion === undefined ? null : await assert(c.env, assertion)
  if (!asserted) await checkSession(c)
  await next()
})

async function checkSession(c: Context<App>): Promise<void> {
  const hash = await sessionOf(c)
  if (hash === null) throw new Failure(401, 'signed_out', 'not signed in')
  if ((believed.get(hash) ?? 0) >= Date.now()) return
  if (!(await directoryOf(c.env).isSession(hash)))
    throw new Failure(401, 'signed_out', 'the session has ended')
  if (believed.size > 1_000) believed.clear()
  believed.set(hash, Date.now() + trust)
}

let asserter: ReturnType<typeof createAsserter> | undefined

/** Null where Access is not set up: what a header says then proves nothing. */
async function assert({ LOGGIA_ACCESS_TEAM: domain, LOGGIA_ACCESS_AUD: audience }: Env, token: string) {
  if (!domain || !audience) return null
  asserter ??= createAsserter({ domain, audience }, async (url) => {
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000) })
    return ((await response.json()) as { keys: PublicKey[] }).keys
  })
  return asserter(token, Date.now())
}

/** Refuses what another site's page could send: no custom header without a preflight, no foreign Origin. */
export const sameOrigin = createMiddleware<App>(async function sameOrigin(c, next) {
  const origin = c.req.header('Origin')
  const isOurs = !origin || (URL.canParse(origin) && new URL(origin).host === new URL(c.req.url).host)
  if (!isOurs) throw new Failure(403, 'foreign_origin', `origin ${origin} is not this page`)
  if (c.req.method !== 'GET' && c.req.header('X-Loggia') !== '1')
    throw new Failure(403, 'header_missing', 'header X-Loggia: 1 is missing')
  await next()
})

/**
 * Starts a session for the right password, a one-time link's key, or the one-time secret of the owner. Only passwords
 * can be guessed, so only they wait: nobody's guesses keep the owner out who has a link or the secret.
 */
export async function signIn(
  c: Context<App>,
  { password, key, secret }: { password?: unknown; key?: unknown; secret?: unknown }
): Promise<void> {
  if (typeof secret === 'string') {
    await spendSecret(c.env, secret)
  } else if (typeof key === 'string') {
    if (!(await directoryOf(c.env).redeem(await sha256(key))))
      throw new Failure(401, 'link_used', 'this link was used before or is too old')
  } else {
    await checkPassword(c, typeof password === 'string' ? password : '')
  }
  await startSession(c)
}

/** Throws unless the password is right. After some wrong ones, the next attempt from their network has to wait. */
export async function checkPassword(c: Context<App>, password: string): Promise<void> {
  const { LOGGIA_PASSWORD: secret } = c.env
  const stored = secret ? null : await directoryOf(c.env).password()
  if (!secret && stored === null)
    throw new Failure(503, 'no_password', 'no password is set: LOGGIA_PASSWORD, or a set-up by LOGGIA_SETUP')
  await unhurried(c, async () => {
    const isRight = secret ? await isSecret(password, secret) : await isPassword(password, stored)
    if (!isRight) throw new Failure(401, 'password', 'the password is wrong')
  })
}

/**
 * Runs a check of a password unless too many have failed from this network. A check that passes clears the network. The
 * delay is of the network, not of the account, so other people's guesses can't lock the owner out.
 */
async function unhurried(c: Context<App>, check: () => Promise<void>): Promise<void> {
  const directory = directoryOf(c.env)
  const keys = [networkOf(c)]
  const wait = await directory.knock(keys)
  if (wait > 0) {
    const seconds = Math.ceil(wait / 1000)
    throw new Failure(
      429,
      'too_many',
      `Too many wrong passwords from your network. Try again in ${inWords(seconds)}.`,
      retryAfter(seconds, 0)
    )
  }
  await check()
  await directory.forgive(keys)
}

const inWords = (seconds: number) => (seconds < 120 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`)

/** Starts a session with a secret of its own, and ends the one the request came with. */
export async function startSession(c: Context<App>): Promise<void> {
  await endSession(c)
  const origin = { agent: c.req.header('User-Agent') ?? '', network: networkOf(c) }
  const { secret, expires } = await directoryOf(c.env).open('session', origin)
  const { name, secure } = cookieOf(c)
  setCookie(c, name, secret, {
    path: '/',
    httpOnly: true,
    secure,
    sameSite: 'Lax',
    expires: new Date(expires)
  })
}

export async function signOut(c: Context<App>): Promise<void> {
  await endSession(c)
  const { name, secure } = cookieOf(c)
  deleteCookie(c, name, { path: '/', secure })
}

async function endSession(c: Context<App>): Promise<void> {
  const hash = await sessionOf(c)
  if (hash === null) return
  believed.delete(hash)
  await directoryOf(c.env).close(hash)
}

/** Lets this isolate ask again whether sessions go on. */
export function forgetSessions(): void {
  believed.clear()
}
