import { locals } from './locals.svelte.ts'

export interface Site {
  site: string
  rows: number
  bytes: number
  parts: number
  last_time: number | null
  /** Hits that are taken and in no part yet: nobody can look at them. */
  unflushed_rows: number
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

class Offline extends Error {
  override name = 'Offline'
}

const renewal = '/api/password'
let renewing: Promise<unknown> = Promise.resolve()
let renewals = 0

/** Changes the password: every session ends but that of this page, which goes by another name from then on. */
export function changePassword(change: { password: string; chosen: string }): Promise<unknown> {
  const changed = call(renewal, { method: 'POST', body: JSON.stringify(change) }).then(() => renewals++)
  renewing = changed.catch(() => {})
  return changed
}

/** Asks the Worker; throws what it refused, or that it was not reached. */
export async function call<Answer>(path: string, init: RequestInit = {}): Promise<Answer> {
  const begun = renewals
  const headers = { 'X-Loggia': '1', 'content-type': 'application/json' }
  const response = await fetch(path, { ...init, headers }).catch(() => {
    throw new Offline('The server cannot be reached.')
  })
  if (response.ok) return response.status === 204 ? (undefined as Answer) : response.json()
  if (response.status === 401 && path !== renewal) {
    await renewing
    // It named the session that ended while it was on its way.
    if (renewals > begun) return call(path, init)
  }
  const body: { error?: { message?: string } } = await response.json().catch(() => ({}))
  throw new Refused(response.status, body.error?.message ?? `The server answered ${response.status}`)
}

export const asError = (error: unknown) => (error instanceof Error ? error : new Error(String(error)))

const tabs = new BroadcastChannel('session')

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
  /** From when this device is being signed out: an answer that was on its way would leave the list of sites behind. */
  #hasLeft = false

  /** Without a network the list of the last visit stands. */
  async load() {
    try {
      const { sites } = await call<{ sites: Site[] }>('/api/sites')
      if (this.#hasLeft) return
      this.sites = sites
      localStorage.setItem('sites', JSON.stringify(sites))
      this.isSignedOut = this.isOffline = false
      this.error = null
    } catch (error) {
      if (!this.meets(error)) this.error = asError(error)
    }
    this.isKnown = true
  }

  /** Signed out and offline are states, not failures: whether it was one of them. */
  meets(error: unknown): boolean {
    const name = error instanceof Error ? error.name : ''
    if (name === 'SignedOut' || (error instanceof Refused && error.status === 401)) this.isSignedOut = true
    else if (name === 'Offline') this.isOffline = true
    else return false
    return true
  }

  async signIn(proof: { password: string } | { key: string } | { secret: string }) {
    await call('/api/session', { method: 'POST', body: JSON.stringify(proof) })
    tabs.postMessage('signed-in')
    this.isSignedOut = this.#hasLeft = false
    await this.load()
  }

  /**
   * Of a device that is signed out nothing is left but its theme. Every tab lets go of its files before one is deleted,
   * here or by the answer's `Clear-Site-Data`: in Chromium a tab that closes a file meanwhile hangs for ever.
   */
  async signOut() {
    this.#hasLeft = true
    const choice = localStorage.getItem('theme')
    localStorage.clear()
    if (choice) localStorage.setItem('theme', choice)
    tabs.postMessage('signed-out')
    try {
      const { clearDevice } = await import('#lib/device/device.ts')
      await clearDevice()
    } finally {
      await call('/api/session', { method: 'DELETE' }).catch((error: unknown) => this.meets(error))
      this.#forget()
    }
  }

  #forget() {
    this.sites = []
    locals.look()
    this.isSignedOut = true
  }

  /** Follows what other tabs do. */
  constructor() {
    tabs.onmessage = async ({ data }: MessageEvent<'signed-in' | 'signed-out'>) => {
      this.#hasLeft = data === 'signed-out'
      if (!this.#hasLeft) return
      const { closeDevices } = await import('#lib/device/device.ts')
      await closeDevices()
      this.#forget()
    }
  }
}

export const session = new Session()
