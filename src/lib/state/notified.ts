import type { Spell } from '#lib/alert/spell.ts'

/** An alert that this device has notified of; seconds since 1970. */
interface Known {
  readonly id: string
  readonly since: number
  readonly until: number | null
}

const most = 200

/** Alerts that this device has notified of, so that neither a reload nor a second tab notifies again. */
export class NotifiedAlerts {
  readonly #key: string

  constructor(site: string) {
    this.#key = `loggia.notified.${site}`
  }

  /** The last second that was looked at on this device; null if none was. */
  get seenUpTo(): number | null {
    return Number(localStorage.getItem(`${this.#key}.until`)) || null
  }

  set seenUpTo(second: number | null) {
    localStorage.setItem(`${this.#key}.until`, String(second ?? ''))
  }

  /** True for an alert that this device has not notified of; notes that it has. */
  isNew(id: string, { since, until }: Spell): boolean {
    const all = this.#read()
    const known = all.findIndex(
      (one) => one.id === id && one.since < (until ?? Infinity) && since < (one.until ?? Infinity)
    )
    const others = known < 0 ? all : all.filter((_, at) => at !== known)
    const noted = { id, since: known < 0 ? since : Math.min(since, all[known]!.since), until }
    localStorage.setItem(this.#key, JSON.stringify([...others, noted].slice(-most)))
    return known < 0
  }

  #read(): Known[] {
    try {
      return JSON.parse(localStorage.getItem(this.#key) ?? '[]') as Known[]
    } catch {
      return []
    }
  }
}
