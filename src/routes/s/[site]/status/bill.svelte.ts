import type { Status, Usage } from '#lib/schema/status.ts'
import { asError, call, session } from '#lib/state/session.svelte.ts'
import { costOf } from './cost.ts'

type SiteUsage = Usage & { site: string }

/** What the installation costs, and a site's share of it. It wakes the store of every site, and asks once. */
export class Bill {
  error = $state.raw<Error | null>(null)
  #all = $state.raw<SiteUsage[] | null>(null)
  readonly #site: string

  constructor(site: string) {
    this.#site = site
  }

  /** How many sites there are; refused records of no site have a store of their own. */
  get sites(): number {
    return this.#all?.filter(({ site }) => site !== '*').length ?? 0
  }

  /** The cost, with the site's own use as of now; null while that of the others isn't known. */
  costOf(now: Status | null) {
    if (!this.#all || !now) return null
    const others = this.#all.filter(({ site }) => site !== this.#site)
    return costOf([...others, now], now)
  }

  look = async () => {
    this.error = null
    try {
      this.#all = (await call<{ sites: SiteUsage[] }>('/api/usage')).sites
    } catch (error) {
      if (!session.meets(error)) this.error = asError(error)
    }
  }
}
