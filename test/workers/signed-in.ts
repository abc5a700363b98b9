import { env, reset } from 'cloudflare:test'
import { afterEach, beforeEach, vi } from 'vitest'
import { directoryOf } from '../../workers/access/reach.ts'
import { forgetSessions } from '../../workers/access/sessions.ts'
import app from '../../workers/index.ts'

const origin = 'http://localhost'

/** Who asks: the cookie of a session, or none. */
export const visitor = { cookie: '' }

export async function signIn(): Promise<void> {
  const { secret } = await directoryOf(env).open('session')
  visitor.cookie = `loggia=${secret}`
}

/** A call of the page as it makes them; `more` replaces secrets of the Worker. */
export async function call(
  method: string,
  path: string,
  sent?: object,
  more: object = {},
  headers: object = {}
) {
  const init = {
    method,
    body: sent && JSON.stringify(sent),
    headers: { 'X-Loggia': '1', Cookie: visitor.cookie, ...headers }
  }
  const response = await app.request(origin + path, init, { ...env, ...more })
  const text = await response.text()
  return { http: response.status, headers: response.headers, ...(JSON.parse(text || '{}') as object) }
}

/** A directory that nobody has used, before each test. */
export function freshDirectory(): void {
  beforeEach(async () => {
    await reset()
    forgetSessions()
    visitor.cookie = ''
  })
  afterEach(() => {
    vi.useRealTimers()
  })
}
