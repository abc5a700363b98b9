import { isLocal } from '#lib/device/local-name.ts'
import { asError, call } from './session.svelte.ts'

const pathOf = (site: string) => `/api/sites/${encodeURIComponent(site)}/settings`
const keyOf = (site: string) => `robots:${site}`

/** The robots.txt of the site that is open, as its owner pasted it. A device keeps it for when the server is away. */
class Robots {
  text = $state('')
  isPending = $state(false)
  error = $state.raw<Error | null>(null)
  #site = ''

  async open(site: string): Promise<void> {
    this.#site = site
    this.error = null
    this.text = localStorage.getItem(keyOf(site)) ?? ''
    if (isLocal(site)) return
    try {
      // A server of the version before knows no robots.txt.
      const { robots_txt: text = '' } = await call<{ robots_txt?: string }>(pathOf(site))
      if (site === this.#site) this.#keep(text)
    } catch {
      // What was known last holds: the server is away, or the page is being left.
    }
  }

  /** Whether it is saved. */
  async save(text: string): Promise<boolean> {
    this.isPending = true
    this.error = null
    try {
      if (!isLocal(this.#site))
        await call(pathOf(this.#site), { method: 'PUT', body: JSON.stringify({ robots_txt: text }) })
      this.#keep(text)
    } catch (error) {
      this.error = asError(error)
    }
    this.isPending = false
    return this.error === null
  }

  #keep(text: string) {
    this.text = text
    if (text) localStorage.setItem(keyOf(this.#site), text)
    else localStorage.removeItem(keyOf(this.#site))
  }
}

export const robots = new Robots()
