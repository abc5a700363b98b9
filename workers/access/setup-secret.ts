import { Failure } from '../failure.ts'
import { sha256 } from '../store/storage.ts'
import { isSecret } from './password.ts'
import { directoryOf } from './reach.ts'

const pattern = /^[\w-]{43}\.(\d{10})$/

/** Until when the secret LOGGIA_SETUP is good, ms since 1970; 0 where there is none. */
export function setupUntil({ LOGGIA_SETUP: secret = '' }: Env): number {
  return Number(pattern.exec(secret)?.[1] ?? 0) * 1000
}

/**
 * Uses up the secret LOGGIA_SETUP as a proof that the owner is there. Its 256 bits cannot be guessed, so no failed try
 * delays it. Throws 401 when it is wrong, too old or was used.
 */
export async function spendSecret(env: Env, given: string): Promise<void> {
  const directory = directoryOf(env)
  // Else the sign-in would use up what is meant to choose the password.
  if (!env.LOGGIA_PASSWORD && (await directory.password()) === null)
    throw new Failure(409, 'no_password', 'there is no password yet: choose one under /sign-in?setup')
  if (!(await isSetupSecret(env, given))) throw wrongSecret()
  if (!(await directory.spend(await sha256(given), setupUntil(env))))
    throw new Failure(401, 'setup_used', 'this secret was used before: make another by npx loggia secret')
}

/** Whether this is LOGGIA_SETUP, and not too old. */
export async function isSetupSecret(env: Env, given: string): Promise<boolean> {
  return setupUntil(env) > Date.now() && isSecret(given, env.LOGGIA_SETUP ?? '')
}

export function wrongSecret(): Failure {
  return new Failure(401, 'setup', 'the set-up secret is wrong or too old')
}
