import type { ColumnChunk, SchemaElement } from 'hyparquet'
import { ByteWriter } from 'hyparquet-writer'
import { writePageHeader } from 'hyparquet-writer/src/datapage.js'
import { writeRleBitPackedHybrid } from 'hyparquet-writer/src/encoding.js'
import { writePlain } from 'hyparquet-writer/src/plain.js'
import { unconvert } from 'hyparquet-writer/src/unconvert.js'
import type { Values } from './parquet.ts'

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
  values: Values,
  compress: Compress
): ColumnChunk {
  const start = writer.offset
  const isRequired = element.repetition_type === 'REQUIRED'
  const present = values.filter((value) => value !== null) as Value[]
  if (isRequired && present.length < values.length)
    throw new Error(`column ${element.name} is required but has ${values.length - present.length} nulls`)
  const distinct = [...new Set(present)].sort(ascending)
  const { dictionary, data } = spell(element, present, distinct, compress)
  const levels = isRequired ? new Uint8Array() : levelsOf(values)
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
    uncompressed_page_size: levels.length + data.size,
    compressed_page_size: levels.length + data.compressed.length,
    data_page_header_v2: {
      num_values: values.length,
      num_nulls: values.length - present.length,
      num_rows: values.length,
      encoding: dictionary ? 'RLE_DICTIONARY' : 'PLAIN',
      definition_levels_byte_length: levels.length,
      repetition_levels_byte_length: 0,
      is_compressed: true
    }
  })
  size += writer.offset - dataOffset + levels.length + data.size
  writer.appendBytes(levels)
  writer.appendBytes(data.compressed)
  return {
    file_offset: BigInt(start),
    meta_data: {
      type: element.type!,
      encodings: dictionary ? ['PLAIN', 'RLE_DICTIONARY'] : ['PLAIN'],
      path_in_schema: [element.name],
      codec: 'ZSTD',
      num_values: BigInt(values.length),
      total_uncompressed_size: BigInt(size),
      total_compressed_size: BigInt(writer.offset - start),
      data_page_offset: BigInt(dataOffset),
      dictionary_page_offset: dictionary ? BigInt(dictionaryOffset) : undefined,
      statistics: statisticsOf(element, distinct, values.length - present.length)
    }
  }
}

function spell(element: SchemaElement, present: Value[], distinct: Value[], compress: Compress): Spelling {
  const plain = (): Spelling => ({ dictionary: null, data: page(plainly(element, present), compress) })
  const share = distinct.length / present.length
  if (!(share <= mostDistinct)) return plain()
  const byDictionary = spellByDictionary(element, present, distinct, compress)
  if (element.type !== 'INT64' || share < trialFrom) return byDictionary
  const asItIs = plain()
  const { dictionary, data } = byDictionary
  return asItIs.data.compressed.length < dictionary!.compressed.length + data.compressed.length
    ? asItIs
    : byDictionary
}

function spellByDictionary(
  element: SchemaElement,
  present: Value[],
  distinct: Value[],
  compress: Compress
): Spelling {
  const places = new Map(distinct.map((value, place) => [value, place]))
  const indexes = present.map((value) => places.get(value)!)
  const least = Math.ceil(Math.log2(distinct.length))
  const width = least <= 3 ? least : Math.ceil(least / 8) * 8
  const bytes = new ByteWriter()
  bytes.appendUint8(width)
  writeRleBitPackedHybrid(bytes, indexes, width)
  return {
    dictionary: { values: distinct.length, ...page(plainly(element, distinct), compress) },
    data: page(bytes.getBytes(), compress)
  }
}

function plainly(element: SchemaElement, values: Value[]): Uint8Array {
  const bytes = new ByteWriter()
  const isText = element.type === 'BYTE_ARRAY'
  writePlain(bytes, isText ? values : unconvert(element, values), element.type!, undefined)
  return bytes.getBytes()
}

const page = (bytes: Uint8Array, compress: Compress): Page => ({
  size: bytes.length,
  compressed: compress(bytes)
})

function levelsOf(values: Values): Uint8Array {
  const bytes = new ByteWriter()
  writeRleBitPackedHybrid(
    bytes,
    values.map((value) => (value === null ? 0 : 1)),
    1
  )
  return bytes.getBytes()
}

const ascending = (a: Value, b: Value) => (a < b ? -1 : a > b ? 1 : 0)

/** Least and greatest strings prune little and cost bytes: only numbers have them. */
function statisticsOf({ type }: SchemaElement, distinct: Value[], nulls: number) {
  if (type === 'BYTE_ARRAY') return undefined
  return { min_value: distinct[0], max_value: distinct.at(-1), null_count: BigInt(nulls) }
}
