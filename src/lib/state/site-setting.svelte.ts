import { isLocal } from '#lib/device/local-name.ts'
import { asError } from './session.svelte.ts'
import { saveSettings, settingsOf } from './settings.ts'

/**
 * One setting of the site that is open. The device keeps a copy for when the server is away; a log file that was opened
 * has no other.
 */
export class SiteSetting<Value> {
  value = $state.raw<Value>() as Value
  isPending = $state(false)
  error = $state.raw<Error | null>(null)
  readonly #name: string
  readonly #unset: Value
  #site = ''

  /** `unset` is its value until somebody saves one. */
  constructor(name: string, unset: Value) {
    this.#name = name
    this.#unset = this.value = unset
  }

  /** Takes the copy of the device, until the server is asked. */
  recall(site: string): void {
    this.#site = site
    const kept = localStorage.getItem(this.#key)
    this.value = kept === null ? this.#unset : (JSON.parse(kept) as Value)
  }

  async open(site: string): Promise<void> {
    this.error = null
    this.recall(site)
    await this.#refresh(site)
  }

  /** Changes the newest value that the server has. Gives whether the change is saved. */
  async change(edit: (value: Value) => Value): Promise<boolean> {
    const site = this.#site
    this.isPending = true
    await this.#refresh(site)
    return site === this.#site && this.save(edit(this.value))
  }

  async #refresh(site: string): Promise<void> {
    if (isLocal(site)) return
    try {
      // A server of the version before may not know the setting.
      const { [this.#name]: value = this.#unset } = await settingsOf<Record<string, Value>>(site)
      if (site === this.#site) this.#keep(value)
    } catch {
      // The copy holds: the server is away, or the page is being left.
    }
  }

  /** Whether it is saved. */
  async save(value: Value): Promise<boolean> {
    const site = this.#site
    this.isPending = true
    this.error = null
    try {
      if (!isLocal(site)) await saveSettings(site, { [this.#name]: value })
      if (site === this.#site) this.#keep(value)
    } catch (error) {
      this.error = asError(error)
    }
    this.isPending = false
    return this.error === null
  }

  /** Takes what the server has now. */
  take(value: Value): void {
    this.#keep(value)
  }

  get #key() {
    return `${this.#name}:${this.#site}`
  }

  #keep(value: Value) {
    this.value = value
    if (value === this.#unset) localStorage.removeItem(this.#key)
    else localStorage.setItem(this.#key, JSON.stringify(value))
  }
}

/** The text of the site's robots.txt, as its owner pasted it. */
export const robots = new SiteSetting('robots_txt', '')

/** Paths whose answers to attacks the owner looked at and found harmless. */
export const harmless = new SiteSetting<readonly string[]>('harmless_paths', [])
