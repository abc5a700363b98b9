import type { Tab } from './ledger.ts'
import type { Value } from './breakdowns.ts'

/** The bots of a list put together by who runs them; a click takes all of an operator that are listed. */
export function byOperator(
  tab: Tab,
  bots: readonly Value[],
  operatorOf: (name: string) => string | null
): { tab: Tab; values: Value[] } {
  const groups = Map.groupBy(bots, ({ value }) => (value === null ? null : operatorOf(value)))
  const values = [...groups].map(([value, rows]) => rows.map((row) => ({ ...row, value })).reduce(both))
  const names = (operator: string | null) => groups.get(operator)?.map(({ value }) => value) ?? []
  return {
    tab: {
      ...tab,
      clauses: (value) => [{ field: tab.field, operator: 'is', values: names(value).toSorted() }]
    },
    values: values.toSorted((a, b) => b.counted - a.counted)
  }
}

const both = (a: Value, b: Value): Value => ({
  ...a,
  requests: a.requests + b.requests,
  counted: a.counted + b.counted,
  ...add(a, b)
})

function add(a: Value, b: Value): Pick<Value, 'slots' | 'counts'> {
  if (!a.slots || !b.slots) return { slots: a.slots ?? b.slots, counts: a.counts ?? b.counts }
  const counts = new Map<number, number>()
  for (const { slots, counts: ns } of [a, b])
    slots?.forEach((slot, i) => counts.set(slot, (counts.get(slot) ?? 0) + (ns?.[i] ?? 0)))
  return { slots: [...counts.keys()], counts: [...counts.values()] }
}
