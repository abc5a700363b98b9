import type { PageHeader } from 'hyparquet/src/types.js'
import { decompressPage, readDataPage } from 'hyparquet/src/datapage.js'
import type { Numbers, Texts } from '#lib/engine/columns.ts'
import { joinBytes } from '#lib/engine/texts.ts'
import { readRuns } from './runs.ts'

export type Decoder = Parameters<typeof readDataPage>[2]
type Encoding = Parameters<typeof readDataPage>[1]['encoding']

/** Values as the file has them, before they become those of our types. */
export type Stored = Texts | Numbers | Float32Array

/** A data page: its values are those of the rows that have one, or each row has a place in the dictionary, from 1. */
export type Page = { rows: number; present: Uint8Array | null } & (
  { values: Stored; places: null } | { values: null; places: Uint32Array }
)

/** The values that later pages have places in. */
export function readDictionary(bytes: Uint8Array, header: PageHeader, decoder: Decoder): Stored {
  const page = inflated(bytes, header.uncompressed_page_size, decoder)
  return readValues(page, 'PLAIN', header.dictionary_page_header!.num_values, decoder)
}

/** A data page of either version; `words` is how many the dictionary has. */
export function readPage(bytes: Uint8Array, header: PageHeader, decoder: Decoder, words: number): Page {
  const { rows, encoding, levels, body } = open(bytes, header, decoder)
  const present = levels && presentIn(levels, rows)
  const count = present ? countPresent(present) : rows
  const isWhole = count === rows
  if (!encoding.endsWith('_DICTIONARY'))
    return {
      rows,
      present: isWhole ? null : present,
      values: readValues(body, encoding, count, decoder),
      places: null
    }
  return {
    rows,
    present: null,
    values: null,
    places: readPlaces(body, rows, count, isWhole ? null : present, words)
  }
}

/** What the two versions of a data page have in common; `levels` are null where no value may be missing. */
function open(bytes: Uint8Array, header: PageHeader, decoder: Decoder) {
  const isOptional = decoder.element.repetition_type === 'OPTIONAL'
  const size = header.uncompressed_page_size
  const second = header.data_page_header_v2
  if (second) {
    const { num_values: rows, encoding, definition_levels_byte_length: length, num_nulls } = second
    const body = bytes.subarray(length)
    return {
      rows,
      encoding,
      levels: isOptional && num_nulls ? bytes.subarray(0, length) : null,
      body: second.is_compressed === false ? body.slice() : inflated(body, size - length, decoder)
    }
  }
  const { num_values: rows, encoding } = header.data_page_header!
  const page = inflated(bytes, size, decoder)
  if (!isOptional) return { rows, encoding, levels: null, body: page }
  const end = 4 + viewOf(page).getUint32(0, true)
  return { rows, encoding, levels: page.subarray(4, end), body: page.subarray(end) }
}

/** A page of its own, which may be changed and given away. */
function inflated(bytes: Uint8Array, size: number, { codec, compressors }: Decoder): Uint8Array {
  const page = decompressPage(bytes, size, codec, compressors)
  return page === bytes ? bytes.slice() : page
}

function presentIn(levels: Uint8Array, rows: number): Uint8Array {
  const present = new Uint8Array(rows)
  readRuns(levels, 1, present, rows)
  return present
}

// A loop: `reduce` takes ten times as long, for each row of each column.
function countPresent(present: Uint8Array): number {
  let count = 0
  for (let row = 0; row < present.length; row++) count += present[row]!
  return count
}

function readPlaces(
  body: Uint8Array,
  rows: number,
  count: number,
  present: Uint8Array | null,
  words: number
): Uint32Array {
  const places = new Uint32Array(rows)
  if (!count) return places
  readRuns(body.subarray(1), body[0]!, places, count)
  // From the end, as a place never moves towards the beginning.
  for (let row = rows - 1, next = count - 1; row >= 0; row--) {
    if (present && !present[row]) places[row] = 0
    else {
      const place = places[next--]! + 1
      if (place > words) throw new Error(`Parquet place ${place} in a dictionary of ${words}`)
      places[row] = place
    }
  }
  return places
}

function readValues(body: Uint8Array, encoding: Encoding, count: number, decoder: Decoder): Stored {
  const { type } = decoder
  if (type === 'BYTE_ARRAY' && encoding === 'PLAIN') return splitTexts(body, count)
  // Without a path hyparquet looks for no levels.
  const header = { num_values: count, encoding } as Parameters<typeof readDataPage>[1]
  const values = count ? readDataPage(body, header, { ...decoder, schemaPath: [] }).dataPage : []
  if (ArrayBuffer.isView(values)) return values as Exclude<Stored, Texts>
  return type === 'BYTE_ARRAY' ? joinBytes(values as Uint8Array[]) : Uint8Array.from(values as number[])
}

/** Texts, each after its length: the lengths are taken out from between them, in place. */
function splitTexts(page: Uint8Array, count: number): Texts {
  const view = viewOf(page)
  const offsets = new Int32Array(count + 1)
  let [at, end] = [0, 0]
  for (let i = 0; i < count; i++) {
    const from = at + 4
    at = from + view.getUint32(at, true)
    if (at > page.length) throw new Error('Parquet texts end too early')
    page.copyWithin(end, from, at)
    end += at - from
    offsets[i + 1] = end
  }
  return { offsets, bytes: page.subarray(0, end) }
}

const viewOf = ({ buffer, byteOffset, length }: Uint8Array) => new DataView(buffer, byteOffset, length)
