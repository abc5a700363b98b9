import type { ColumnName } from '#lib/schema/hit.ts'
import { countOf, type Numbers, type ReadColumn } from '#lib/engine/columns.ts'
import { Group } from './group.ts'
import { emptyLike, joinWords, withoutRepeats } from '#lib/engine/words.ts'

/** A row group of a part, read when it is due. */
export interface RowGroup {
  readonly rows: number
  read(): ReadonlyMap<ColumnName, ReadColumn>
}

interface Read {
  readonly rows: number
  readonly columns: ReadonlyMap<ColumnName, ReadColumn>
}

/** The engine reads all its words once per insertion. More rows take fewer insertions and more memory, 230 bytes a row. */
const mostRows = 122_880

/**
 * Merges consecutive row groups, of any parts, as long as they have no more than `most` rows together. Before it reads
 * or merges it waits for `pause`.
 */
export async function* mergeGroups(
  groups: Iterable<RowGroup>,
  pause: () => Promise<void> = async () => {},
  most = mostRows
): AsyncGenerator<Group> {
  const reads: Read[] = []
  for (const group of groups) {
    await pause()
    if (reads.length && rowsOf(reads) + group.rows > most) {
      yield groupOf(reads.splice(0))
      await pause()
    }
    reads.push({ rows: group.rows, columns: group.read() })
  }
  await pause()
  if (reads.length) yield groupOf(reads.splice(0))
}

function groupOf(reads: readonly Read[]): Group {
  if (reads.length === 1) return new Group(reads[0]!.rows, reads[0]!.columns)
  const names = new Set(reads.flatMap(({ columns }) => [...columns.keys()]))
  return new Group(rowsOf(reads), new Map(Array.from(names, (name) => [name, mergeColumn(name, reads)])))
}

const rowsOf = (reads: readonly Read[]) => reads.reduce((sum, { rows }) => sum + rows, 0)

/** The column in all rows. A row group that lacks it has no value in any row. */
export function mergeColumn(name: ColumnName, reads: readonly Read[]): ReadColumn {
  const found: Found[] = []
  let row = 0
  for (const { rows, columns } of reads) {
    const column = columns.get(name)
    if (column) found.push({ row, rows, column })
    row += rows
  }
  return found.every(isCoded) ? mergeCoded(found, row) : mergeValues(found, row)
}

interface Found<Column extends ReadColumn = ReadColumn> {
  /** The row of the merged group at which the column's rows start. */
  row: number
  rows: number
  column: Column
}
type Coded = Extract<ReadColumn, { places: unknown }>

const isCoded = (found: Found): found is Found<Coded> => 'words' in found.column

function mergeCoded(found: readonly Found<Coded>[], rows: number): Coded {
  const merged = withoutRepeats(joinWords(found.map(({ column }) => column.words)))
  const places = new Uint32Array(rows)
  let first = 0
  for (const { row, rows, column } of found) {
    for (let i = 0; i < rows; i++) {
      const place = column.places[i]!
      if (place) places[row + i] = merged.places[first + place - 1]!
    }
    first += countOf(column.words)
  }
  return { words: merged.words, places }
}

/** Only numbers come without words. */
function mergeValues(found: readonly Found[], rows: number): ReadColumn {
  const [first] = found
  const values = emptyLike(numbersOf(first!.column), rows)
  const present = new Uint8Array(rows)
  for (const { row, rows, column } of found) {
    const numbers = numbersOf(column)
    if ('words' in column)
      for (let i = 0; i < rows; i++) {
        const place = column.places[i]!
        if (!place) continue
        values[row + i] = numbers[place - 1]!
        present[row + i] = 1
      }
    else {
      values.set(numbers as never, row)
      if (column.present) present.set(column.present, row)
      else present.fill(1, row, row + rows)
    }
  }
  return { values, present: present.includes(0) ? present : null }
}

const numbersOf = (column: ReadColumn) => ('words' in column ? column.words : column.values) as Numbers
