import { goto } from '$app/navigation'
import { page } from '$app/state'
import {
  readClauses,
  toggle,
  traffics,
  writeClauses,
  writeQuery,
  type Clause,
  type Click,
  type Period,
  type Traffic
} from '#lib/data/filter.ts'
import type { ColumnName } from '#lib/schema/hit.ts'
import { bucketStarts, chooseInterval, type Timing } from '#lib/data/period.ts'
import { defaultPreset, readPeriod, step, writePeriod } from './range.ts'

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
const mostBuckets = 200

interface Change {
  period?: string
  traffic?: Traffic
  clauses?: readonly Clause[]
  metric?: string
}

/** What the user looks at. The address holds all of it, so that a link, a reload and Back give it again. */
class View {
  /** The clock that relative periods hang on; moved by live hits and when the page is looked at again. */
  now = $state(Date.now())
  /** From the oldest to the newest hit of the site: what `All` means. */
  held = $state.raw<Period | null>(null)

  period = $derived(page.url.searchParams.get('p') ?? defaultPreset)
  metric = $derived(page.url.searchParams.get('m') ?? 'requests')
  traffic = $derived(traffics.find((name) => name === page.url.searchParams.get('t')) ?? 'all')
  #filter = $derived(page.url.searchParams.getAll('f').join('&'))
  clauses = $derived.by(() => (void this.#filter, readClauses(page.url.searchParams)))
  #edges = $derived.by(() => {
    const { from, to } = readPeriod(this.period, this.now, this.held)
    return `${from},${to}`
  })
  range = $derived.by(() => {
    const [from = 0, to = 0] = this.#edges.split(',').map(Number)
    return { from, to }
  })

  timing = $derived<Timing>({ zone, interval: chooseInterval(this.range, mostBuckets) })
  /** Where the buckets of the range begin, and where the last one ends. */
  edges = $derived([...bucketStarts(this.range, this.timing), this.range.to])

  /** Which tab each panel shows belongs to the view, whatever else is looked at. */
  #tabs = $derived(
    page.url.search
      .slice(1)
      .split('&')
      .filter((part) => part.startsWith('tab.'))
  )

  link({ period, traffic, clauses, metric }: Change) {
    const flat = {
      p: period ?? this.period,
      t: traffic ?? this.traffic,
      m: metric ?? this.metric
    }
    const defaults = { p: defaultPreset, t: 'all', m: 'requests' }
    const parts = (['p', 't', 'm'] as const)
      .filter((name) => flat[name] !== defaults[name])
      .map((name) => `${name}=${writeQuery(flat[name])}`)
    const filter = writeClauses(clauses ?? this.clauses)
    return `?${[...parts, ...(filter ? [filter] : []), ...this.#tabs].join('&')}`
  }

  /** Commits a change to the address. `typing` replaces the entry that Back would return to. */
  change(change: Change, typing = false) {
    // eslint-disable-next-line svelte/no-navigation-without-resolve -- the same page under another query
    return goto(this.link(change), { replaceState: typing, keepFocus: true, noScroll: true })
  }

  click = (field: ColumnName, value: string | null, click: Click) =>
    this.change({ clauses: toggle(this.clauses, field, value, click) })

  step = (direction: -1 | 1) => this.change({ period: writePeriod(step(this.range, direction)) })
}

export const view = new View()
