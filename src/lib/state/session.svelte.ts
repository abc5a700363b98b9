export interface Site {
  site: string
  rows: number
  bytes: number
  parts: number
  last_time: number | null
  version: number
}

/** An answer of the Worker that is not a success: its code, and the sentence for the user. */
export class Refused extends Error {
  override name = 'Refused'
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

async function call<Answer>(path: string, init: RequestInit = {}): Promise<Answer> {
  const headers = { 'X-Loggia': '1', 'content-type': 'application/json' }
  const response = await fetch(path, { ...init, headers })
  if (response.ok) return response.status === 204 ? (undefined as Answer) : response.json()
  const body: { error?: { message?: string } } = await response.json().catch(() => ({}))
  throw new Refused(response.status, body.error?.message ?? `The server answered ${response.status}`)
}

const kept = (): Site[] => {
  try {
    return JSON.parse(localStorage.getItem('sites') ?? '[]')
  } catch {
    return []
  }
}

/** Who is signed in, what sites there are, and whether the server can be reached at all. */
class Session {
  sites = $state.raw<Site[]>(kept())
  isKnown = $state(false)
  isSignedOut = $state(false)
  isOffline = $state(!navigator.onLine)
  error = $state.raw<Error | null>(null)

  /** Without a network the list of the last visit stands. */
  async load() {
    try {
      const { sites } = await call<{ sites: Site[] }>('/api/sites')
      this.sites = sites
      localStorage.setItem('sites', JSON.stringify(sites))
      this.isSignedOut = this.isOffline = false
      this.error = null
    } catch (error) {
      this.notice(error)
    }
    this.isKnown = true
  }

  /** Sorts what went wrong into signed out, offline and failed. */
  notice(error: unknown) {
    if (isSignedOut(error)) this.isSignedOut = true
    else if (error instanceof TypeError) this.isOffline = true
    else this.error = error instanceof Error ? error : new Error(String(error))
  }

  async signIn(proof: { password: string } | { key: string }) {
    await call('/api/session', { method: 'POST', body: JSON.stringify(proof) })
    this.isSignedOut = false
    await this.load()
  }

  async signOut() {
    const { clearDevice } = await import('#lib/data/device.ts')
    await call('/api/session', { method: 'DELETE' }).catch((error) => this.notice(error))
    this.sites = []
    localStorage.removeItem('sites')
    await clearDevice()
    this.isSignedOut = true
  }
}

export const isSignedOut = (error: unknown) =>
  error instanceof Error && 'status' in error && error.status === 401

export const session = new Session()
