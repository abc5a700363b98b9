import type { GlanceDays, SiteGlance } from '#lib/schema/glance.ts'
import { counterpart } from '#lib/time/counterpart.ts'
import { ownZone } from '#lib/time/clock.ts'
import { midnight } from '#lib/time/range.ts'
import { call, session } from './session.svelte.ts'

/** What the server counted of a site, and when. */
export interface Count extends SiteGlance {
  at: number
  /** The midnight that today began with. */
  midnight: number
}

const prefix = 'count:'
const mostAtOnce = 4

/** The figures of sites that this device need not hold: the server counts them. */
class Counts {
  #known = $state.raw<Record<string, Count>>({})
  isBusy = $state(false)
  readonly #waiting = new Set<string>()

  /** Without a network the count of the last visit stands. */
  of(site: string): Count | null {
    if (site in this.#known) return this.#known[site] ?? null
    try {
      return JSON.parse(localStorage.getItem(prefix + site) ?? 'null')
    } catch {
      return null
    }
  }

  /** Asks for some sites at a time; one that fails keeps its last count. Sites named meanwhile wait for their turn. */
  async load(sites: readonly string[]): Promise<void> {
    for (const site of sites) this.#waiting.add(site)
    if (this.isBusy) return
    this.isBusy = true
    const next = async (): Promise<void> => {
      const [site] = this.#waiting
      if (site === undefined || session.isSignedOut) return
      this.#waiting.delete(site)
      await this.#ask(site).catch((error: unknown) => session.meets(error))
      return next()
    }
    await Promise.all(Array.from({ length: mostAtOnce }, next))
    this.isBusy = false
  }

  async #ask(site: string) {
    const at = Date.now()
    const days = daysOf(at)
    const query = new URLSearchParams(Object.entries(days).map(([name, time]) => [name, String(time)]))
    const answer = await call<SiteGlance>(`/api/sites/${encodeURIComponent(site)}/glance?${query}`)
    if (session.isSignedOut) return
    const count = { ...answer, at, midnight: days.today }
    this.#known = { ...this.#known, [site]: count }
    localStorage.setItem(prefix + site, JSON.stringify(count))
  }
}

function daysOf(now: number): GlanceDays {
  const [yesterday, today, tomorrow] = [midnight(now, -1), midnight(now), midnight(now, 1)]
  const before = { from: yesterday, to: today }
  const until = counterpart(now, { from: today, to: tomorrow }, before, ownZone)
  return { yesterday, until: Math.min(until, today), today, tomorrow }
}

export const counts = new Counts()
