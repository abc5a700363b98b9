import { longestName, type Named } from '#lib/schema/named.ts'
import { byName, freeName, joined } from './joined.ts'
import { SiteSetting } from './site-setting.svelte.ts'

/** A setting of the site that is a list of named things. A change keeps what other devices saved meanwhile. */
export class NamedList<Item extends Named> {
  readonly #setting: SiteSetting<readonly Item[]>
  readonly #earlier: string
  readonly #isList: (value: unknown) => value is readonly Item[]
  /** What an earlier version kept on the device, until the server has it. */
  #waiting = $state.raw<readonly Item[]>([])
  #site = ''
  readonly current: readonly Item[] = $derived.by(() => joined(this.#setting.value, this.#waiting))
  readonly isPending: boolean = $derived.by(() => this.#setting.isPending)
  readonly error: Error | null = $derived.by(() => this.#setting.error)

  /** `earlier` begins the key under which an earlier version kept the list; empty without one. */
  constructor(setting: string, earlier: string, isList: (value: unknown) => value is readonly Item[]) {
    this.#setting = new SiteSetting<readonly Item[]>(setting, [])
    this.#earlier = earlier
    this.#isList = isList
  }

  async open(site: string): Promise<void> {
    this.#site = site
    this.#waiting = this.#readEarlier()
    await this.#setting.open(site)
    if (this.#waiting.length) await this.change((list) => list)
  }

  /** Under a name that is taken it takes its place. Gives whether it is saved. */
  save(item: Item): Promise<boolean> {
    return this.change((list) => byName([...list.filter(({ name }) => name !== item.name), item]))
  }

  /** Brings back what was removed. A name that was taken meanwhile gets a number. */
  restore(item: Item): Promise<boolean> {
    return this.change((list) => joined(list, [item]))
  }

  /** A name that is taken gets a number. */
  rename(from: string, to: string): Promise<boolean> {
    return this.change((list) => {
      const name = freeName(
        to,
        list.filter((item) => item.name !== from)
      )
      return byName(list.map((item) => (item.name === from ? { ...item, name } : item)))
    })
  }

  remove(name: string): Promise<boolean> {
    return this.change((list) => list.filter((item) => item.name !== name))
  }

  /** Gives whether the change is saved. */
  async change(edit: (list: readonly Item[]) => readonly Item[]): Promise<boolean> {
    const [site, waiting] = [this.#site, this.#waiting]
    const isSaved = await this.#setting.change((list) => edit(joined(list, waiting)))
    if (!isSaved || !waiting.length || site !== this.#site) return isSaved
    this.#waiting = []
    localStorage.removeItem(this.#key)
    return true
  }

  get #key() {
    return `${this.#earlier}:${this.#site}`
  }

  #readEarlier(): readonly Item[] {
    try {
      const kept: unknown = JSON.parse((this.#earlier && localStorage.getItem(this.#key)) || '[]')
      if (!Array.isArray(kept)) return []
      const cut = kept.map((item: Item) => ({ ...item, name: String(item.name).slice(0, longestName) }))
      return joined(
        [],
        cut.filter((item) => this.#isList([item]))
      )
    } catch {
      return []
    }
  }
}
