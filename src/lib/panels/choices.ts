import { isOn, markOf, toggle, type Clause, type Click } from '#lib/filter/filter.ts'
import type { Tab } from './ledger.ts'

const same = (a: Clause, b: Clause) =>
  a.field === b.field &&
  a.operator === b.operator &&
  a.values.length === b.values.length &&
  a.values.every((value, i) => value === b.values[i])

const has = (clauses: readonly Clause[], wanted: Clause) =>
  clauses.some((clause) => isOn(clause) && same(clause, wanted))

/** What a value of a tab filters by. */
type Chooser = Pick<Tab, 'field' | 'clauses'>

/** Whether a value is what the filter includes. */
export function isChosen(tab: Chooser, clauses: readonly Clause[], value: string | null): boolean {
  if (!tab.clauses) return markOf(clauses, tab.field, value) === 'included'
  if (value === null) return false
  const wanted = tab.clauses(value)
  return wanted.length > 0 && wanted.every((clause) => has(clauses, clause))
}

/** The clauses after a click: only this, this too, or all but this; the same again takes it back. */
export function choose(
  tab: Chooser,
  clauses: readonly Clause[],
  value: string | null,
  click: Click
): Clause[] {
  if (!tab.clauses) return toggle(clauses, tab.field, value, click)
  if (value === null) return [...clauses]
  const wanted = tab.clauses(value)
  const others = clauses.filter(
    (clause) =>
      clause.visits ||
      !wanted.some(({ field, operator }) => clause.field === field && clause.operator === operator)
  )
  return isChosen(tab, clauses, value) ? others : [...others, ...wanted]
}
