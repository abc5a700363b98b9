import type { ColumnChunk, SchemaElement } from 'hyparquet'
import { ByteWriter } from 'hyparquet-writer'
import { writePageHeader } from 'hyparquet-writer/src/datapage.js'
import { writeRleBitPackedHybrid } from 'hyparquet-writer/src/encoding.js'
import { writePlain } from 'hyparquet-writer/src/plain.js'
import { unconvert } from 'hyparquet-writer/src/unconvert.js'
import { code, decode, isCoded, type Coded, type Column } from './coded.ts'

const utf8 = new TextEncoder()

type Value = string | number | bigint
type Compress = (bytes: Uint8Array) => Uint8Array

interface Page {
  size: number
  compressed: Uint8Array
}

/** How the values of a chunk are spelled: plainly, or as places in a dictionary. */
interface Spelling {
  dictionary: (Page & { values: number }) | null
  data: Page
}

/** More values than this share of all that differ: a dictionary cannot pay. */
const mostDistinct = 0.8
/** Numbers that seldom repeat are tried both ways: zstd finds a repeated number by itself. */
const trialFrom = 1 / 32

/**
 * Writes the values of one column in one row group as one page, behind a dictionary where that is smaller.
 *
 * The dictionary is sorted, so that neighbours share prefixes, and its places take whole bytes: zstd then sees places
 * that repeat and codes the frequent ones short, which it cannot across the bits of packed ones. Together with a
 * higher level that is a quarter off a part.
 */
export function writeChunk(
  writer: ByteWriter,
  element: SchemaElement,
  column: Column,
  compress: Compress
): ColumnChunk {
  const start = writer.offset
  const isRequired = element.repetition_type === 'REQUIRED'
  const coded = isCoded(column) ? column : code(column)
  // Least and greatest strings prune little and cost bytes: only numbers have them.
  const isText = element.type === 'BYTE_ARRAY'
  const { distinct, places, levels } = split(coded, !isText)
  const [rows, nulls] = [levels.length, levels.length - places.length]
  if (isRequired && nulls) throw new Error(`column ${element.name} is required but has ${nulls} nulls`)
  const { dictionary, data } = spell(element, distinct, places, compress)
  const present = isRequired ? new Uint8Array() : pack(levels, 1)
  let size = 0
  const dictionaryOffset = writer.offset
  if (dictionary) {
    writePageHeader(writer, {
      type: 'DICTIONARY_PAGE',
      uncompressed_page_size: dictionary.size,
      compressed_page_size: dictionary.compressed.length,
      dictionary_page_header: { num_values: dictionary.values, encoding: 'PLAIN' }
    })
    size += writer.offset - dictionaryOffset + dictionary.size
    writer.appendBytes(dictionary.compressed)
  }
  const dataOffset = writer.offset
  writePageHeader(writer, {
    type: 'DATA_PAGE_V2',
    uncompressed_page_size: present.length + data.size,
    compressed_page_size: present.length + data.compressed.length,
    data_page_header_v2: {
      num_values: rows,
      num_nulls: nulls,
      num_rows: rows,
      encoding: dictionary ? 'RLE_DICTIONARY' : 'PLAIN',
      definition_levels_byte_length: present.length,
      repetition_levels_byte_length: 0,
      is_compressed: true
    }
  })
  size += writer.offset - dataOffset + present.length + data.size
  writer.appendBytes(present)
  writer.appendBytes(data.compressed)
  return {
    file_offset: BigInt(start),
    meta_data: {
      type: element.type!,
      encodings: dictionary ? ['PLAIN', 'RLE_DICTIONARY'] : ['PLAIN'],
      path_in_schema: [element.name],
      codec: 'ZSTD',
      num_values: BigInt(rows),
      total_uncompressed_size: BigInt(size),
      total_compressed_size: BigInt(writer.offset - start),
      data_page_offset: BigInt(dataOffset),
      dictionary_page_offset: dictionary ? BigInt(dictionaryOffset) : undefined,
      statistics: isText
        ? undefined
        : { min_value: distinct[0], max_value: distinct.at(-1), null_count: BigInt(nulls) }
    }
  }
}

