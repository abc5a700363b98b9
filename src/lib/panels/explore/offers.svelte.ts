import type { Dimension } from '#lib/filter/dimension.ts'
import { labelOf, missingOf } from '#lib/filter/labels.ts'
import type { Wanted } from '#lib/find/caret.ts'
import { fieldsLike } from '#lib/find/names.ts'
import { parse } from '#lib/find/parse.ts'
import { sayName, sayValue, write } from '#lib/find/write.ts'
import { count, text } from '#lib/format/number.ts'
import { visible } from '#lib/format/visible.ts'
import { askBeside } from '#lib/state/beside.ts'
import { view } from '#lib/state/view.svelte.ts'
import { others } from '../others.svelte.ts'
import { suggestSql } from '../questions.ts'

/** What the bar suggests at the caret. */
export interface Offer {
  key: string
  /** What is put into the query. */
  insert: string
  /** The same, as it is shown. */
  text: string
  says: string
  aside: string
}

interface Known {
  value: string | null
  requests: number
}

/** Suggestions for the place of the caret: fields, or the values of a field with their counts. */
export class Offers {
  current = $state.raw<readonly Offer[]>([])
  #asked = 0

  /** Values are counted under the filter without the term at the caret. */
  async look(wanted: Wanted | null): Promise<void> {
    const asked = ++this.#asked
    if (wanted?.kind !== 'value' || !wanted.field) {
      this.current = wanted ? fieldOffers(wanted) : []
      return
    }
    const { field, typed } = wanted
    const clauses = [...write(view.clauses).rest, ...parse(wanted.others).clauses]
    const selection = { ...view.range, traffic: view.traffic, clauses }
    const rows = await askBeside<Known>(selection, suggestSql(field), { typed }).catch(() => [])
    if (asked === this.#asked) this.current = rows.flatMap((row) => valueOffer(field, row))
  }

  forget() {
    this.#asked++
    this.current = []
  }
}

/** More are not read: one types on. */
const mostOffers = 200

const fieldOffers = ({ typed, sign }: Wanted): Offer[] =>
  fieldsLike(typed, typed ? others.known : others.fields)
    .slice(0, mostOffers)
    .map(({ name, title, group }) => ({
      key: name,
      insert: sayName(name) + sign,
      text: visible(sayName(name)),
      says: title,
      aside: group
    }))

function valueOffer(field: Dimension, { value, requests }: Known): Offer[] {
  const said = sayValue(field, value)
  if (said === null) return []
  const label = value === null ? missingOf(field) : labelOf(field, value).text
  return [
    {
      key: JSON.stringify(value),
      insert: said,
      text: visible(said),
      says: label === visible(value ?? '') ? '' : label,
      aside: text(count(requests))
    }
  ]
}
