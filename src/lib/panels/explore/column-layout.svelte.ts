import type { Dimension } from '#lib/filter/dimension.ts'
import { view } from '#lib/state/view.svelte.ts'
import {
  defaultColumns,
  fewColumns,
  readColumns,
  resized,
  usualWidth,
  writeColumns,
  type ListColumn
} from './columns.ts'
import { fieldSwitches } from '#lib/state/field-switches.svelte.ts'
import { explorer } from './explorer.svelte.ts'
import { listHabits } from './list-habits.svelte.ts'

const narrow = 620
const day = 86_400_000

/** The columns of the address, those chosen last, or the usual ones. */
export const columnsOver = (usual: readonly Dimension[]): ListColumn[] =>
  readColumns(explorer.columns ?? listHabits.current.columns.split(',').filter(Boolean), usual)

/** The columns of the list and the room that they take: those of the address, those chosen last, or the usual ones. */
export class ColumnLayout {
  /** The width that there is, in pixels. */
  room = $state(0)
  #isNarrow = $derived(this.room > 0 && this.room < narrow)
  #usual = $derived(this.#isNarrow ? fewColumns : (fieldSwitches.shown ?? defaultColumns))
  columns = $derived(columnsOver(this.#usual))
  /** The fields that are read for each line: a path is shown with its query. */
  asked = $derived.by((): Dimension[] => {
    const fields = this.columns.map(({ field }) => field).filter((field) => field !== 'time')
    return fields.includes('path') && !fields.includes('query') ? [...fields, 'query'] : fields
  })
  #isDated = $derived(view.range.to - view.range.from > day * 1.05)
  clock = $derived(
    new Intl.DateTimeFormat('en-GB', {
      ...(this.#isDated && { day: '2-digit', month: 'short' }),
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      ...(!this.#isNarrow && { fractionalSecondDigits: 3 }),
      timeZone: view.timing.zone
    })
  )
  #leastPath = $derived(this.#isNarrow ? 100 : 180)
  /** The widths, as CSS has them. */
  template = $derived(
    this.columns
      .map((column) => {
        const width = this.#widthOf(column)
        return width === null ? `minmax(${this.#leastPath}px, 1fr)` : `${width}px`
      })
      .join(' ')
  )
  /** The least width of all columns together, in pixels. */
  least = $derived(
    this.columns.reduce((sum, column) => sum + (this.#widthOf(column) ?? this.#leastPath) + 12, 16)
  )

  change = (columns: readonly ListColumn[]) => {
    const text = writeColumns(columns, this.#usual)
    listHabits.keep({ columns: text })
    void explorer.change({ columns: text }, true)
  }
  resize = (field: Dimension, width: number) => this.change(resized(this.columns, field, width))

  #widthOf({ field, width }: ListColumn): number | null {
    const time = (this.#isDated ? 148 : 100) - (this.#isNarrow ? 28 : 0)
    return width ?? (field === 'time' ? time : usualWidth(field))
  }
}
