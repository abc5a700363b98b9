import type { Away, OutputKind } from '#lib/schema/away.ts'
import { subscribe } from './subscribe.ts'
import { asError, call } from '#lib/state/session.svelte.ts'

/** What the server watches for a site, and where it sends what fires. */
export class AwayState {
  now = $state.raw<Away | null>(null)
  error = $state.raw<Error | null>(null)
  isBusy = $state(false)
  readonly #path: string

  constructor(site: string) {
    this.#path = `/api/sites/${encodeURIComponent(site)}/away`
  }

  read(): Promise<boolean> {
    return this.#try(async () => {
      this.now = await call<Away>(this.#path)
    })
  }

  add(kind: OutputKind, url: string): Promise<boolean> {
    return this.#change('/outputs', { method: 'POST', body: JSON.stringify({ kind, url }) })
  }

  /** Adds this browser; returns its id as an output, null if the server or the browser refused. */
  async addBrowser(): Promise<string | null> {
    let id: string | null = null
    await this.#try(async () => {
      const { key } = await call<{ key: string }>(`${this.#path}/push-key`)
      const { endpoint, keys } = await subscribe(key)
      const body = JSON.stringify({ kind: 'push', url: endpoint, keys })
      id = (await call<{ id: string }>(`${this.#path}/outputs`, { method: 'POST', body })).id
    })
    if (id !== null) await this.read()
    return id
  }

  remove(id: string): Promise<boolean> {
    return this.#change(`/outputs/${id}`, { method: 'DELETE' })
  }

  sendTest(id: string): Promise<boolean> {
    return this.#change(`/outputs/${id}/test`, { method: 'POST' })
  }

  async #change(path: string, init: RequestInit): Promise<boolean> {
    if (this.isBusy) return false
    this.isBusy = true
    const isDone = await this.#try(() => call(this.#path + path, init))
    this.isBusy = false
    return isDone && this.read()
  }

  async #try(work: () => Promise<unknown>): Promise<boolean> {
    this.error = null
    try {
      await work()
    } catch (error) {
      this.error = asError(error)
    }
    return this.error === null
  }
}
