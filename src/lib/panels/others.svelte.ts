import { membersOf } from '#lib/filter/member.ts'
import { askBeside } from '#lib/state/beside.ts'
import { view } from '#lib/state/view.svelte.ts'
import extras from './extras.sql?raw'
import type { Field } from '#lib/filter/fields.ts'
import { nameOf } from '#lib/filter/labels.ts'

/** At most so many are listed. */
const most = 100

/** Fields of the hits on screen that have no column, the most frequent first. */
class Others {
  fields = $state.raw<readonly Field[]>([])

  /** Finds them in a sample of the hits. */
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
