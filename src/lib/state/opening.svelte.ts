import type { LocalSite, Source } from '#lib/local/local.ts'
import type { Reading } from '#lib/local/read.ts'
import { locals } from './locals.svelte.ts'
import { asError } from './session.svelte.ts'

/** A file that is being opened: how far it is, what came of it. */
class Opening {
  title = $state('')
  reading = $state.raw<Reading | null>(null)
  result = $state.raw<LocalSite | null>(null)
  error = $state.raw<Error | null>(null)
  isBusy = $state(false)
  #stop = new AbortController()
  /** The files that sites were opened from, until the page is left. */
  readonly #files = new Map<string, readonly File[]>()

  async open(source: Source): Promise<LocalSite | null> {
    this.#stop.abort()
    const { signal } = (this.#stop = new AbortController())
    this.reading = this.result = this.error = null
    this.isBusy = true
    try {
      const { openLocal, titleOf } = await import('#lib/local/local.ts')
      this.title = titleOf(source)
      const site = await openLocal(source, { signal, onprogress: (reading) => (this.reading = reading) })
      if (source !== 'sample') this.#files.set(site.site, source)
      locals.add(site)
      this.result = site
    } catch (error) {
      if (signal === this.#stop.signal && !signal.aborted) this.error = asError(error)
    }
    if (signal === this.#stop.signal) this.isBusy = false
    return signal.aborted ? null : this.result
  }

  filesOf = (site: string) => this.#files.get(site)

  cancel = () => {
    this.#stop.abort()
    this.isBusy = false
    this.reading = null
  }

  close = () => {
    this.cancel()
    this.result = this.error = null
  }
}

export const opening = new Opening()
