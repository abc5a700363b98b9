import { membersOf } from '#lib/data/member.ts'
import { askBeside } from '#lib/state/beside.ts'
import { view } from '#lib/state/view.svelte.ts'
import extras from './extras.sql?raw'
import type { Field } from './fields.ts'
import { nameOf } from './labels.ts'

/** Fewer than anybody reads through; the search of the list finds them by their names. */
const most = 100

/** The fields that hits of the range have beyond the columns, those that most have first. */
class Others {
  fields = $state.raw<readonly Field[]>([])

  /** Looks at some hits of what is on screen now. */
  async look(): Promise<void> {
    const selection = { ...view.range, traffic: view.traffic, clauses: [] }
    const rows = await askBeside<{ extra: string }>(selection, extras).catch(() => [])
    const members = Map.groupBy(
      rows.flatMap(({ extra }) => membersOf(extra)),
      (member) => member
    )
    this.fields = [...members]
      .sort(([, a], [, b]) => b.length - a.length)
      .slice(0, most)
      .map(([name]) => ({ name, title: nameOf(name), group: 'Other fields' }))
  }
}

export const others = new Others()
