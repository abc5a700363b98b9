import { goto } from '$app/navigation'
import { page } from '$app/state'
import { tellTimesIn } from '#lib/format/time.ts'
import { readClauses, toggle, traffics, type Click } from '#lib/filter/filter.ts'
import type { Period } from '#lib/time/period.ts'
import { bucketStarts, type Timing } from '#lib/time/buckets.ts'
import type { Dimension } from '#lib/filter/dimension.ts'
import { readFlat, writeAddress, type Change } from './address.ts'
import { isZone, ownZone } from '#lib/time/clock.ts'
import { compare } from '#lib/time/comparison.ts'
import { counterpart } from '#lib/time/counterpart.ts'
import { keepHabits } from './habits.ts'
import { intervalOf } from '#lib/time/interval.ts'
import { defaultPreset, isPreset, readPeriod, readRange, step, writePeriod } from '#lib/time/range.ts'

/** What the user looks at. The address holds all of it, so that a link, a reload and Back give it again. */
class View {
  /** The clock that relative periods hang on; moved by live hits and when the page is looked at again. */
  now = $state(Date.now())
  /** From the oldest to the newest hit of the site: what `All` means. */
  held = $state.raw<Period | null>(null)

  /** The period that a site opens on because nobody has chosen one; null once it is known what the site holds. */
  unasked = $state<string | null>(null)
  /** The preset that a site was to open on, and the range with hits that it opened on. */
  moved = $state.raw<{ from: string; to: string } | null>(null)

  #params = $derived(page.url.searchParams)
  metric = $derived(readFlat(this.#params, 'metric'))
  comparison = $derived(readFlat(this.#params, 'comparison'))
  width = $derived(readFlat(this.#params, 'interval'))
  traffic = $derived(traffics.find((name) => name === this.#params.get('t')) ?? 'all')
  #zone = $derived(readFlat(this.#params, 'zone'))
  zone = $derived(this.#zone && isZone(this.#zone) ? this.#zone : ownZone)
  #period = $derived(readFlat(this.#params, 'period'))
  /** The name of a preset or a range; what can't be read is the default. */
  period = $derived(
    isPreset(this.#period) || readRange(this.#period, this.zone) ? this.#period : defaultPreset
  )
  #filter = $derived(this.#params.getAll('f').join('&'))
  clauses = $derived.by(() => (void this.#filter, readClauses(page.url.searchParams)))
  #edges = $derived.by(() => {
    const { from, to } = readPeriod(this.period, this.now, this.held, this.zone)
    return `${from},${to}`
  })
  range = $derived.by(() => {
    const [from = 0, to = 0] = this.#edges.split(',').map(Number)
    return { from, to }
  })
  /** What the range is compared with, drawn or not; nothing comes before all there is. */
  previous = $derived(this.period === 'all' ? null : compare(this.range, this.comparison, this.zone))
  #stretch = $derived(readFlat(this.#params, 'stretch'))
  /** The stretch of the chart that everything else shows alone. */
  stretch = $derived.by(() => {
    const found = this.#stretch ? readRange(this.#stretch, this.zone) : null
    return found && found.from < this.range.to && found.to > this.range.from ? found : null
  })
  /** The times of the selection: the panels', and the chart's when it shows more than they do. */
  times = $derived.by(() => {
    const { range, previous, stretch, zone } = this
    const chart = previous ? { ...range, previous } : range
    if (!stretch) return chart
    const like = (at: number) => counterpart(at, range, previous!, zone)
    return {
      ...stretch,
      ...(previous && { previous: { from: like(stretch.from), to: like(stretch.to) } }),
      chart
    }
  })

  timing = $derived<Timing>({ zone: this.zone, interval: intervalOf(this.range, this.width) })
  /** Where the buckets of the range begin, and where the last one ends. */
  edges = $derived([...bucketStarts(this.range, this.timing), this.range.to])

  link = (change: Change) => writeAddress(page.url.searchParams, change, change.clauses ?? this.clauses)

  /** Commits a change to the address. `typing` replaces the entry that Back would return to. */
  change(change: Change, typing = false) {
    keepHabits(page.params.site ?? '', change)
    this.unasked = null
    // eslint-disable-next-line svelte/no-navigation-without-resolve -- the same page under another query
    return goto(this.link(change), { replaceState: typing, keepFocus: true, noScroll: true })
  }

  /** Opens a site whose newest hit is older than the period on the last such period that has hits. */
  openOn(held: Period) {
    const isUnasked = this.period === this.unasked
    this.unasked = this.moved = null
    if (!isUnasked || held.to >= this.range.from) return
    const to = writePeriod(readPeriod(this.period, held.to, held, this.zone), this.zone)
    this.moved = { from: this.period, to }
    // eslint-disable-next-line svelte/no-navigation-without-resolve -- the same page under another query
    void goto(this.link({ period: to }), { replaceState: true, keepFocus: true, noScroll: true })
  }

  click = (field: Dimension, value: string | null, click: Click) =>
    this.change({ clauses: toggle(this.clauses, field, value, click) })

  show = (period: Period) => this.change({ period: writePeriod(period, this.zone) })
  step = (direction: -1 | 1) => this.show(step(this.range, direction, this.zone))
}

export const view = new View()
tellTimesIn(() => view.zone)
