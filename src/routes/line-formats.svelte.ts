import { call } from '#lib/state/session.svelte.ts'

type Formats = { line_formats?: readonly string[] }

/** The line formats of a site, or of a token for all sites that was just made. */
export class LineFormats {
  list = $state.raw<readonly string[]>([])
  #path = ''
  #isSite = false

  async load(path: string, isSite: boolean): Promise<void> {
    this.#path = path
    this.#isSite = isSite
    this.list = []
    const list = await this.#read()
    if (this.#path === path) this.list = list
  }

  /** Adds to what is stored now: another page may have changed it. */
  async add(format: string): Promise<void> {
    const list = [...(await this.#read()), format]
    await call(this.#path, { method: 'PUT', body: JSON.stringify({ line_formats: list }) })
    this.list = list
  }

  async #read(): Promise<readonly string[]> {
    return this.#isSite ? ((await call<Formats>(this.#path)).line_formats ?? []) : this.list
  }
}
