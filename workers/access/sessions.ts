import { timingSafeEqual } from 'node:crypto'
import type { Context } from 'hono'
import { getCookie, setCookie, deleteCookie } from 'hono/cookie'
import { createMiddleware } from 'hono/factory'
import { Failure } from '../failure.ts'
import { sha256 } from '../store/storage.ts'
import { directoryOf } from './reach.ts'

type App = { Bindings: Env }

/** A session that was good is believed for so long without asking: a page fetches parts by the dozen. */
const trust = 10_000
const believed = new Map<string, number>()

/** `__Host-` wants HTTPS; the embedded server on localhost has none. */
function cookieOf(c: Context<App>): { name: string; secure: boolean } {
  const secure = new URL(c.req.url).protocol === 'https:'
  return { name: secure ? '__Host-loggia' : 'loggia', secure }
}

/** Lets only signed-in readers pass, and from our own page only where something changes. */
export const reader = createMiddleware<App>(async function reader(c, next) {
  const secret = getCookie(c, cookieOf(c).name)
  if (!secret) throw new Failure(401, 'signed_out', 'not signed in')
  const hash = await sha256(secret)
  if ((believed.get(hash) ?? 0) < Date.now()) {
    if (!(await directoryOf(c.env).isSession(hash)))
      throw new Failure(401, 'signed_out', 'the session has ended')
    if (believed.size > 1_000) believed.clear()
    believed.set(hash, Date.now() + trust)
  }
  await next()
})

/** Refuses what another site's page could send: no custom header without a preflight, no foreign Origin. */
export const sameOrigin = createMiddleware<App>(async function sameOrigin(c, next) {
  const origin = c.req.header('Origin')
  const isOurs = !origin || new URL(origin).host === new URL(c.req.url).host
  if (!isOurs) throw new Failure(403, 'foreign_origin', `origin ${origin} is not this page`)
  if (c.req.method !== 'GET' && c.req.header('X-Loggia') !== '1')
    throw new Failure(403, 'header_missing', 'header X-Loggia: 1 is missing')
  await next()
})

/** Starts a session for the right password, or for a one-time link's key. */
export async function signIn(
  c: Context<App>,
  { password, key }: { password?: unknown; key?: unknown }
): Promise<void> {
  const directory = directoryOf(c.env)
  if (typeof key === 'string') {
    if (!(await directory.redeem(await sha256(key))))
      throw new Failure(401, 'link_used', 'this link was used before or is too old')
  } else if (typeof password !== 'string' || !(await isPassword(c.env, password))) {
    throw new Failure(401, 'password', 'the password is wrong')
  }
  const { secret, expires } = await directory.open('session')
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
  const { name, secure } = cookieOf(c)
  const secret = getCookie(c, name)
  if (secret) {
    const hash = await sha256(secret)
    believed.delete(hash)
    await directoryOf(c.env).close(hash)
  }
  deleteCookie(c, name, { path: '/', secure })
}

/** Compared as digests of one length, in constant time. */
async function isPassword(env: Env, password: string): Promise<boolean> {
  if (!env.LOGGIA_PASSWORD) throw new Failure(503, 'no_password', 'the secret LOGGIA_PASSWORD is not set')
  const [given, wanted] = await Promise.all([sha256(password), sha256(env.LOGGIA_PASSWORD)])
  return timingSafeEqual(Buffer.from(given), Buffer.from(wanted))
}
