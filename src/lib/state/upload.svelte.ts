import { startUpload } from '#lib/push/start-upload.ts'
import type { Upload } from '#lib/push/upload-worker.ts'
import { asError, call, session } from './session.svelte.ts'

/** The end of an import's token, if the page is closed before it can revoke it. */
const tokenHours = 24

/** Log files that this app sends to a site of the Worker, whichever page is shown meanwhile. */
class Uploading {
  site = $state('')
  progress = $state.raw<Upload | null>(null)
  isBusy = $state(false)
  isDone = $state(false)
  error = $state.raw<Error | null>(null)
  #files: readonly File[] = []
  #cancel: (() => void) | null = null

  /** Sends files with a token of their own, which is revoked at the end. It expires by itself if the page is closed. */
  async send(files: readonly File[], site: string): Promise<void> {
    this.cancel()
    this.progress = this.error = null
    this.isDone = false
    this.isBusy = true
    this.site = site
    this.#files = files
    try {
      const name = `Import of ${files[0]?.name ?? 'a log'}`.slice(0, 64)
      const { id, token } = await call<{ id: string; token: string }>('/api/tokens', {
        method: 'POST',
        body: JSON.stringify({ site, name, expires_hours: tokenHours })
      })
      try {
        const { done, cancel } = startUpload({ files, site, token }, (upload) => (this.progress = upload))
        this.#cancel = cancel
        this.isDone = await done
      } finally {
        await call(`/api/tokens/${id}`, { method: 'DELETE' }).catch(() => {})
      }
    } catch (error) {
      if (!session.meets(error)) this.error = asError(error)
    }
    this.isBusy = false
  }

  /** Stops. What was stored stays, and does not count twice when the files are sent again. */
  cancel = () => this.#cancel?.()

  again = () => this.send(this.#files, this.site)
}

export const uploading = new Uploading()
