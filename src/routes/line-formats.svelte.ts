import type { ZoneSettings } from '#lib/accept/zone.ts'
import { call } from '#lib/state/session.svelte.ts'

type Settings = Partial<ZoneSettings> & { line_formats?: readonly string[] }

const none: ZoneSettings = { time_zone: null, utc_offset: null }

/** The line formats of a site and the zone of its times, or the formats of a token for all sites that was just made. */
export class LineFormats {
  list = $state.raw<readonly string[]>([])
  zone = $state.raw<ZoneSettings>(none)
  #path = ''
  #isSite = false

  async load(path: string, isSite: boolean): Promise<void> {
    this.#path = path
    this.#isSite = isSite
    this.list = []
    this.zone = none
    // An effect that loads must not depend on the list that loading sets.
    const read = isSite ? await call<Settings>(path) : {}
    const { line_formats: list = [], time_zone = null, utc_offset = null } = read
    if (this.#path !== path) return
    this.list = list
    this.zone = { time_zone, utc_offset }
  }

  /** Adds to what is stored now: another page may have changed it. */
  async add(format: string): Promise<void> {
    const { line_formats: list = [] } = await this.#read()
    const all = [...list, format]
    await call(this.#path, { method: 'PUT', body: JSON.stringify({ line_formats: all }) })
    this.list = all
  }

  async #read(): Promise<Settings> {
    return this.#isSite ? await call<Settings>(this.#path) : { line_formats: this.list }
  }
}
