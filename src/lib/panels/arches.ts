import type { Unit } from '#lib/format/change.ts'
import type { Quantity } from '#lib/format/number.ts'

/** A key figure of a page, made of the figures that the page's SQL counts. */
export interface ArchOf<Figures> {
  readonly name: string
  readonly title: string
  readonly color: string
  readonly format: (value: number | null) => Quantity
  readonly of: (figures: Figures) => number | null
  readonly unit: Unit
  /** Which direction is good, where one is. */
  readonly better?: 'up' | 'down'
  /** What puts the figure into proportion, in a few words. */
  readonly aside: (figures: Figures) => string
}

/** A row of the SQL behind arches: some figures of a slot or, with `slot` null, of the whole period. */
export type ArchRow = { slot: number | null } & Record<string, number | null>

/** The slot of a hit by its `time`, in SQL; `period` as in `selected(own, period)`. */
export const slotSql = (period: 'now' | 'previous'): string =>
  `floor((epoch_ms(time) - getvariable('${period}_slot_from')) / getvariable('${period}_slot_width'))::INTEGER`

/** The figures of the whole period, and of each of `slots` slots; what no row counts is 0. */
export function figuresOfRows<Figures>(rows: readonly ArchRow[], slots: number) {
  const blank = Object.fromEntries(rows.flatMap((row) => Object.keys(row).map((name) => [name, 0])))
  const all = { ...blank }
  const each = Array.from({ length: slots }, () => ({ ...blank }))
  for (const { slot, ...figures } of rows) {
    const known = Object.entries(figures).filter(([, value]) => value !== null)
    Object.assign(slot === null ? all : (each[Math.min(slot, slots - 1)] ?? {}), Object.fromEntries(known))
  }
  return { all: all as Figures, each: each as Figures[] }
}
