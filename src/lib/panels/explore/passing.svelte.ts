import { askBeside } from '#lib/state/beside.ts'
import { sync } from '#lib/state/sync.svelte.ts'
import { view } from '#lib/state/view.svelte.ts'
import { explorer } from './explorer.svelte.ts'
import { passingOf } from './log.ts'
import type { Reader } from './reader.svelte.ts'

/** While one scrolls nothing is asked. */
const rest = 60

/** Which of the lines that are seen pass the filter, where all are listed. To be made while its component is. */
export class Passing {
  seqs = $state.raw<readonly number[]>([])

  constructor(reader: Reader) {
    $effect(() => {
      const { from, to } = reader.seen
      const { shown } = sync
      const isFiltered = view.clauses.some(({ disabled }) => !disabled) || view.traffic !== 'all'
      if (!explorer.showsAll || !isFiltered || !shown) {
        this.seqs = []
        return
      }
      const lines = Array.from({ length: to - from }, (_, i) => reader.line(from + i)).filter(
        (line) => line !== null
      )
      if (!lines.length) return
      const timer = setTimeout(() => {
        // Without an answer no line is marked: the list itself says what is wrong.
        askBeside<{ seq: number }>(shown, passingOf(lines)).then(
          (rows) => (this.seqs = rows.map(({ seq }) => seq)),
          () => {}
        )
      }, rest)
      return () => clearTimeout(timer)
    })
  }
}
