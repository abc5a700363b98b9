import type { Query } from '#lib/ask/query.ts'
import type { Device } from '#lib/device/device.ts'
import { asError } from '#lib/state/session.svelte.ts'
import type { Key, Ladder } from './ladder.ts'
import type { Wanted } from './line-list.svelte.ts'
import { connectTo, failed, keyOf, nextOf, overviewOf, rankOf, type RungCount } from './log.ts'
import { rungBefore, timesOfNext } from './map.ts'

/** Counts by rung, and the ladder that they were counted by. */
interface Counted {
  readonly ladder: Ladder
  readonly counts: readonly RungCount[]
}

/** Looks through all lines of the list, on connections of its own: the list itself need not wait. */
export class Finder {
  #errors = $state.raw<Counted | null>(null)
  #found = $state.raw<Counted | null>(null)
  /** Errors by rung of the ladder. */
  errors = $derived(this.#errors?.counts ?? [])
  /** Lines with what is looked for. */
  found = $derived(this.#found?.counts ?? [])
  /** How many lines have what is looked for; null if they are not counted. */
  matches = $derived(this.#found && this.found.reduce((sum, { lines }) => sum + lines, 0))
  /** Which of the matches was found last, counted from the oldest. */
  rank = $state.raw<{ find: string; seq: number; rank: number } | null>(null)
  error = $state.raw<Error | null>(null)
  #asked = $state(0)
  isBusy = $derived(this.#asked > 0)
  #device: Device | null = null
  /** One for what is listed, and one for what is looked for in it: neither loses what the other has looked up. */
  #queries: { listed?: Promise<Query>; found?: Promise<Query> } = {}
  /** The text whose matches are counted. */
  looksFor = $state('')
  #turn = 0
  #isCounting = false
  #last: Promise<unknown> = Promise.resolve()

  /** Counts errors and matches of all lines. What was looked for before is no longer counted. */
  async overlook(wanted: Wanted, ladder: Ladder, find: string): Promise<void> {
    const turn = ++this.#turn
    if (find !== this.looksFor) {
      this.#found = null
      // The next match of the new text may be looked for already, or found: only a count is stopped.
      if (find !== this.rank?.find) this.rank = null
      if (this.#isCounting) void this.#stop()
    }
    this.looksFor = find
    const errors = await this.ask(wanted, '', (query) => overviewOf(query, ladder, failed))
    if (turn !== this.#turn) return
    this.#errors = errors && { ladder, counts: errors }
    const found = find ? await this.ask(wanted, find, (query) => this.#count(query, ladder)) : []
    if (turn === this.#turn) this.#found = found && { ladder, counts: found }
  }

  async #count(query: Query, ladder: Ladder): Promise<RungCount[]> {
    this.#isCounting = true
    try {
      return await overviewOf(query, ladder, 'true')
    } finally {
      this.#isCounting = false
    }
  }

  /** Stops looking for matches; those counted so far are forgotten. */
  async cancel(): Promise<void> {
    this.#turn++
    this.#found = this.rank = null
    await this.#stop()
  }

  async #stop() {
    await (await this.#queries.found)?.cancel()
  }

  /** The next error, or with a text the next line that has it; null if there is none. */
  next(wanted: Wanted, find: string, key: Key, isLater: boolean): Promise<Key | null> {
    const counted = find ? (find === this.looksFor ? this.#found : null) : this.#errors
    const test = find ? 'true' : failed
    return this.ask(wanted, find, async (query) => {
      // Looking where the counts say that one is spares testing every line beyond the key.
      const times = counted && timesOfNext(counted.ladder, counted.counts, key, isLater)
      const next =
        (times && (await nextOf(query, test, key, isLater, times))) ??
        (await nextOf(query, test, key, isLater))
      if (!next || !find) return next
      const { before, from } = counted ? rungBefore(counted.ladder, counted.counts, next) : { before: 0 }
      this.rank = { find, seq: next.seq, rank: before + (await rankOf(query, next, from)) }
      return next
    })
  }

  /** The key of the line with a number; null if it is not listed. */
  find = (wanted: Wanted, seq: number): Promise<Key | null> =>
    this.ask(wanted, '', (query) => keyOf(query, seq))

  /** Asks about what is listed, or with a text only the lines that have it: one after another. Null if it fails. */
  ask<T>(wanted: Wanted, find: string, question: (query: Query) => Promise<T>): Promise<T | null> {
    this.#asked++
    const answer = this.#last.then(async () => {
      try {
        const found = await question(await this.#select(wanted, find))
        this.error = null
        return found
      } catch (error) {
        if (!(error instanceof Error && error.name === 'Superseded')) this.error = asError(error)
        return null
      } finally {
        this.#asked--
      }
    })
    this.#last = answer
    return answer
  }

  close(): void {
    for (const query of Object.values(this.#queries))
      void query.then((query) => query.close()).catch(() => {})
  }

  async #select({ device, selection, timing }: Wanted, find: string) {
    if (device !== this.#device) {
      this.#device = device
      this.#queries = {}
    }
    const name = find ? 'found' : 'listed'
    const query = await (this.#queries[name] ??= connectTo(device))
    const clauses = find
      ? [...selection.clauses, { field: 'line' as const, operator: 'has' as const, values: [find] }]
      : selection.clauses
    await query.select({ ...selection, clauses }, timing)
    return query
  }
}
