import { isNamedList, type Named } from './named.ts'

export const chartKinds = ['time', 'bars', 'scatter', 'heat'] as const
export type ChartKind = (typeof chartKinds)[number]

/** What a chart of a result shows: places of columns. */
export interface Chart {
  readonly kind: ChartKind
  readonly x: number
  readonly y: number
  /** -1 without color. */
  readonly color: number
}

/** A query whose result is a panel of the overview. */
export interface Pin extends Named {
  readonly sql: string
  /** Null for a table. */
  readonly chart: Chart | null
}

export const mostPins = 12
/** The longest query that can be pinned, in characters. */
export const longestPin = 10_000
const bounds = { items: mostPins, text: mostPins * longestPin }
/** A result has fewer columns. */
const mostColumns = 1_000

/** Whether a value is a list of pins, each name once, within its bounds. The page checks that each is one query. */
export const isPinList = (value: unknown): value is readonly Pin[] =>
  isNamedList(value, bounds, ({ sql, chart }) =>
    typeof sql === 'string' && sql.trim() !== '' && sql.length <= longestPin && isChart(chart) ? sql : null
  )

function isChart(value: unknown): value is Chart | null {
  if (value === null) return true
  const { kind, x, y, color, ...others } = (value ?? {}) as Partial<Record<keyof Chart, unknown>>
  const isPlace = (place: unknown, least: number) =>
    Number.isInteger(place) && (place as number) >= least && (place as number) < mostColumns
  return (
    chartKinds.includes(kind as ChartKind) &&
    isPlace(x, 0) &&
    isPlace(y, 0) &&
    isPlace(color, -1) &&
    !Object.keys(others).length
  )
}
