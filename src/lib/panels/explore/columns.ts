import type { Dimension } from '#lib/filter/dimension.ts'
import { isDimension } from '#lib/filter/dimension.ts'

/** A column of the list, and its width in pixels where somebody has chosen one. */
export interface ListColumn {
  readonly field: Dimension
  readonly width: number | null
}

export const defaultColumns: readonly Dimension[] = [
  'time',
  'status',
  'method',
  'path',
  'ip',
  'country',
  'user_agent',
  'bytes',
  'duration'
]
/** Where there is little room. */
export const fewColumns: readonly Dimension[] = ['time', 'status', 'path', 'duration']

const widths: Partial<Record<Dimension, number>> = {
  time: 100,
  status: 44,
  method: 52,
  ip: 116,
  country: 32,
  user_agent: 170,
  bytes: 66,
  duration: 62
}
export const widthLimits = { least: 28, most: 1_600 }
/** The one that takes the room that is left. */
const widest: Dimension = 'path'

/** The columns that the address names, each as `field` or `field~width`; without one that it knows, the usual ones. */
export function readColumns(names: readonly string[] | null, usual: readonly Dimension[]): ListColumn[] {
  const found = (names ?? []).flatMap((text): ListColumn[] => {
    const [field = '', width] = text.split('~')
    return isDimension(field) ? [{ field, width: width ? clamped(Number(width)) : null }] : []
  })
  const unique = found.filter(({ field }, i) => found.findIndex((other) => other.field === field) === i)
  return unique.length ? unique : usual.map((field) => ({ field, width: null }))
}

/** As the address names them; nothing for the usual ones. */
export function writeColumns(columns: readonly ListColumn[], usual: readonly Dimension[]): string {
  const text = columns.map(({ field, width }) => (width ? `${field}~${width}` : field)).join(',')
  return text === usual.join(',') ? '' : text
}

const clamped = (width: number) =>
  Number.isFinite(width) ? Math.round(Math.min(widthLimits.most, Math.max(widthLimits.least, width))) : null

/** The width that a column has without a choice; null for one that takes what is left. */
export const usualWidth = (field: Dimension): number | null =>
  field === widest ? null : (widths[field] ?? 120)

/** The columns after a choice; without any, the usual ones again. */
export const toggled = (columns: readonly ListColumn[], field: Dimension): ListColumn[] =>
  columns.some((column) => column.field === field)
    ? columns.filter((column) => column.field !== field)
    : [...columns, { field, width: null }]

/** The columns with one of them moved by a place. */
export function shifted(columns: readonly ListColumn[], field: Dimension, by: -1 | 1): ListColumn[] {
  const at = columns.findIndex((column) => column.field === field)
  const to = at + by
  if (at < 0 || to < 0 || to >= columns.length) return [...columns]
  return columns.with(at, columns[to]!).with(to, columns[at]!)
}

export const resized = (columns: readonly ListColumn[], field: Dimension, width: number): ListColumn[] =>
  columns.map((column) => (column.field === field ? { field, width: clamped(width) } : column))
