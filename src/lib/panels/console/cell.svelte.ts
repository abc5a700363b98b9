import type { Cell as Value } from '#lib/engine/connection.ts'
import type { Chart } from '#lib/schema/pins.ts'
import type { ResultColumn } from './column.ts'
import type { Mistake } from './mistake.ts'
import type { Sort } from './statement.ts'
import { titleOf } from './title.ts'

export const limits = [100, 1_000, 10_000, 100_000] as const

/** What a statement gave. */
export interface Result {
  readonly sql: string
  readonly columns: readonly ResultColumn[]
  readonly rows: readonly Value[][]
  readonly limit: number
  /** There are more rows than the limit. */
  readonly isCut: boolean
  readonly sort: Sort | null
  /** Milliseconds since 1970. */
  readonly at: number
  readonly ms: number
  /** Bytes that the engine holds; null if it doesn't say. */
  readonly memory: number | null
  /** What was selected, as text to compare. */
  readonly selection: string
  /** Hits of the period were not on the device yet. */
  readonly isPart: boolean
}

/** A chart, and the names and types of the columns that it was chosen for. */
export interface Picked {
  readonly of: string
  readonly chart: Chart
}

let last = 0

/** A query and what became of it. */
export class Cell {
  readonly id = ++last
  sql = $state('')
  state = $state<'idle' | 'waiting' | 'running' | 'done' | 'failed' | 'canceled'>('idle')
  startedAt = $state(0)
  /** The last answer stays until the next one is there. */
  result = $state.raw<Result | null>(null)
  /** How many rows there are, if more than are shown; null if not counted. */
  total = $state<number | null>(null)
  mistake = $state.raw<Mistake | null>(null)
  isChart = $state(false)
  /** The chart that was chosen for columns of this shape. */
  picked = $state.raw<Picked | null>(null)
  limit = $state<number>(1_000)
  /** Rises whenever it is run or canceled: what an older run gives is dropped. */
  turn = 0
  title = $derived(titleOf(this.sql))
  isBusy = $derived(this.state === 'running' || this.state === 'waiting')
  isEdited = $derived(this.result !== null && this.result.sql !== this.sql)
  /** Puts a text where the cursor is; set by its editor. */
  insert: (text: string) => void = (text) => (this.sql += text)
  focus: () => void = () => {}

  constructor(sql: string) {
    this.sql = sql
  }
}
