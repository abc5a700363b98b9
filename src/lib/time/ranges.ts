import type { Range } from '#lib/schema/manifest.ts'

/** What of some ranges lies outside others. */
export function subtract(ranges: readonly Range[], others: readonly Range[]): Range[] {
  return others.reduce<Range[]>(
    (left, other) =>
      left.flatMap(({ from, to }) =>
        [
          { from, to: Math.min(to, other.from) },
          { from: Math.max(from, other.to), to }
        ].filter((range) => range.from < range.to && range.from >= from && range.to <= to)
      ),
    ranges.map(({ from, to }) => ({ from, to }))
  )
}

/** Whether ranges, taken together, hold all of others. */
export const covers = (ranges: readonly Range[], others: readonly Range[]): boolean =>
  subtract(others, ranges).length === 0

/** Whether a range has anything in common with others. */
export const overlaps = (ranges: readonly Range[], { from, to }: Range): boolean =>
  ranges.some((range) => range.from < to && from < range.to)
