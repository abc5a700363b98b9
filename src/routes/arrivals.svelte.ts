import { isSiteName } from '#lib/schema/site-name.ts'
import type { Quarantined, Status } from '#lib/schema/status.ts'
import { follow } from '#lib/state/live.ts'
import { call, type Site } from '#lib/state/session.svelte.ts'
import { readOutcomes } from './outcomes.ts'

const often = 4_000
const minute = 60_000
const day = 86_400_000

/** What a site's buffer has taken and refused, asked while somebody waits for it; of all sites where none is named. */
export class Arrivals {
  /** The site that is watched: the one that was named, or the first new one. */
  site = $state<string | null>(null)
  status = $state.raw<Status | null>(null)
  refused = $state.raw<Quarantined[]>([])
  /** Whether the site had hits before. */
  #had = false
  #known: readonly string[] | null = null

  /** The first hits of a site are in a part: its dashboard shows them. */
  get isFirst(): boolean {
    return !this.#had && this.site !== null && (this.status?.rows ?? 0) > 0
  }

  /** The period that shows what came last: the last 24 hours, or everything when an old log is sent. */
  get period(): '24h' | 'all' {
    const [last] = (this.status?.forwarders ?? []).toSorted((a, b) => b.last_seen - a.last_seen)
    const lag = last?.lag ?? 0
    return lag > -minute && lag < day ? '24h' : 'all'
  }

  /** Returns what ends it. */
  watch(named: string): () => void {
    this.site = isSiteName(named) ? named : null
    this.status = null
    this.refused = []
    this.#had = false
    this.#known = null
    if (named !== '' && this.site === null) return () => {}
    let isOver = false
    const look = () => void (document.hidden || this.#look(() => isOver).catch(() => {}))
    const timer = setInterval(look, often)
    look()
    // A site that is followed stores its hits within seconds.
    const unfollow = this.site === null ? null : follow(this.site, { onopen: () => {}, onchange: look })
    return () => {
      isOver = true
      clearInterval(timer)
      unfollow?.()
    }
  }

  async #look(isOver: () => boolean) {
    const site = this.site ?? (await this.#findNew())
    const path = `/api/sites/${encodeURIComponent(site ?? '*')}`
    const status = await call<Status>(`${path}/status`)
    const refused = readOutcomes(status.outcomes).refused
      ? (await call<{ records: Quarantined[] }>(`${path}/quarantine`)).records.slice(0, 20)
      : []
    if (isOver()) return
    if (this.status === null && this.site !== null) this.#had = status.rows > 0
    this.site = site
    this.refused = refused
    this.status = status
  }

  /** The first site that was not there, or had no hits, when the watch began. */
  async #findNew(): Promise<string | null> {
    const { sites } = await call<{ sites: Site[] }>('/api/sites')
    const withHits = sites
      .filter(({ rows, unflushed_rows }) => rows + unflushed_rows > 0)
      .map(({ site }) => site)
    this.#known ??= withHits
    return withHits.find((site) => !this.#known!.includes(site)) ?? null
  }
}
