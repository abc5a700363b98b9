import type { Spell } from '#lib/alert/spell.ts'

/** An alert that somebody was told of; seconds since 1970. */
interface Told {
  readonly id: string
  readonly since: number
  readonly until: number | null
}

const most = 200

/** Alerts that were told of on this device, so that no reload and no second tab tells of one again. */
export class ToldAlerts {
  readonly #key: string

  constructor(site: string) {
    this.#key = `loggia.told.${site}`
  }

  /** The last second that was looked at on this device; null if none was. */
  get seenUpTo(): number | null {
    return Number(localStorage.getItem(`${this.#key}.until`)) || null
  }

  set seenUpTo(second: number | null) {
    localStorage.setItem(`${this.#key}.until`, String(second ?? ''))
  }

  /** Whether this is the first time that an alert is to be told of; from now on it is not. */
  isNew(id: string, { since, until }: Spell): boolean {
    const all = this.#read()
    const known = all.findIndex(
      (one) => one.id === id && one.since < (until ?? Infinity) && since < (one.until ?? Infinity)
    )
    const others = known < 0 ? all : all.filter((_, at) => at !== known)
    const told = { id, since: known < 0 ? since : Math.min(since, all[known]!.since), until }
    localStorage.setItem(this.#key, JSON.stringify([...others, told].slice(-most)))
    return known < 0
  }

  #read(): Told[] {
    try {
      return JSON.parse(localStorage.getItem(this.#key) ?? '[]') as Told[]
    } catch {
      return []
    }
  }
}
