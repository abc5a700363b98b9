import type { Cell } from '#lib/engine/connection.ts'
import type { Sort } from './statement.ts'

const compare = (a: Cell, b: Cell): number => {
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : Number(a > b)
  const [x, y] = [a, b].map((cell) => (typeof cell === 'object' ? JSON.stringify(cell) : cell))
  return x! < y! ? -1 : Number(x! > y!)
}

/** Rows by a column, those without a value last, as the engine orders them. */
export function ordered(rows: readonly Cell[][], { column, isDescending }: Sort): Cell[][] {
  const sign = isDescending ? -1 : 1
  return rows.toSorted((one, other) => {
    const [a, b] = [one[column]!, other[column]!]
    if (a === null || b === null) return Number(a === null) - Number(b === null)
    return sign * compare(a, b)
  })
}
