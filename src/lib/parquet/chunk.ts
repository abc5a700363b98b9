import type { SqlType } from '#lib/schema/hit.ts'
import { parquetHeader } from 'hyparquet/src/column.js'
import { countOf, type Numbers, type ReadColumn, type Texts } from '#lib/engine/columns.ts'
import { readDictionary, readPage, type Decoder, type Page } from './page.ts'
import { ours } from './stored.ts'
import { emptyLike, joinWords, withoutRepeats } from '#lib/engine/words.ts'

/** One column of one row group, from the bytes of its chunk. */
export function readChunk(bytes: Uint8Array, decoder: Decoder, type: SqlType, rows: number): ReadColumn {
  const { dictionary, pages } = readPages(bytes, decoder, type, rows)
  const known = sum(pages.map((page) => page.rows))
  if (known !== rows) throw new Error(`column ${decoder.element.name} has ${known} rows of ${rows}`)
  const hasPlaces = pages.some(({ places }) => places)
  if (type === 'VARCHAR' || hasPlaces) return joinPlaces(dictionary, pages, rows)
  return joinValues(pages, rows, dictionary as Numbers)
}

type Read = { rows: number; present: Uint8Array | null } & (
  { values: Texts | Numbers; places: null } | { values: null; places: Uint32Array }
)

function readPages(bytes: Uint8Array, decoder: Decoder, type: SqlType, rows: number) {
  const convert = (page: Page): Read =>
    page.places ? page : { ...page, values: ours(page.values, decoder.element, type) }
  const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length), offset: 0 }
  const pages: Read[] = []
  let dictionary = ours(new Uint8Array(), decoder.element, type)
  for (let seen = 0; seen < rows && reader.offset < bytes.length;) {
    const header = parquetHeader(reader)
    const page = bytes.subarray(reader.offset, (reader.offset += header.compressed_page_size))
    if (header.type === 'DICTIONARY_PAGE')
      dictionary = ours(readDictionary(page, header, decoder), decoder.element, type)
    else if (header.type !== 'INDEX_PAGE') {
      pages.push(convert(readPage(page, header, decoder, countOf(dictionary))))
      seen += pages.at(-1)!.rows
    }
  }
  return { dictionary, pages }
}

/** A writer that finds its dictionary too large spells the pages that follow: their values become words as well. */
function joinPlaces(dictionary: Texts | Numbers, pages: readonly Read[], rows: number): ReadColumn {
  const [first] = pages
  if (pages.length === 1 && first!.places) return { words: dictionary, places: first!.places }
  const words = [dictionary]
  const places = new Uint32Array(rows)
  let [row, next] = [0, countOf(dictionary)]
  for (const page of pages) {
    if (page.places) places.set(page.places, row)
    else {
      for (let i = 0; i < page.rows; i++) if (!page.present || page.present[i]) places[row + i] = ++next
      words.push(page.values)
    }
    row += page.rows
  }
  // Pages that spell their values say a word as often as rows have it.
  const { words: once, places: now } = withoutRepeats(joinWords(words))
  return { words: once, places: places.map((place) => (place ? now[place - 1]! : 0)) }
}

function joinValues(pages: readonly Read[], rows: number, none: Numbers): ReadColumn {
  const [first] = pages
  if (pages.length === 1 && !first!.present) return { values: first!.values as Numbers, present: null }
  const values = emptyLike(none, rows)
  const present = new Uint8Array(rows).fill(1)
  let row = 0
  for (const page of pages) {
    spread(page.values as Numbers, page.present, values.subarray(row, row + page.rows))
    if (page.present) present.set(page.present, row)
    row += page.rows
  }
  return { values, present: pages.some((page) => page.present) ? present : null }
}

function spread(values: Numbers, present: Uint8Array | null, into: Numbers): void {
  for (let row = 0, next = 0; row < into.length; row++)
    if (!present || present[row]) into[row] = values[next++]!
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)
