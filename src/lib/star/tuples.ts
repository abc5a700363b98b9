/** The first row of each combination of values, and for each row the place of its combination in them, counted from 1. */
export interface Distinct {
  rows: Int32Array
  places: Uint32Array
}

/**
 * Finds the combinations of values in some columns. `start` is a column with `count` places that tells most of them apart:
 * a column that follows from it costs one comparison a row.
 */
export function distinctRows(
  start: { places: Uint32Array; count: number },
  columns: readonly Int32Array[]
): Distinct {
  let { places, count } = start
  let firsts = firstsOf(places, count)
  for (const column of columns) {
    if (follows(column, places, firsts)) continue
    ;({ places, count } = split(places, column))
    firsts = firstsOf(places, count)
  }
  return inOrder(places, count, columns)
}

/** The first row of each place, or -1. */
function firstsOf(places: Uint32Array, count: number): Int32Array {
  const firsts = new Int32Array(count).fill(-1)
  for (let row = 0; row < places.length; row++) if (firsts[places[row]!]! < 0) firsts[places[row]!] = row
  return firsts
}

/** Whether all rows of a place have the same value. */
function follows(column: Int32Array, places: Uint32Array, firsts: Int32Array): boolean {
  for (let row = 0; row < places.length; row++)
    if (column[row] !== column[firsts[places[row]!]!]) return false
  return true
}

/** New places: rows share one if they shared a place and have the same value. */
function split(places: Uint32Array, column: Int32Array): { places: Uint32Array; count: number } {
  const known = new Map<number, number>()
  const apart = new Uint32Array(places.length)
  for (let row = 0; row < places.length; row++) {
    const pair = places[row]! * 2 ** 31 + column[row]!
    let place = known.get(pair)
    if (place === undefined) known.set(pair, (place = known.size))
    apart[row] = place
  }
  return { places: apart, count: known.size }
}

/** Numbers the combinations in the order of the rows. Two places of `start` may have the same combination. */
function inOrder(places: Uint32Array, count: number, columns: readonly Int32Array[]): Distinct {
  const found = new Uint32Array(count)
  const known = new Map<string, number>()
  const rows: number[] = []
  const placeOf = (row: number) => {
    const tuple = columns.map((column) => column[row]).join()
    const place = known.get(tuple) ?? rows.push(row)
    known.set(tuple, place)
    return place
  }
  const ordered = new Uint32Array(places.length)
  for (let row = 0; row < places.length; row++) ordered[row] = found[places[row]!] ||= placeOf(row)
  return { rows: Int32Array.from(rows), places: ordered }
}
