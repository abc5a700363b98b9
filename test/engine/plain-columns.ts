import { isTexts, type ReadColumn } from '../../src/lib/engine/columns.ts'

/** What a column of a row group says, row by row; null is missing. */
export function plainValues(column: ReadColumn): unknown[] {
  if ('values' in column) {
    const { values, present } = column
    return [...values].map((value: unknown, row) => (present && !present[row] ? null : value))
  }
  const { words, places } = column
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  const value = (i: number) =>
    isTexts(words) ? text.decode(words.bytes.subarray(words.offsets[i], words.offsets[i + 1])) : words[i]
  return Array.from(places, (place) => (place ? value(place - 1) : null))
}
