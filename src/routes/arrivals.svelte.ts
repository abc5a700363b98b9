import { isSiteName } from '#lib/schema/site-name.ts'
import type { Quarantined, Status } from '#lib/schema/status.ts'
import { call } from '#lib/state/session.svelte.ts'
import { readOutcomes } from './outcomes.ts'

const often = 4_000

/** What a site's buffer has taken and refused, asked while somebody waits for it. */
export class Arrivals {
  status = $state.raw<Status | null>(null)
  refused = $state.raw<Quarantined[]>([])

  /** Returns what ends it. */
  watch(site: string): () => void {
    this.status = null
    if (!isSiteName(site)) return () => {}
    const look = () => void (document.hidden || this.#look(site).catch(() => {}))
    const timer = setInterval(look, often)
    look()
    return () => clearInterval(timer)
  }

  async #look(site: string) {
    const path = `/api/sites/${encodeURIComponent(site)}`
    const status = await call<Status>(`${path}/status`)
    if (readOutcomes(status.outcomes).refused)
      this.refused = (await call<{ records: Quarantined[] }>(`${path}/quarantine`)).records.slice(0, 20)
    this.status = status
  }
}
