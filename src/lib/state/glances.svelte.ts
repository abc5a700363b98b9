import { isOf } from '#lib/ask/class-of.ts'
import { fill } from '#lib/engine/fill.ts'
import type { Device } from '#lib/device/device.ts'
import { bucketStarts } from '#lib/time/buckets.ts'
import { dayOf } from '#lib/schema/day.ts'
import glance from './glance.sql?raw'
import { midnight } from '#lib/time/range.ts'

export interface Day {
  day: number
  people: number
  people_by_now: number
  hits: number
  errors: number
}

/** What the card of a site shows, as it was when the site was last looked at. */
export interface Glance {
  at: number
  /** A month of days; null where the day's hits are not on this device. */
  days: (Day | null)[]
  /** The last of the days. */
  last: number
}

const days = 30
const prefix = 'glance:'
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone

class Glances {
  #known = $state.raw<Record<string, Glance | null>>({})

  of(site: string): Glance | null {
    if (site in this.#known) return this.#known[site] ?? null
    try {
      return JSON.parse(localStorage.getItem(prefix + site) ?? 'null')
    } catch {
      return null
    }
  }

  /** Asks the hits on this device, on a connection of its own. `last` is a moment of the last day. */
  async take(device: Device, last: number): Promise<void> {
    const now = Date.now()
    const period = { from: midnight(last, 1 - days), to: midnight(last, 1) }
    const missing = new Set((await device.holding()).missing_days)
    const query = await device.connect()
    try {
      await query.select({ ...period, traffic: 'all', clauses: [] }, { zone, interval: '1 day' })
      await query.set({ glance_elapsed: now - midnight(now) })
      const rows = new Map(
        (await query.ask<Day>(fill(glance, { people: isOf('people') }))).map((row) => [row.day, row])
      )
      const starts = bucketStarts(period, { zone, interval: '1 day' })
      this.#keep(device.site, {
        at: now,
        last: starts.at(-1)!,
        days: starts.map((day) => (isMissing(day, missing) ? null : (rows.get(day) ?? nothing(day))))
      })
    } finally {
      await query.close()
    }
  }

  forget(site: string) {
    this.#known = { ...this.#known, [site]: null }
    localStorage.removeItem(prefix + site)
  }

  #keep(site: string, glance: Glance) {
    this.#known = { ...this.#known, [site]: glance }
    localStorage.setItem(prefix + site, JSON.stringify(glance))
  }
}

const nothing = (day: number): Day => ({ day, people: 0, people_by_now: 0, hits: 0, errors: 0 })

/** Whether a local day touches a UTC day whose hits are not here. */
const isMissing = (day: number, missing: ReadonlySet<string>) =>
  [day, midnight(day, 1) - 1].some((at) => missing.has(dayOf(at)))

export const glances = new Glances()
