import { fetchJson } from '#lib/device/cache.ts'
import type { Status } from '#lib/schema/status.ts'
import { asError, session } from './session.svelte.ts'

const often = 10_000

/** The path under which the Worker answers for a site. */
export const apiOf = (site: string) => `/api/sites/${encodeURIComponent(site)}`

/** What the store of a site says of itself, asked again while somebody looks. */
export class SiteStatus {
  now = $state.raw<Status | null>(null)
  error = $state.raw<Error | null>(null)
  isBusy = $state(false)
  readonly #site: string

  constructor(site: string) {
    this.#site = site
  }

  /** Returns what ends it. */
  watch(): () => void {
    const timer = setInterval(() => void (document.hidden || this.look()), often)
    void this.look()
    return () => clearInterval(timer)
  }

  /** Without a network what was last said stands. */
  look = async () => {
    this.isBusy = true
    try {
      const { value, isOffline } = await fetchJson<Status>(`${apiOf(this.#site)}/status`)
      this.now = value
      this.error = null
      session.isOffline = isOffline
    } catch (error) {
      if (!session.meets(error)) this.error = asError(error)
    }
    this.isBusy = false
  }
}
