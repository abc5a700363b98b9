/** A view of a site under a name: the query of its address. */
interface SavedView {
  name: string
  query: string
}

const read = (site: string): SavedView[] => {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(`views:${site}`) ?? '[]')
    return Array.isArray(kept) ? kept.filter((view) => view?.name && typeof view.query === 'string') : []
  } catch {
    return []
  }
}

/** The saved views of a site, on this device. */
class SavedViews {
  current = $state.raw<readonly SavedView[]>([])
  #site = ''

  open(site: string) {
    this.#site = site
    this.current = read(site)
  }

  /** Under a name that is taken it takes its place. */
  save(name: string, query: string) {
    const others = this.current.filter((view) => view.name !== name)
    this.#keep([...others, { name, query }])
  }

  rename(from: string, to: string) {
    const others = this.current.filter(({ name }) => name !== to || name === from)
    this.#keep(others.map((view) => (view.name === from ? { ...view, name: to } : view)))
  }

  remove(name: string) {
    this.#keep(this.current.filter((view) => view.name !== name))
  }

  #keep(views: readonly SavedView[]) {
    this.current = views.toSorted((a, b) => a.name.localeCompare(b.name))
    localStorage.setItem(`views:${this.#site}`, JSON.stringify(this.current))
  }
}

export const savedViews = new SavedViews()
