import { isSiteName } from '#lib/schema/site-name.ts'
import type { Quarantined, Status } from '#lib/schema/status.ts'
import { follow } from '#lib/state/live.ts'
import { call, type Site } from '#lib/state/session.svelte.ts'
import { readOutcomes } from './outcomes.ts'

const often = 4_000
const minute = 60_000
const day = 86_400_000

/** What arrives while somebody sets up a site, or all sites where none is named. */
export class Arrivals {
  /** The site that is watched: the named one, or the first new one. */
  site = $state<string | null>(null)
  status = $state.raw<Status | null>(null)
  refused = $state.raw<Quarantined[]>([])
  /** Whether the named site had hits in parts when the watch began; null before the first look. */
  #had = $state<boolean | null>(null)
  /** The sites that had some, where none is named. */
  #before: readonly string[] | null = null

  /** The first hits of a site are in a part: its dashboard shows them. */
  get isFirst(): boolean {
    return this.site !== null && this.#had === false && (this.status?.rows ?? 0) > 0
  }

  /** The period that shows what came last: the last 24 hours, or everything when an old log is sent. */
  get period(): '24h' | 'all' {
    const [last] = (this.status?.forwarders ?? []).toSorted((a, b) => b.last_seen - a.last_seen)
    const lag = last?.lag ?? 0
    return lag > -minute && lag < day ? '24h' : 'all'
  }

  /** Returns what ends it. */
  watch(named: string): () => void {
    const site = isSiteName(named) ? named : null
    this.site = site
    this.status = null
    this.refused = []
    this.#had = this.#before = null
    if (named !== '' && site === null) return () => {}
    let [isOver, isLooking] = [false, false]
    let followed: string | null = null
    let unfollow = () => {}
    const look = async () => {
      if (document.hidden || isLooking) return
      isLooking = true
      await this.#look(site, () => isOver).catch(() => {})
      isLooking = false
      if (isOver || this.status === null || this.site === null || this.site === followed) return
      unfollow()
      followed = this.site
      // A site that is followed stores its hits within seconds.
      unfollow = follow(followed, { onopen: () => {}, onchange: () => void look() })
    }
    const timer = setInterval(() => void look(), often)
    void look()
    return () => {
      isOver = true
      clearInterval(timer)
      unfollow()
    }
  }

  async #look(named: string | null, isOver: () => boolean) {
    const site = named ?? (await this.#findNew())
    const path = `/api/sites/${encodeURIComponent(site ?? '*')}`
    const status = await call<Status>(`${path}/status`)
    const refused = readOutcomes(status.outcomes).refused
      ? (await call<{ records: Quarantined[] }>(`${path}/quarantine`)).records.slice(0, 20)
      : []
    if (isOver()) return
    this.#had ??= named !== null && status.rows > 0
    this.site = site
    this.refused = refused
    this.status = status
  }

  /** The first site that had no hits when the watch began. */
  async #findNew(): Promise<string | null> {
    const { sites } = await call<{ sites: Site[] }>('/api/sites')
    this.#before ??= sites.filter(({ rows }) => rows > 0).map(({ site }) => site)
    const isNew = ({ site, rows, unflushed_rows }: Site) =>
      rows + unflushed_rows > 0 && !this.#before!.includes(site)
    return sites.find(isNew)?.site ?? null
  }
}
