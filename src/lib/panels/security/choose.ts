import type { Clause, Click } from '#lib/filter/filter.ts'
import { view } from '#lib/state/view.svelte.ts'

/** Filters by a source of hits: an address, or a network. Again takes it back. */
export function chooseSource(source: string, click: Click): void {
  if (!source.includes('/')) return void view.click('ip', source, click)
  const others = view.clauses.filter(({ field, values }) => field !== 'ip' || !values.includes(source))
  const operator = click === 'exclude' ? 'ncidr' : 'cidr'
  const chosen: Clause[] = [{ field: 'ip', operator, values: [source] }]
  void view.change({ clauses: others.length < view.clauses.length ? others : [...others, ...chosen] })
}
