import type { Seen } from '../../src/lib/alert/matches.ts'
import { countIn, mostOf } from '../../src/lib/alert/statistics.ts'
import { userOf } from './session.ts'

/** Seconds of the spark, and of the figures beside it. */
const kept = 300
const figures = 60

interface Second {
  hits: number
  classes: number[]
  sections: Map<string, number>
  users: Map<string, number>
}

export interface Figure {
  name: string
  hits: number
}

/** The requests of the last minutes, for a screen. */
export class Recent {
  readonly #seconds = new Map<number, Second>()
  #latest = -Infinity
  #first = Infinity

  add(hit: Seen, second: number): void {
    if (second <= this.#latest - kept) return
    this.#first = Math.min(this.#first, second)
    let at = this.#seconds.get(second)
    if (!at)
      this.#seconds.set(
        second,
        (at = { hits: 0, classes: [0, 0, 0, 0, 0, 0], sections: new Map(), users: new Map() })
      )
    at.hits++
    const kind = Math.floor((hit.status ?? 0) / 100)
    if (kind < at.classes.length) at.classes[kind]!++
    countIn(at.sections, sectionOf(hit.path))
    countIn(at.users, userOf(hit))
    if (second > this.#latest) this.#forget(second)
  }

  #forget(latest: number): void {
    this.#latest = latest
    for (const second of this.#seconds.keys()) if (second <= latest - kept) this.#seconds.delete(second)
  }

  /** Requests of each second up to this one, the oldest first: those of the last minutes, as far as they are known. */
  rates(to: number): number[] {
    const seconds = Math.max(0, Math.min(kept, to - this.#first + 1))
    return Array.from({ length: seconds }, (_, i) => this.#seconds.get(to - seconds + 1 + i)?.hits ?? 0)
  }

  /** Requests of the last minute by the first digit of their status. */
  classes(to: number): number[] {
    const sum = [0, 0, 0, 0, 0, 0]
    for (const { classes } of this.#last(to)) for (const [i, hits] of classes.entries()) sum[i]! += hits
    return sum
  }

  sections = (to: number, most: number) => this.#most(to, most, ({ sections }) => sections)
  users = (to: number, most: number) => this.#most(to, most, ({ users }) => users)

  #last(to: number): Second[] {
    return Array.from({ length: figures }, (_, i) => this.#seconds.get(to - i)).filter(
      (at) => at !== undefined
    )
  }

  #most(to: number, most: number, countsOf: (second: Second) => Map<string, number>): Figure[] {
    const sum = new Map<string, number>()
    for (const second of this.#last(to))
      for (const [name, hits] of countsOf(second)) sum.set(name, (sum.get(name) ?? 0) + hits)
    return mostOf(sum, most).map((name) => ({ name, hits: sum.get(name)! }))
  }
}

/** What stands before the second slash of a path: `/pages` of `/pages/create`. */
function sectionOf(path: string | null): string | null {
  const end = path?.indexOf('/', 1) ?? -1
  return end < 0 ? path : path!.slice(0, end)
}
