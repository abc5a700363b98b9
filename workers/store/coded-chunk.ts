import { parquetHeader, readPage } from 'hyparquet/src/column.js'
import { convert } from 'hyparquet/src/convert.js'
import { readDataPageV2 } from 'hyparquet/src/datapage.js'
import type { Coded } from './coded.ts'

type Decoder = Parameters<typeof readPage>[2]

/**
 * A chunk of a dictionary and one page of places in it, as `writeChunk` makes them; null when it is made otherwise.
 * hyparquet would put a word in the place of each.
 */
export function readCoded(bytes: ArrayBuffer, decoder: Decoder, rows: number): Coded | null {
  const reader = { view: new DataView(bytes), offset: 0 }
  const dictionary = readPage(reader, parquetHeader(reader), decoder, undefined, undefined, 0).data!
  const header = parquetHeader(reader)
  const { num_values, encoding } = header.data_page_header_v2 ?? {}
  if (num_values !== rows || encoding !== 'RLE_DICTIONARY') return null
  const page = new Uint8Array(bytes, reader.offset, header.compressed_page_size)
  const { definitionLevels, dataPage } = readDataPageV2(page, header, decoder)
  const places = new Uint32Array(rows)
  for (let row = 0, present = 0; row < rows; row++)
    if (!definitionLevels || definitionLevels[row]) places[row] = (dataPage[present++] as number) + 1
  return { words: [null, ...(convert(dictionary, decoder) as unknown[])], places }
}
