import { count, text } from '#lib/format/number.ts'
import type { Dimension } from '#lib/filter/dimension.ts'
import type { Selection } from '#lib/filter/filter.ts'
import { labelOf, nameOf } from '#lib/filter/labels.ts'
import { valuesSql } from '#lib/panels/questions.ts'
import { askBeside } from '#lib/state/beside.ts'
import { view } from '#lib/state/view.svelte.ts'
import type { Action } from './actions.ts'

const filtered = [
  'path',
  'referrer_domain',
  'country',
  'as_org',
  'browser',
  'os',
  'bot_name',
  'status'
] as const

/** What the page shows most of, as values to filter by. */
export async function commonValues(selection: Selection): Promise<Action[]> {
  const sql = valuesSql(filtered)
  const rows = await askBeside<{ field: Dimension; value: string; requests: number }>(selection, sql)
  return rows.map(({ field, value, requests }) => ({
    ...labelOf(field, value),
    key: `${field} ${value}`,
    group: nameOf(field),
    aside: text(count(requests)),
    isRare: true,
    run: () => view.click(field, value, 'only')
  }))
}
