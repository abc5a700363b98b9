import { tallyOf } from '#lib/filter/members.ts'
import { askBeside } from '#lib/state/beside.ts'
import { view } from '#lib/state/view.svelte.ts'
import extras from './extras.sql?raw'
import type { Field } from '#lib/filter/fields.ts'
import { nameOf } from '#lib/filter/labels.ts'

/** At most so many are listed, and so many can be searched for. */
const most = { listed: 100, known: 1_000 }

/** Fields of the lines on screen that have no column, the most frequent first. */
class Others {
  known = $state.raw<readonly Field[]>([])
  fields = $derived(this.known.slice(0, most.listed))
  /** How many keys were found that are not among the known: there are too many, or no name can be given to them. */
  left = $state(0)

  /** Finds them in a sample of the lines. */
  async look(): Promise<void> {
    const selection = { ...view.range, traffic: view.traffic, clauses: [] }
    const rows = await askBeside<{ extra: string }>(selection, extras).catch(() => [])
    const { members, unnamed } = tallyOf(rows.map(({ extra }) => extra))
    this.left = unnamed + Math.max(0, members.length - most.known)
    this.known = members
      .slice(0, most.known)
      .map((name) => ({ name, title: nameOf(name), group: 'Other fields' }))
  }
}

export const others = new Others()
