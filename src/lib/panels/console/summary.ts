import type { Cell } from '#lib/engine/connection.ts'
import { shownOf, type ResultColumn } from './column.ts'

/** What a column of a result holds. */
export interface Summary {
  /** Heights from 0 to 1: of equal stretches from least to most, or of the most frequent values. */
  readonly bars: readonly number[]
  readonly distinct: number
  readonly nulls: number
  readonly text: string
}

const mostBars = 14

/** A summary of a column, over the rows that are given. */
export function summarize(column: ResultColumn, cells: readonly Cell[]): Summary {
  const some = cells.filter((cell) => cell !== null)
  const counts = new Map<unknown, number>()
  for (const cell of some) {
    const key = typeof cell === 'object' ? JSON.stringify(cell, (_, v: unknown) => String(v)) : cell
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  const nulls = cells.length - some.length
  const isScale = column.kind === 'number' || column.kind === 'time'
  const bars = isScale
    ? binned(some.map(Number))
    : [...counts.values()].sort((a, b) => b - a).slice(0, mostBars)
  const most = bars.reduce((most, height) => Math.max(most, height), 0)
  return {
    bars: bars.map((height) => height / most),
    distinct: counts.size,
    nulls,
    text: [isScale ? span(column, some) : `${counts.size} distinct`, nulls ? `${nulls} null` : '']
      .filter(Boolean)
      .join(', ')
  }
}

function binned(values: readonly number[]): number[] {
  const [least, most] = edges(values)
  const width = (most - least) / mostBars
  if (!Number.isFinite(width)) return []
  const bars = Array.from({ length: width ? mostBars : 1 }, () => 0)
  for (const value of values)
    if (Number.isFinite(value))
      bars[width ? Math.min(mostBars - 1, Math.floor((value - least) / width)) : 0]!++
  return bars
}

function edges(values: readonly number[]): [number, number] {
  let [least, most] = [Infinity, -Infinity]
  for (const value of values) {
    if (!Number.isFinite(value)) continue
    least = Math.min(least, value)
    most = Math.max(most, value)
  }
  return [least, most]
}

function span(column: ResultColumn, cells: readonly Cell[]): string {
  const [least, most] = edges(cells.map(Number))
  if (least > most) return ''
  return least === most ? shownOf(least, column) : `${shownOf(least, column)} – ${shownOf(most, column)}`
}
