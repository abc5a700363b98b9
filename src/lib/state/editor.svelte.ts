import { operators, type Clause, type Operator } from '#lib/filter/filter.ts'
import { isOfVisit, type Dimension } from '#lib/filter/dimension.ts'
import { view } from './view.svelte.ts'

export type Part = 'field' | 'operator' | 'values'

/** A clause on its way; `at` is its place among those of the address, once it is one of them. */
interface Draft {
  at: number | null
  field: Dimension | null
  operator: Operator
  values: Clause['values']
  visits?: true | undefined
}

const blank: Draft = { at: null, field: null, operator: 'is', values: [] }

/** The clause that is edited, which of its parts, and beside what on the page. */
class Editor {
  draft = $state.raw<Draft | null>(null)
  part = $state<Part>('field')
  anchor: Element | null = null
  #hasChanged = false

  add(anchor: Element | null, field: Dimension | null = null) {
    this.#start(anchor, { ...blank, field }, field ? 'values' : 'field')
  }

  edit(anchor: Element, at: number, part: Part) {
    const clause = view.clauses[at]
    if (clause) this.#start(anchor, { ...clause, at }, part)
  }

  close = () => (this.draft = null)

  /** `known` are the operators that may be asked of the field. */
  setField(field: Dimension, known: readonly Operator[]) {
    if (!this.draft) return
    const operator = known.includes(this.draft.operator) ? this.draft.operator : known[0]!
    this.draft = {
      ...this.draft,
      field,
      operator,
      values: field === this.draft.field ? this.draft.values : [],
      visits: isOfVisit(field) ? undefined : this.draft.visits
    }
    this.part = operators[operator].takes === 'nothing' ? 'operator' : 'values'
  }

  /** What is there is kept where the operator can take it: a contains becomes a matches at once. */
  setOperator(operator: Operator) {
    if (!this.draft) return
    const { takes } = operators[operator]
    const present = this.draft.values.filter((value) => takes === 'values' || value !== null)
    const values = takes === 'nothing' ? [] : takes === 'values' ? present : present.slice(0, 1)
    this.draft = { ...this.draft, operator, values }
    this.part = 'values'
    if (!values.length && takes !== 'nothing') return
    this.#commit()
    if (takes === 'nothing') this.close()
  }

  setValues(values: Clause['values']) {
    if (!this.draft) return
    this.draft = { ...this.draft, values }
    this.#commit()
  }

  #start(anchor: Element | null, draft: Draft, part: Part) {
    Object.assign(this, { anchor, draft, part })
    this.#hasChanged = false
  }

  /** The first change is one that Back takes back; what follows in the same go belongs to it. */
  #commit() {
    const { at, field, operator, values, visits } = this.draft ?? blank
    if (!field) return
    const isGone = !values.length && operators[operator].takes !== 'nothing'
    const place = at ?? view.clauses.length
    const clause: Clause = { field, operator, values, ...(visits && { visits }) }
    void view.change(
      { clauses: view.clauses.toSpliced(place, 1, ...(isGone ? [] : [clause])) },
      this.#hasChanged
    )
    this.#hasChanged = true
    this.draft = { at: isGone ? null : place, field, operator, values, visits }
  }
}

export const editor = new Editor()
