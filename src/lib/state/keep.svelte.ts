import type { Stored } from '#lib/device/offline.ts'
import { locals } from './locals.svelte.ts'
import { asError, session } from './session.svelte.ts'

interface Choice {
  days: Record<string, number>
  budget: number
}

const key = 'keep'
const patience = 60_000

const kept = (): Choice => {
  try {
    return { days: {}, budget: 1_000_000_000, ...JSON.parse(localStorage.getItem(key) ?? '{}') }
  } catch {
    return { days: {}, budget: 1_000_000_000 }
  }
}

/** Which days of which sites are to be on this device without being asked for, and what is there. */
class Keep {
  choice = $state.raw<Choice>(kept())
  stored = $state.raw<Stored[] | null>(null)
  usage = $state.raw<{ used: number; quota: number; isPersistent: boolean } | null>(null)
  progress = $state.raw<{ site: string; done: number; total: number } | null>(null)
  error = $state.raw<Error | null>(null)
  #at = 0

  choose(change: Partial<Choice>) {
    this.choice = { ...this.choice, ...change }
    localStorage.setItem(key, JSON.stringify(this.choice))
    return this.refresh(true)
  }

  /** `0` days: the site is no longer kept. The browser is asked not to clear what was meant to stay. */
  async keep(site: string, days: number) {
    const others = Object.fromEntries(Object.entries(this.choice.days).filter(([name]) => name !== site))
    if (days)
      this.usage = { ...(await this.#estimate()), isPersistent: !!(await navigator.storage.persist?.()) }
    await this.choose({ days: days ? { ...others, [site]: days } : others })
  }

  /** Fetches what is to be here and makes room; in one tab at a time, and not twice a minute unasked. */
  async refresh(isAsked = false) {
    if (!isAsked && (Date.now() < this.#at + patience || !Object.keys(this.choice.days).length)) return
    this.#at = Date.now()
    await navigator.locks.request('keep', { ifAvailable: !isAsked }, async (lock) => {
      if (!lock) return
      this.error = null
      await this.#fetch().catch((error: unknown) => session.meets(error) || (this.error = asError(error)))
    })
    this.progress = null
    if (this.stored) await this.look()
  }

  async #fetch() {
    const { evict, keepSite } = await import('#lib/device/offline.ts')
    const now = Date.now()
    for (const [site, days] of Object.entries(this.choice.days))
      await keepSite(site, days, {
        now,
        onpart: (done, total) => (this.progress = { site, done, total })
      })
    await evict(this.#sites(), this.choice.days, this.choice.budget, now)
  }

  async look() {
    const { measure } = await import('#lib/device/offline.ts')
    const [stored, usage] = await Promise.all([Promise.all(this.#sites().map(measure)), this.#estimate()])
    this.stored = stored
    this.usage = usage
  }

  async remove(site: string) {
    await this.keep(site, 0)
    const { removeSite } = await import('#lib/device/offline.ts')
    await removeSite(site)
    await this.look()
  }

  #sites = () => [...session.sites, ...locals.sites].map(({ site }) => site)

  async #estimate() {
    const { usage = 0, quota = 0 } = (await navigator.storage?.estimate?.()) ?? {}
    return { used: usage, quota, isPersistent: !!(await navigator.storage?.persisted?.()) }
  }
}

export const keep = new Keep()
