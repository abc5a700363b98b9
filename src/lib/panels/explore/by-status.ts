import type { Series } from '#lib/charts/plot.ts'
import { statusColor } from '#lib/filter/labels.ts'
import byStatus from './by-status.sql?raw'

const classes = [
  { name: '2xx', title: '2xx', color: statusColor(200) },
  { name: '3xx', title: '3xx', color: statusColor(300) },
  { name: '4xx', title: '4xx', color: statusColor(400) },
  { name: '5xx', title: '5xx', color: statusColor(500) },
  { name: 'other', title: 'other', color: 'var(--ink-3)' },
  { name: 'error', title: 'error log', color: 'var(--c-plum)' }
] as const

/** A row of by-status.sql: where a bucket begins, in milliseconds, and its lines. */
export type StatusRow = { bucket: number } & Record<(typeof classes)[number]['name'], number>

export const byStatusSql = byStatus.replace(/^--.*\n/gm, '')

/** More bars would be too narrow to see. */
const mostBars = 200

/** The edges of at most 200 bars, each of as many buckets as the others; the last one may have fewer. */
export function barEdges(edges: readonly number[]): number[] {
  const each = Math.ceil((edges.length - 1) / mostBars)
  return edges.filter((_, i) => i % each === 0 || i === edges.length - 1)
}

/** The lines of each bar: a series for each class of statuses, and one for error logs. */
export function barsOf(rows: readonly StatusRow[], edges: readonly number[]): Series[] {
  const bars = rows.map(({ bucket }) => edges.findLastIndex((from) => from <= bucket))
  return classes.map(({ name, title, color }) => {
    const values = new Array<number>(edges.length - 1).fill(0)
    for (const [i, row] of rows.entries()) if (bars[i]! in values) values[bars[i]!]! += row[name]
    return { name: title, color, values }
  })
}
