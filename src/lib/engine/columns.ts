import type { SqlType } from '#lib/schema/hit.ts'

/** Texts end to end in UTF-8: text i lies between offsets[i] and offsets[i + 1]. */
export interface Texts {
  readonly offsets: Int32Array
  readonly bytes: Uint8Array
}

/**
 * A BOOLEAN is a Uint8Array of 0 and 1, a TIMESTAMP a BigInt64Array of milliseconds since 1970, UTC. A row without a
 * value has 0.
 */
export type Numbers =
  Uint8Array | Int16Array | Int32Array | Uint32Array | Float64Array | BigInt64Array | BigUint64Array

/**
 * A column of a row group: its values, or words and for each row the place of its word, counted from 1; a missing value
 * has place 0. No word comes twice.
 */
export type ReadColumn =
  | { readonly words: Texts | Numbers; readonly places: Uint32Array }
  /** `present` has one byte a row; it is null if every row has a value. */
  | { readonly values: Numbers; readonly present: Uint8Array | null }

/** A column to insert. With `places`, rows share the values, as the rows of a `ReadColumn` share its words. */
export interface InsertColumn {
  readonly name: string
  readonly type: SqlType | 'INTEGER' | 'UTINYINT'
  readonly values: Texts | Numbers
  readonly places?: Uint32Array
  readonly present?: Uint8Array | null
}

export const isTexts = (values: Texts | Numbers): values is Texts => 'offsets' in values

/** How many values there are, or how many texts. */
export const countOf = (values: Texts | Numbers): number =>
  isTexts(values) ? values.offsets.length - 1 : values.length

export const rowsOf = ({ values, places }: InsertColumn): number => places?.length ?? countOf(values)

/** The buffers of columns, each once, for `postMessage` to transfer. */
export function buffersOf(columns: Iterable<ReadColumn | InsertColumn>): ArrayBuffer[] {
  const buffers = new Set<ArrayBufferLike>()
  for (const column of columns) {
    const values = 'words' in column ? column.words : column.values
    const arrays = isTexts(values) ? [values.offsets, values.bytes] : [values]
    if ('places' in column && column.places) arrays.push(column.places)
    if ('present' in column && column.present) arrays.push(column.present)
    for (const { buffer } of arrays) buffers.add(buffer)
  }
  return [...buffers] as ArrayBuffer[]
}
