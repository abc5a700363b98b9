import type { Cell } from '#lib/engine/connection.ts'
import type { Kind, ResultColumn } from './column.ts'
import type { Sort } from './statement.ts'

const compare = (a: Cell, b: Cell, kind: Kind): number => {
  if (kind === 'number' && (typeof a === 'string' || typeof b === 'string'))
    return Number(a) - Number(b) || compareDecimals(String(a), String(b))
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : Number(a > b)
  const [x, y] = [a, b].map((cell) => (typeof cell === 'object' ? JSON.stringify(cell) : cell))
  return x! < y! ? -1 : Number(x! > y!)
}

/** Of decimals that are one number when they are rounded. */
function compareDecimals(a: string, b: string): number {
  const places = Math.max(...[a, b].map((text) => text.split('.')[1]?.length ?? 0))
  const [x, y] = [a, b].map((text) => {
    const [whole, part = ''] = text.split('.')
    return BigInt(whole + part.padEnd(places, '0'))
  })
  return Number(x! - y!)
}

/** Rows by a column, those without a value last, as the engine orders them. */
export function ordered(
  columns: readonly ResultColumn[],
  rows: readonly Cell[][],
  { column, isDescending }: Sort
): Cell[][] {
  const { kind } = columns[column]!
  const sign = isDescending ? -1 : 1
  return rows.toSorted((one, other) => {
    const [a, b] = [one[column]!, other[column]!]
    if (a === null || b === null) return Number(a === null) - Number(b === null)
    return sign * compare(a, b, kind)
  })
}
