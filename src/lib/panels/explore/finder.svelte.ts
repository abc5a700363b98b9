import type { Query } from '#lib/ask/query.ts'
import type { Device } from '#lib/device/device.ts'
import { asError } from '#lib/state/session.svelte.ts'
import type { Key, Ladder } from './ladder.ts'
import type { Wanted } from './line-list.svelte.ts'
import { failed, found, keyOf, nextOf, overviewOf, rankOf, type Told } from './log.ts'

/** Looks through all lines of the list, on a connection of its own: the list itself need not wait. */
export class Finder {
  /** Errors and matches by rung of the ladder. */
  told = $state.raw<readonly Told[]>([])
  matches = $derived(this.told.reduce((sum, row) => sum + row.found, 0))
  /** Which of the matches was found last, counted from the oldest. */
  rank = $state.raw<{ seq: number; rank: number } | null>(null)
  error = $state.raw<Error | null>(null)
  isBusy = $state(false)
  #device: Device | null = null
  #query: Promise<Query> | null = null
  #turn = 0

  /** Counts errors and matches of all lines. */
  async overlook(wanted: Wanted, ladder: Ladder, find: string): Promise<void> {
    const turn = ++this.#turn
    try {
      const query = await this.#select(wanted, find)
      const told = await overviewOf(query, ladder, find !== '')
      if (turn !== this.#turn) return
      this.told = told
      this.error = null
    } catch (error) {
      this.#fail(error)
    }
  }

  /** The next match, or the next error; null if there is none. */
  async next(
    wanted: Wanted,
    find: string,
    what: 'match' | 'error',
    key: Key,
    isLater: boolean
  ): Promise<Key | null> {
    this.isBusy = true
    try {
      const query = await this.#select(wanted, find)
      const next = await nextOf(query, what === 'match' ? found : failed, key, isLater)
      if (next && what === 'match') this.rank = { seq: next.seq, rank: await rankOf(query, next) }
      return next
    } catch (error) {
      this.#fail(error)
      return null
    } finally {
      this.isBusy = false
    }
  }

  /** The key of the line with a number; null if it is not listed. */
  async find(wanted: Wanted, seq: number): Promise<Key | null> {
    try {
      return await keyOf(await this.#select(wanted, ''), seq)
    } catch (error) {
      this.#fail(error)
      return null
    }
  }

  /** The connection, under what is listed. */
  async query(wanted: Wanted, find = ''): Promise<Query> {
    return this.#select(wanted, find)
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
    await query.select(selection, timing)
    await query.set({ find })
    return query
  }

  #fail(error: unknown) {
    if (!(error instanceof Error && error.name === 'Superseded')) this.error = asError(error)
  }
}
