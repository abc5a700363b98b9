import { call } from '#lib/state/session.svelte.ts'

/** The line formats of a site, or of a token for all sites. */
export class LineFormats {
  list = $state.raw<readonly string[]>([])
  #path = ''

  /** Reads those of a site; a token that was just made has none. */
  async load(path: string): Promise<void> {
    this.#path = path
    this.list = []
    if (path === '') return
    const { line_formats = [] } = path.includes('/tokens/')
      ? {}
      : await call<{ line_formats?: readonly string[] }>(path)
    if (this.#path === path) this.list = line_formats
  }

  async add(format: string): Promise<void> {
    const list = [...this.list, format]
    await call(this.#path, { method: 'PUT', body: JSON.stringify({ line_formats: list }) })
    this.list = list
  }
}
