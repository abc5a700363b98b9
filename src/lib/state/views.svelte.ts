import { isViewList, type SavedView } from '#lib/schema/views.ts'
import { SiteSetting } from './site-setting.svelte.ts'

const setting = new SiteSetting<readonly SavedView[]>('saved_views', [])

/** The saved views of a site. */
class SavedViews {
  current = $derived(setting.value)
  isPending = $derived(setting.isPending)
  error = $derived(setting.error)

  async open(site: string) {
    await setting.open(site)
    const isKnown = (one: SavedView) => this.current.some(({ name }) => name === one.name)
    const more = readEarlier(site).filter((one) => !isKnown(one))
    // Until the server has them, the device keeps them.
    if (!more.length || (await this.#keep([...this.current, ...more]))) localStorage.removeItem(keyOf(site))
  }

  /** Under a name that is taken it takes its place. */
  save(name: string, query: string) {
    const others = this.current.filter((view) => view.name !== name)
    return this.#keep([...others, { name, query }])
  }

  rename(from: string, to: string) {
    const others = this.current.filter(({ name }) => name !== to || name === from)
    return this.#keep(others.map((view) => (view.name === from ? { ...view, name: to } : view)))
  }

  remove(name: string) {
    return this.#keep(this.current.filter((view) => view.name !== name))
  }

  #keep(views: readonly SavedView[]) {
    return setting.save(views.toSorted((a, b) => a.name.localeCompare(b.name)))
  }
}

const keyOf = (site: string) => `views:${site}`

/** The views that an earlier version kept on the device only. */
function readEarlier(site: string): readonly SavedView[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(keyOf(site)) ?? '[]')
    return isViewList(kept) ? kept : []
  } catch {
    return []
  }
}

export const savedViews = new SavedViews()