/**
 * A column as the words that are there, the places of those in the rows that have one, and 1 for each that has. Words
 * are sorted where they may become a dictionary, and where asked for.
 */
function split({ words, places }: Coded, sorts: boolean) {
  const order = words.flatMap((word, place) => (word === null ? [] : place))
  if (sorts || order.length <= places.length * mostDistinct)
    order.sort((a, b) => ascending(words[a] as Value, words[b] as Value))
  const ranks = new Int32Array(words.length).fill(-1)
  for (const [rank, place] of order.entries()) ranks[place] = rank
  const ranked = new Int32Array(places.length)
  const levels = new Uint8Array(places.length)
  let present = 0
  // Loops, here and in `coded.ts`: `from` goes through an iterator, which takes ten times as long.
  for (let row = 0; row < places.length; row++) {
    const rank = ranks[places[row]!]!
    if (rank < 0) continue
    levels[row] = 1
    ranked[present++] = rank
  }
  const distinct = order.map((place) => words[place] as Value)
  return { distinct, places: ranked.subarray(0, present), levels }
}

function spell(element: SchemaElement, distinct: Value[], places: Int32Array, compress: Compress): Spelling {
  const plain = (): Spelling => {
    const values = decode({ words: distinct, places }) as Value[]
    return { dictionary: null, data: page(plainly(element, values), compress) }
  }
  const share = distinct.length / places.length
  if (!(share <= mostDistinct)) return plain()
  const byDictionary = spellByDictionary(element, distinct, places, compress)
  if (element.type !== 'INT64' || share < trialFrom) return byDictionary
  const asItIs = plain()
  const { dictionary, data } = byDictionary
  return asItIs.data.compressed.length < dictionary!.compressed.length + data.compressed.length
    ? asItIs
    : byDictionary
}

function spellByDictionary(
  element: SchemaElement,
  distinct: Value[],
  places: Int32Array,
  compress: Compress
): Spelling {
  const least = Math.ceil(Math.log2(distinct.length))
  const width = least <= 3 ? least : Math.ceil(least / 8) * 8
  const packed = pack(places, width)
  const bytes = new Uint8Array(packed.length + 1)
  bytes[0] = width
  bytes.set(packed, 1)
  return {
    dictionary: { values: distinct.length, ...page(plainly(element, distinct), compress) },
    data: page(bytes, compress)
  }
}

/** Numbers of `width` bits each. */
function pack(numbers: Int32Array | Uint8Array, width: number): Uint8Array {
  const bytes = new ByteWriter(Math.ceil((numbers.length * width) / 8) + 64)
  writeRleBitPackedHybrid(bytes, numbers as unknown as number[], width)
  return bytes.getBytes()
}

function plainly(element: SchemaElement, values: Value[]): Uint8Array {
  if (element.type === 'BYTE_ARRAY') return spellTexts(values as string[])
  const bytes = new ByteWriter(values.length * 8)
  writePlain(bytes, unconvert(element, values), element.type!, undefined)
  return bytes.getBytes()
}

/** Texts in UTF-8, each after its length. There is room for texts of ASCII; others may need more. */
function spellTexts(texts: readonly string[]): Uint8Array {
  let [room, longest] = [0, 0]
  for (const { length } of texts) {
    room += length + 4
    longest = Math.max(longest, length)
  }
  let bytes = new Uint8Array(room + 2 * longest)
  let view = new DataView(bytes.buffer)
  let at = 0
  for (const text of texts) {
    // A character takes three bytes at most.
    const end = at + 4 + 3 * text.length
    if (end > bytes.length) {
      const more = new Uint8Array(Math.max(end, 2 * bytes.length))
      more.set(bytes)
      bytes = more
      view = new DataView(bytes.buffer)
    }
    const { written } = utf8.encodeInto(text, bytes.subarray(at + 4))
    view.setUint32(at, written, true)
    at += 4 + written
  }
  return bytes.subarray(0, at)
}

const page = (bytes: Uint8Array, compress: Compress): Page => ({
  size: bytes.length,
  compressed: compress(bytes)
})

const ascending = (a: Value, b: Value) => (a < b ? -1 : a > b ? 1 : 0)
