import { Result } from '#lib/state/result.svelte.ts'
import { pace } from '#lib/state/pace.svelte.ts'
import { sync } from '#lib/state/sync.svelte.ts'
import { view } from '#lib/state/view.svelte.ts'
import { horizon } from '#lib/state/horizon.ts'
import { isLong } from '#lib/time/buckets.ts'
import { passedOf } from '#lib/time/counterpart.ts'
import type { Period } from '#lib/time/period.ts'
import { figuresOf, splits, type FiguresRow, type Split } from './figures.ts'

/** A pointer that is still moving asks nothing. */
const rest = 120

/** The figures of several buckets together, which those of each bucket do not give: visitors, visits and latency. */
export class StretchFigures {
  readonly #stretch: () => Period | null
  #now = new Result<FiguresRow>()
  #before = new Result<FiguresRow>()
  #asked = $state('')
  /** What is to be asked; empty where fewer than two buckets are chosen. */
  readonly #key = $derived.by(() => {
    const times = this.#stretch()
    return times ? `${times.from},${times.to} ${view.link({})}` : ''
  })
  readonly now: Split | null = $derived(this.#totalOf(this.#now))
  readonly before: Split | null = $derived(this.#totalOf(this.#before))

  /** To be made while its component is. `stretch` gives null where fewer than two buckets are chosen. */
  constructor(stretch: () => Period | null) {
    this.#stretch = stretch
    $effect(() => {
      if (!this.#key || !pace.moment) return
      const timer = setTimeout(() => this.#ask(this.#key), rest)
      return () => clearTimeout(timer)
    })
  }

  #totalOf({ rows }: Result<FiguresRow>): Split | null {
    return this.#key && this.#key === this.#asked && rows ? splits(rows, []).total : null
  }

  #ask(key: string) {
    const [query, times] = [sync.device?.query, this.#stretch()]
    if (!query || !times) return
    if (key !== this.#asked) for (const result of [this.#now, this.#before]) result.forget()
    this.#asked = key
    const { range, previous, zone } = view
    void this.#now.ask(() => query.ask(figuresOf('chart', times, isLong(range))))
    if (!previous || !sync.isComparable) return
    const passed = passedOf(range, times, previous, zone, horizon())
    void this.#before.ask(() => query.ask(figuresOf('chart_previous', passed, isLong(range))))
  }
}
