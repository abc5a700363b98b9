import type { Query } from '#lib/ask/query.ts'
import type { Device } from '#lib/device/device.ts'
import type { Selection } from '#lib/filter/filter.ts'
import { asError } from '#lib/state/session.svelte.ts'
import { momentOf, type Moment } from './moment.ts'

/** Seconds of bars. */
export const shownSeconds = 300
/** Seconds until a request is here, at most as a rule: later seconds are not whole yet. */
const delay = 4

/** The last minutes of a site, asked anew on a connection of their own. */
export class LiveHits {
  moment = $state.raw<Moment | null>(null)
  error = $state.raw<Error | null>(null)
  #device: Device | null = null
  #query: Query | null = null
  #isAsking = false

  /** Does nothing while the last question is not answered. `now` in milliseconds, `interval` in seconds. */
  async ask(
    device: Device,
    whose: Pick<Selection, 'traffic' | 'clauses'>,
    now: number,
    interval: number
  ): Promise<void> {
    if (this.#isAsking) return
    this.#isAsking = true
    try {
      if (device !== this.#device) {
        this.#device = device
        this.#query = await device.connect()
      }
      const to = Math.floor(now / 1_000) - delay
      this.moment = await momentOf(this.#query!, whose, to, interval, shownSeconds)
      this.error = null
    } catch (error) {
      // Another filter is on its way.
      if (!(error instanceof Error && error.name === 'Superseded')) this.error = asError(error)
    }
    this.#isAsking = false
  }
}
