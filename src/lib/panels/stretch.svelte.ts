import { Result } from '#lib/state/result.svelte.ts'
import { sync } from '#lib/state/sync.svelte.ts'
import { view } from '#lib/state/view.svelte.ts'
import { horizon } from '#lib/state/horizon.ts'
import { isLong } from '#lib/time/buckets.ts'
import { passedOf } from '#lib/time/counterpart.ts'
import type { Period } from '#lib/time/period.ts'
import { untrack } from 'svelte'
import { figuresOf, splits, type FiguresRow, type Split } from './figures.ts'

/** A pointer that is still moving asks nothing. */
const rest = 120

/** The figures of several buckets together, which those of each bucket do not give: visitors, visits and latency. */
export class StretchFigures {
  #now = new Result<FiguresRow>()
  #before = new Result<FiguresRow>()
  #key = $state('')
  #asked = $state('')
  readonly now: Split | null = $derived(this.#totalOf(this.#now))
  readonly before: Split | null = $derived(this.#totalOf(this.#before))

  /** To be made while its component is. `stretch` gives null where fewer than two buckets are looked at. */
  constructor(stretch: () => Period | null) {
    $effect(() => {
      const times = stretch()
      const key = times ? `${times.from},${times.to} ${view.link({})}` : ''
      untrack(() => (this.#key = key))
      if (!times) return
      const timer = setTimeout(() => this.#ask(times, key), rest)
      return () => clearTimeout(timer)
    })
  }

  #totalOf({ rows }: Result<FiguresRow>): Split | null {
    return this.#key && this.#key === this.#asked && rows ? splits(rows, []).total : null
  }

  #ask(times: Period, key: string) {
    const query = sync.device?.query
    if (!query) return
    this.#now.forget()
    this.#before.forget()
    this.#asked = key
    const { range, previous, zone } = view
    void this.#now.ask(() => query.ask(figuresOf('chart', times, isLong(range))))
    if (!previous || !sync.isComparable) return
    const passed = passedOf(range, times, previous, zone, horizon())
    void this.#before.ask(() => query.ask(figuresOf('chart_previous', passed, isLong(range))))
  }
}
