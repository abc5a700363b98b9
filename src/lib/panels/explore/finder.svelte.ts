import type { Query } from '#lib/ask/query.ts'
import type { Device } from '#lib/device/device.ts'
import { asError } from '#lib/state/session.svelte.ts'
import type { Key, Ladder } from './ladder.ts'
import type { Wanted } from './line-list.svelte.ts'
import { failed, keyOf, nextOf, overviewOf, rankOf, type RungCount } from './log.ts'

/** Looks through all lines of the list, on a connection of its own: the list itself need not wait. */
export class Finder {
  /** Errors by rung of the ladder. */
  errors = $state.raw<readonly RungCount[]>([])
  /** Lines with what is looked for. */
  found = $state.raw<readonly RungCount[]>([])
  matches = $derived(this.found.reduce((sum, { lines }) => sum + lines, 0))
  /** Which of the matches was found last, counted from the oldest. */
  rank = $state.raw<{ seq: number; rank: number } | null>(null)
  error = $state.raw<Error | null>(null)
  isBusy = $state(false)
  #device: Device | null = null
  #query: Promise<Query> | null = null
  #turn = 0
  #last: Promise<unknown> = Promise.resolve()

  /** Counts errors and matches of all lines. */
  async overlook(wanted: Wanted, ladder: Ladder, find: string): Promise<void> {
    const turn = ++this.#turn
    const errors = await this.ask(wanted, '', (query) => overviewOf(query, ladder, failed))
    if (turn !== this.#turn) return
    this.errors = errors ?? []
    const found = find ? await this.ask(wanted, find, (query) => overviewOf(query, ladder, 'true')) : []
    if (turn === this.#turn) this.found = found ?? []
  }

  /** The next error, or with a text the next line that has it; null if there is none. */
  next(wanted: Wanted, find: string, key: Key, isLater: boolean): Promise<Key | null> {
    return this.ask(wanted, find, async (query) => {
      const next = await nextOf(query, find ? 'true' : failed, key, isLater)
      if (next && find) this.rank = { seq: next.seq, rank: await rankOf(query, next) }
      return next
    })
  }

  /** The key of the line with a number; null if it is not listed. */
  find = (wanted: Wanted, seq: number): Promise<Key | null> =>
    this.ask(wanted, '', (query) => keyOf(query, seq))

  /** Asks about what is listed, or with a text only the lines that have it: one after another. Null if it fails. */
  ask<T>(wanted: Wanted, find: string, question: (query: Query) => Promise<T>): Promise<T | null> {
    const answer = this.#last.then(async () => {
      this.isBusy = true
      try {
        const found = await question(await this.#select(wanted, find))
        this.error = null
        return found
      } catch (error) {
        if (!(error instanceof Error && error.name === 'Superseded')) this.error = asError(error)
        return null
      } finally {
        this.isBusy = false
      }
    })
    this.#last = answer
    return answer
  }

  close(): void {
    void this.#query?.then((query) => query.close()).catch(() => {})
  }

  async #select({ device, selection, timing }: Wanted, find: string) {
    if (device !== this.#device) {
      this.#device = device
      this.#query = device.connect()
    }
    const query = await this.#query!
    const clauses = find
      ? [...selection.clauses, { field: 'line' as const, operator: 'has' as const, values: [find] }]
      : selection.clauses
    await query.select({ ...selection, clauses }, timing)
    return query
  }
}
