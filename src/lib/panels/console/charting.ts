import type { Cell } from '#lib/engine/connection.ts'
import type { Chart, ChartKind } from '#lib/schema/pins.ts'
import type { ResultColumn } from './column.ts'

const placeOf = (
  columns: readonly ResultColumn[],
  test: (column: ResultColumn) => boolean,
  but: number[] = []
) => columns.findIndex((column, i) => test(column) && !but.includes(i))

const isNumber = ({ kind }: ResultColumn) => kind === 'number'
const isTime = ({ kind }: ResultColumn) => kind === 'time'
const isName = ({ kind }: ResultColumn) => kind === 'text' || kind === 'boolean'

/** The names and types of columns as a text to compare. */
export const shapeOf = (columns: readonly ResultColumn[]): string =>
  columns.map(({ name, kind }) => `${name} ${kind}`).join()

/** The chart that fits the types of a result's columns; null if there is nothing to draw. */
export function chartFor(columns: readonly ResultColumn[]): Chart | null {
  const time = placeOf(columns, isTime)
  const name = placeOf(columns, isName)
  const number = placeOf(columns, isNumber)
  if (number < 0) return null
  if (time >= 0 && (name < 0 || time < number)) return { kind: 'time', x: time, y: number, color: name }
  const other = placeOf(columns, isName, [name])
  if (name >= 0 && other >= 0) return { kind: 'heat', x: name, y: other, color: number }
  if (name >= 0) return { kind: 'bars', x: name, y: number, color: -1 }
  const second = placeOf(columns, isNumber, [number])
  if (second >= 0) return { kind: 'scatter', x: number, y: second, color: -1 }
  return { kind: 'bars', x: number, y: number, color: -1 }
}

/** Whether a chart that was chosen for another result can be drawn of these columns. */
export function isDrawable({ kind, x, y, color }: Chart, columns: readonly ResultColumn[]): boolean {
  const [across, up, tint] = [columns[x], columns[y], columns[color]]
  if (!across || !up || (color >= 0 && !tint)) return false
  return kind === 'heat' ? tint?.kind === 'number' : up.kind === 'number'
}

/** Another kind of chart of the same columns. */
export function chartAs(kind: ChartKind, columns: readonly ResultColumn[], was: Chart): Chart {
  const time = placeOf(columns, isTime)
  const name = placeOf(columns, isName)
  const number = Math.max(0, placeOf(columns, isNumber))
  if (kind === 'time') return { kind, x: time >= 0 ? time : was.x, y: number, color: name }
  if (kind === 'bars') return { kind, x: name >= 0 ? name : was.x, y: number, color: -1 }
  if (kind === 'heat') {
    const x = time >= 0 ? time : name >= 0 ? name : 0
    const y = placeOf(columns, (column) => !isNumber(column), [x])
    return { kind, x, y: y < 0 ? was.y : y, color: number }
  }
  const second = placeOf(columns, isNumber, [number])
  return { kind, x: number, y: second < 0 ? number : second, color: name }
}

export interface Mark {
  readonly x: Cell | Date
  readonly y: Cell | Date
  readonly color: Cell | Date
}

/** What is drawn beyond this would not be seen. */
const mostBars = 40
const mostColors = 6
/** The name of the colors beyond. */
export const others = 'others'

const valueOf = (cell: Cell, kind: ResultColumn['kind']): Cell | Date => {
  if (kind === 'time' && typeof cell === 'number') return new Date(cell)
  if (cell === null) return null
  if (kind === 'number') return Number(cell)
  return typeof cell === 'object' ? JSON.stringify(cell) : String(cell)
}

/** The rows as marks: colors beyond the most frequent are one, and of bars there are the first. */
export function marksOf(
  { kind, x, y, color }: Chart,
  columns: readonly ResultColumn[],
  rows: readonly Cell[][]
): Mark[] {
  const read = (row: Cell[], place: number) => (place < 0 ? null : valueOf(row[place]!, columns[place]!.kind))
  const marks = rows.map((row) => ({ x: read(row, x), y: read(row, y), color: read(row, color) }))
  if (kind === 'bars') return marks.slice(0, mostBars)
  if (kind === 'heat' || color < 0 || columns[color]!.kind === 'number') return marks
  const sums = new Map<Cell | Date, number>()
  for (const mark of marks) sums.set(mark.color, (sums.get(mark.color) ?? 0) + (Number(mark.y) || 0))
  const most = [...sums]
    .sort((a, b) => b[1] - a[1])
    .slice(0, mostColors)
    .map(([name]) => name)
  return marks.map((mark) =>
    sums.size <= mostColors + 1 || most.includes(mark.color) ? mark : { ...mark, color: others }
  )
}

/** The least distance between two times, in milliseconds: how wide a bar is. */
export function widthOf(marks: readonly Mark[]): number {
  const times = [...new Set(marks.flatMap(({ x }) => (x instanceof Date ? [x.getTime()] : [])))].sort(
    (a, b) => a - b
  )
  const steps = times.slice(1).map((time, i) => time - times[i]!)
  return steps.length ? Math.min(...steps) : 3_600_000
}
