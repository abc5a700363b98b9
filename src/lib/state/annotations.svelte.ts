import { isLocal } from '#lib/device/local-name.ts'
import { readNote, type Annotation } from '#lib/schema/annotations.ts'
import { habitsOf, keepHabits } from './habits.ts'
import { asError, call } from './session.svelte.ts'

/** Another page or a deploy hook may have sent some since. */
const fresh = 55_000

const pathOf = (site: string) => `/api/sites/${encodeURIComponent(site)}/annotations`
const keyOf = (site: string) => `annotations:${site}`

/** What the user can take back: how it is said, and what takes it back. */
interface Done {
  readonly said: string
  readonly undo: () => Promise<boolean>
}

/**
 * The annotations of the site that is open. The device keeps a copy for when the server is away; a log file that was
 * opened has no other.
 */
class Annotations {
  list = $state.raw<readonly Annotation[]>([])
  isPending = $state(false)
  error = $state.raw<Error | null>(null)
  /** What was changed last. */
  done = $state.raw<Done | null>(null)
  /** Whether charts show annotations and alerts, on this device. */
  areShown = $state(true)
  #site = ''
  #asked = -Infinity

  /** Asks the server unless it has answered just now. */
  async open(site: string): Promise<void> {
    if (site !== this.#site) {
      this.#site = site
      this.#asked = -Infinity
      this.error = this.done = null
      this.list = keptOf(site)
      this.areShown = !habitsOf(site).hidesFlags
    }
    if (isLocal(site) || Date.now() < this.#asked + fresh) return
    this.#asked = Date.now()
    try {
      const { annotations } = await call<{ annotations: readonly Annotation[] }>(pathOf(site))
      if (site === this.#site && !this.isPending) this.#keep(annotations)
    } catch {
      // The copy holds: the server is away or of the version before, or the page is being left.
    }
  }

  show(areShown: boolean): void {
    this.areShown = areShown
    keepHabits(this.#site, { hidesFlags: !areShown })
  }

  /** Keeps a new annotation, or changes the one of its id. Whether it is saved. */
  async save(annotation: Annotation): Promise<boolean> {
    const before = this.list.find(({ id }) => id === annotation.id)
    const undo = () => (before ? this.#put(before) : this.#delete(annotation))
    const isSaved = await this.#put(annotation)
    if (isSaved) this.done = { said: before ? 'Annotation changed.' : 'Annotation added.', undo }
    return isSaved
  }

  async remove(annotation: Annotation): Promise<void> {
    if (await this.#delete(annotation))
      this.done = { said: 'Annotation deleted.', undo: () => this.#put(annotation) }
  }

  async undo(): Promise<void> {
    if (await this.done?.undo()) this.done = null
  }

  #put({ id, at, until, text, token }: Annotation): Promise<boolean> {
    return this.#change(async () => {
      const note = readNote({ at, until, text }, Date.now())
      if (typeof note === 'string') throw new Error(`Not saved: ${note}.`)
      const init = { method: 'PUT', body: JSON.stringify(note) }
      const kept = isLocal(this.#site)
        ? { id, ...note, token }
        : await call<Annotation>(`${pathOf(this.#site)}/${id}`, init)
      return [...this.list.filter((one) => one.id !== id), kept]
    })
  }

  #delete({ id }: Annotation): Promise<boolean> {
    return this.#change(async () => {
      if (!isLocal(this.#site)) await call(`${pathOf(this.#site)}/${id}`, { method: 'DELETE' })
      return this.list.filter((one) => one.id !== id)
    })
  }

  async #change(work: () => Promise<readonly Annotation[]>): Promise<boolean> {
    const site = this.#site
    this.isPending = true
    this.error = null
    try {
      const list = await work()
      if (site === this.#site) this.#keep(list)
    } catch (error) {
      this.error = asError(error)
    }
    this.isPending = false
    return this.error === null
  }

  #keep(list: readonly Annotation[]) {
    this.list = list
    try {
      localStorage.setItem(keyOf(this.#site), JSON.stringify(list))
    } catch {
      // No room: without a network the device shows those that it kept before.
    }
  }
}

export const annotations = new Annotations()

function keptOf(site: string): readonly Annotation[] {
  try {
    return JSON.parse(localStorage.getItem(keyOf(site)) ?? '[]') as readonly Annotation[]
  } catch {
    return []
  }
}
