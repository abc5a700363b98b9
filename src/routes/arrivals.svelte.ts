import { call } from '#lib/state/session.svelte.ts'

interface Status {
  outcomes: Record<string, number>
  forwarders: { token: string; last_seen: number; records: number }[]
}

interface Refused {
  id: number
  message: string
  raw: string
}

const often = 4_000

/** What a site's buffer has taken and refused, asked while somebody waits for it. */
export class Arrivals {
  status = $state.raw<Status | null>(null)
  refused = $state.raw<Refused[]>([])

  /** Returns what ends it. */
  watch(site: string): () => void {
    this.status = null
    if (!/^[a-z0-9_][a-z0-9_.-]{0,62}$/.test(site)) return () => {}
    const look = () => void (document.hidden || this.#look(site).catch(() => {}))
    const timer = setInterval(look, often)
    look()
    return () => clearInterval(timer)
  }

  async #look(site: string) {
    const path = `/api/sites/${encodeURIComponent(site)}`
    const status = await call<Status>(`${path}/status`)
    const isNew = Object.keys(status.outcomes).some((outcome) => outcome !== 'accepted')
    if (isNew) this.refused = (await call<{ records: Refused[] }>(`${path}/quarantine`)).records.slice(0, 20)
    this.status = status
  }
}
