import type { Context } from 'hono'
import { Failure } from '../failure.ts'
import { hashPassword, shortestPassword } from './password.ts'
import { directoryOf } from './reach.ts'
import { startSession } from './sessions.ts'
import { sha256 } from '../store/storage.ts'
import { isSetupSecret, setupUntil, wrongSecret } from './setup-secret.ts'

type Env_ = { Bindings: Env }

/** Until when the set-up is open, ms since 1970. 404 when it is done, was never offered, or came too late. */
export async function setupOpenUntil(env: Env): Promise<number> {
  const until = setupUntil(env)
  const isDone = Boolean(env.LOGGIA_PASSWORD) || (await directoryOf(env).password()) !== null
  if (isDone || until <= Date.now()) throw new Failure(404, 'setup_closed', 'there is no set-up to do')
  return until
}

/** Chooses the password for good, by the one-time secret, and signs in. Of two at the same time one is too late. */
export async function setUp(c: Context<Env_>, { secret, password }: Record<string, unknown>): Promise<void> {
  await setupOpenUntil(c.env)
  const chosen = checkNew(password)
  if (typeof secret !== 'string' || !(await isSetupSecret(c.env, secret))) throw wrongSecret()
  if (!(await directoryOf(c.env).setUp(await hashPassword(chosen))))
    throw new Failure(404, 'setup_closed', 'there is no set-up to do')
  await directoryOf(c.env).spend(await sha256(secret), setupUntil(c.env))
  await startSession(c)
}

/** A password that may be chosen; throws at one that is too short or too long. */
export function checkNew(password: unknown): string {
  const isGood =
    typeof password === 'string' && password.length >= shortestPassword && password.length <= 1024
  if (!isGood) throw new Failure(400, 'password', `a password has ${shortestPassword} to 1024 characters`)
  return password
}
