import { goto } from '$app/navigation'
import { page } from '$app/state'
import { writeQuery } from '#lib/filter/filter.ts'
import type { Period } from '#lib/time/period.ts'
import { view } from '#lib/state/view.svelte.ts'

/** What the address says of the list of lines, beside period, traffic and filter. Empty is the default. */
const parameters = {
  /** A text that is highlighted without being filtered by. */
  find: 'find',
  /** The columns of the list, joined by commas. */
  columns: 'cols',
  /** `oldest` if the oldest line comes first. */
  order: 'sort',
  /** The `seq` of the line that the list stands on. */
  line: 'line',
  /** `all` if lines that do not pass the filter are listed, too. */
  lines: 'lines'
} as const

type Parameter = keyof typeof parameters

class Explorer {
  #params = $derived(page.url.searchParams)
  find = $derived(this.#params.get(parameters.find) ?? '')
  columns = $derived(this.#params.get(parameters.columns)?.split(',') ?? null)
  isOldestFirst = $derived(this.#params.get(parameters.order) === 'oldest')
  line = $derived.by(() => {
    const seq = this.#params.get(parameters.line) ?? ''
    return /^\d+$/.test(seq) ? Number(seq) : null
  })
  /** Whether the list shows all lines of the period, the matching ones marked, and not the matching ones only. */
  showsAll = $derived(this.#params.get(parameters.lines) === 'all')
  /** The bar of the histogram under the pointer: its lines are marked. */
  hovered = $state.raw<Period | null>(null)

  /** Commits changes to the address. An empty value is left out; `typing` replaces the entry that Back would return to. */
  change(changes: Partial<Record<Parameter, string>>, typing = false) {
    const ours = Object.entries(changes) as [Parameter, string][]
    const names = new Set<string>(ours.map(([name]) => parameters[name]))
    const kept = view
      .link({})
      .slice(1)
      .split('&')
      .filter((pair) => pair && !names.has(pair.split('=')[0]!))
    const changed = ours
      .filter(([, value]) => value)
      .map(([name, value]) => `${parameters[name]}=${writeQuery(value)}`)
    // eslint-disable-next-line svelte/no-navigation-without-resolve -- the same page under another query
    return goto(`?${[...kept, ...changed].join('&')}`, {
      replaceState: typing,
      keepFocus: true,
      noScroll: true
    })
  }
}

export const explorer = new Explorer()
