import { builtIn, type SavedQuery } from './built-in.ts'
import { keep, readKept } from './kept.ts'

const isQuery = (value: unknown): value is SavedQuery =>
  typeof (value as SavedQuery)?.name === 'string' && typeof (value as SavedQuery).sql === 'string'

/** The saved queries of a site, on this device only. */
export class SavedQueries {
  current = $state.raw<readonly SavedQuery[]>([])
  readonly builtIn = builtIn
  readonly #key: string

  constructor(site: string) {
    this.#key = `queries:${site}`
    this.current = readKept(this.#key, isQuery)
  }

  /** Under a name that is taken it takes its place. */
  save(name: string, sql: string) {
    this.#keep([...this.current.filter((query) => query.name !== name), { name, sql }])
  }

  rename(from: string, to: string) {
    if (!to || from === to) return
    const others = this.current.filter(({ name }) => name !== to)
    this.#keep(others.map((query) => (query.name === from ? { ...query, name: to } : query)))
  }

  remove(name: string) {
    this.#keep(this.current.filter((query) => query.name !== name))
  }

  #keep(queries: readonly SavedQuery[]) {
    this.current = queries.toSorted((a, b) => a.name.localeCompare(b.name))
    keep(this.#key, this.current)
  }
}
