import type { Cell } from '#lib/engine/connection.ts'
import { sync } from '#lib/state/sync.svelte.ts'
import { view } from '#lib/state/view.svelte.ts'
import { columnOf, type ResultColumn } from '../console/column.ts'
import { readMistake, type Mistake } from '../console/mistake.ts'
import { askPinned, mostRows, TookTooLong } from './ask-pinned.ts'

/** A query that takes longer runs only when its button is pressed, and then for so long. */
const patience = { itself: 5_000, byHand: 60_000 }
/** By itself it takes at most a twentieth of the engine's time. */
const rest = 20

/** What a pinned query gave. */
export interface PinnedResult {
  readonly columns: readonly ResultColumn[]
  readonly rows: readonly Cell[][]
  readonly isCut: boolean
  /** The selection as text. */
  readonly selection: string
}

/** The result of a pinned query, asked again when the selection or the hits change. */
export class Pinned {
  result = $state.raw<PinnedResult | null>(null)
  mistake = $state.raw<Mistake | null>(null)
  isPending = $state(false)
  /** It took longer than a panel may. */
  isSlow = $state(false)
  readonly sql: string
  #stop = new AbortController()
  #later: ReturnType<typeof setTimeout> | undefined
  /** When it may ask again by itself, under the same selection. */
  #due = 0
  #selection = ''

  constructor(sql: string) {
    this.sql = sql
  }

  /** Asks when its turn comes. A slow query waits for `run`. */
  again = () => {
    clearTimeout(this.#later)
    const wait = this.#due - Date.now()
    if (this.isSlow) return
    if (wait > 0 && this.#selection === JSON.stringify(sync.shown)) this.#later = setTimeout(this.again, wait)
    else void this.#ask(patience.itself)
  }

  run = () => void this.#ask(patience.byHand)

  close() {
    clearTimeout(this.#later)
    this.#stop.abort()
  }

  async #ask(patience: number): Promise<void> {
    const { device, shown } = sync
    if (!device || !shown) return
    this.#stop.abort()
    const { signal } = (this.#stop = new AbortController())
    this.#selection = JSON.stringify(shown)
    this.isPending = true
    try {
      const order = { device, selection: shown, timing: view.timing, sql: this.sql, patience, signal }
      const { columns, rows, ms } = await askPinned(order)
      if (signal.aborted) return
      this.result = {
        columns: columns.map(columnOf),
        rows: rows.slice(0, mostRows),
        isCut: rows.length > mostRows,
        selection: JSON.stringify(shown)
      }
      this.mistake = null
      this.isSlow = ms > slow
      this.#due = Date.now() + rest * ms
    } catch (error) {
      if (signal.aborted) return
      this.isSlow = error instanceof TookTooLong
      this.mistake = this.isSlow && patience < slowest ? null : mistakeOf(error, this.sql)
    }
    this.isPending = false
  }
}

const slow = patience.itself
const slowest = patience.byHand

const mistakeOf = (error: unknown, sql: string): Mistake => {
  const mistake = readMistake(error, sql)
  return error instanceof TookTooLong ? { ...mistake, message: error.message } : mistake
}
