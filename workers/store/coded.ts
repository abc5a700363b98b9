import type { Values } from './parquet.ts'

/** The values of a column as the words that differ, and for each row the place of its word; null is a word as well. */
export interface Coded {
  words: unknown[]
  places: Uint32Array | Int32Array
}

/** A column of a row group; coded where most values repeat, so that a word is looked at once. */
export type Column = Coded | Values

export const isCoded = (column: Column): column is Coded => 'places' in column

export function code(values: Values): Coded {
  const known = new Map<unknown, number>()
  const places = new Uint32Array(values.length)
  for (let row = 0; row < values.length; row++) places[row] = placeOf(known, values[row])
  return { words: [...known.keys()], places }
}

export function decode(column: Column): Values {
  if (!isCoded(column)) return column
  const { words, places } = column
  const values = Array<unknown>(places.length)
  for (let row = 0; row < places.length; row++) values[row] = words[places[row]!]
  return values
}

export function pick(column: Column, rows: Uint32Array): Column {
  if (!isCoded(column)) return Array.from(rows, (row) => column[row])
  return { words: column.words, places: rows.map((row) => column.places[row]!) }
}

/** Some rows of a column, and where they go. */
export interface Taken {
  column: Column
  rows: readonly number[]
  places: readonly number[]
}

/** One column of `rows` rows out of several; of their words it has those that a row says. */
export function join(taken: readonly Taken[], rows: number): Column {
  return taken.every(({ column }) => isCoded(column)) ? joinCoded(taken, rows) : joinValues(taken, rows)
}

function joinCoded(taken: readonly Taken[], rows: number): Coded {
  const known = new Map<unknown, number>()
  const joined = new Uint32Array(rows)
  for (const { column, rows, places } of taken) {
    const { words, places: own } = column as Coded
    const now = new Int32Array(words.length).fill(-1)
    for (let i = 0; i < rows.length; i++) {
      const place = own[rows[i]!]!
      if (now[place]! < 0) now[place] = placeOf(known, words[place])
      joined[places[i]!] = now[place]!
    }
  }
  return { words: [...known.keys()], places: joined }
}

function joinValues(taken: readonly Taken[], rows: number): Values {
  const joined = Array<unknown>(rows).fill(null)
  for (const { column, rows, places } of taken) {
    const values = decode(column)
    for (let i = 0; i < rows.length; i++) joined[places[i]!] = values[rows[i]!]
  }
  return joined
}

/** The place of a word; a new one gets the next. */
function placeOf(known: Map<unknown, number>, word: unknown): number {
  const place = known.get(word)
  if (place !== undefined) return place
  known.set(word, known.size)
  return known.size - 1
}
