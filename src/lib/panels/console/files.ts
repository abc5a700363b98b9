import type { Cell } from '#lib/engine/connection.ts'
import { toCsv } from '#lib/format/csv.ts'
import { rawOf, writeTime, type ResultColumn } from './column.ts'

/** A result as a table for spreadsheets. */
export const csvOf = (columns: readonly ResultColumn[], rows: readonly Cell[][]): string =>
  toCsv([
    columns.map(({ name }) => name),
    ...rows.map((row) =>
      row.map((cell, i) =>
        cell === null || (typeof cell === 'number' && columns[i]!.kind === 'number')
          ? cell
          : rawOf(cell, columns[i]!)
      )
    )
  ] as (string | number | null)[][])

/** A result as a list of objects; a number that JavaScript can't hold is a text. */
export const jsonOf = (columns: readonly ResultColumn[], rows: readonly Cell[][]): string => {
  const objects = rows.map((row) =>
    Object.fromEntries(
      columns.map(({ name, kind, type }, i) => {
        const cell = row[i]!
        return [name, kind === 'time' && typeof cell === 'number' ? writeTime(cell, type) : cell]
      })
    )
  )
  const lines = objects.map((object) =>
    JSON.stringify(object, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))
  )
  return `[\n${lines.join(',\n')}\n]\n`
}
