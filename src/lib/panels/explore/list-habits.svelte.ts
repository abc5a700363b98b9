interface Habits {
  columns: string
  isWrapped: boolean
  isCompact: boolean
}

const usual: Habits = { columns: '', isWrapped: false, isCompact: false }

const read = (site: string): Habits => {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(`lines:${site}`) ?? '{}')
    return { ...usual, ...(typeof kept === 'object' ? kept : {}) }
  } catch {
    return usual
  }
}

/** How the list of a site looks, on this device. */
class ListHabits {
  current = $state.raw<Habits>(usual)
  #site = ''

  open(site: string) {
    this.#site = site
    this.current = read(site)
  }

  keep(changes: Partial<Habits>) {
    this.current = { ...this.current, ...changes }
    localStorage.setItem(`lines:${this.#site}`, JSON.stringify(this.current))
  }
}

export const listHabits = new ListHabits()
