import { call } from '#lib/state/session.svelte.ts'
import { Task } from './task.svelte.ts'

/** Settings that the server stores, as a form reads and saves them. */
export class Stored<Settings> {
  readonly reading = new Task()
  readonly saving = new Task()
  /** False until the form shows the settings of the server. */
  isRead = $state(false)
  readonly #path: () => string
  readonly #show: (settings: Settings) => void

  /** `show` puts settings from the server into the form. */
  constructor(path: () => string, show: (settings: Settings) => void) {
    this.#path = path
    this.#show = show
  }

  get isBusy(): boolean {
    return this.reading.isBusy || this.saving.isBusy
  }

  readonly load = (): Promise<boolean> => this.reading.run(() => this.#ask())

  /** Saves these settings and leaves the others. */
  save(changes: Partial<Settings>): Promise<boolean> {
    return this.saving.run(() => this.#ask({ method: 'PUT', body: JSON.stringify(changes) }))
  }

  async #ask(init?: RequestInit) {
    this.#show(await call<Settings>(this.#path(), init))
    this.isRead = true
  }
}
