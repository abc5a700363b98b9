/**
 * A range index: for every address of IPv4 and IPv6 the number of a record, in one file of our own.
 *
 *     magic "LGEO", version, 3 × 0, u32 length of the header
 *     header       JSON, see `Header`
 *     record ends  u32 for each record
 *     records      country, region, city, asn, as_org, joined by tabs, UTF-8
 *     v4, v6       first keys of the blocks (4 or 16 bytes each), u32 offset of each block, blocks
 *
 * A family is a sorted list of keys, the first of which is zero; a range reaches to the next key, neighbours with the
 * same record are one, record 0 is "nothing known", and the others are numbered by how often they occur. A block holds
 * 64 ranges: the record of the first, then for each a byte (high half: how many bytes it shares with the key before,
 * low half: how many follow, less one), those bytes (zeros at the end are left out), and its record as a varint.
 * So a lookup compares each byte of an address about once, inflates nothing and keeps nothing but the file.
 * Numbers are little-endian, keys in network order.
 */
import { isReserved, readAddress } from './address.ts'

export const magic = 'LGEO'
export const version = 1
export const prefixLength = 12
export const rangesPerBlock = 64

/** What a database says of a network. Each file fills what it has: a country, a city, a network's operator. */
export interface GeoRecord {
  readonly country: string | null
  readonly region: string | null
  readonly city: string | null
  readonly asn: number | null
  readonly as_org: string | null
}

export interface FamilyHeader {
  readonly ranges: number
  readonly blocks: number
  /** Length of the blocks without their keys and offsets. */
  readonly bytes: number
}

export interface Header {
  readonly kind: 'country' | 'city' | 'network'
  /** Day the database was made, as YYYY-MM-DD. */
  readonly built: string
  /** What its licence asks to be shown. */
  readonly attribution: string
  /** Prefixes in hexadecimal behind which an IPv4 address follows, such as 2002 (6to4). */
  readonly aliases: readonly string[]
  readonly records: number
  readonly recordBytes: number
  readonly v4: FamilyHeader
  readonly v6: FamilyHeader
}

export interface RangeIndex {
  readonly kind: Header['kind']
  readonly built: string
  readonly attribution: string
  /** The record of an address; null for what is no address, reserved or unknown. */
  lookup(ip: string): GeoRecord | null
}

const cachedRecords = 8_192

/** Opens a file that `loggia geoip` has made. Keeps `bytes`; throws when they are something else or cut short. */
export function openRanges(bytes: Uint8Array): RangeIndex {
  const header = readHeader(bytes)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const recordsAt = prefixLength + view.getUint32(8, true)
  const v4At = recordsAt + 4 * header.records + header.recordBytes
  const v6At = v4At + familyLength(header.v4, 4)
  if (v6At + familyLength(header.v6, 16) !== bytes.length) throw new Error('geo index: cut short')

  const readRecord = openRecords(bytes, view, recordsAt, header.records)
  const find4 = openFamily(bytes, view, v4At, 4, header.v4)
  const find6 = openFamily(bytes, view, v6At, 16, header.v6)
  const aliases = header.aliases.map(fromHex)
  const address = new Uint8Array(16)

  return {
    kind: header.kind,
    built: header.built,
    attribution: header.attribution,
    lookup(ip) {
      let width = readAddress(ip, address)
      if (width === 16 && unwrap(address, aliases)) width = 4
      if (width === 0 || isReserved(address, width)) return null
      return readRecord(width === 4 ? find4(address) : find6(address))
    }
  }
}

function readHeader(bytes: Uint8Array): Header {
  const text = new TextDecoder()
  if (bytes.length < prefixLength || text.decode(bytes.subarray(0, 4)) !== magic)
    throw new Error('geo index: not a file of ours; `loggia geoip` makes one from MMDB or CSV')
  if (bytes[4] !== version) throw new Error(`geo index: version ${bytes[4]}, this reads ${version}`)
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(8, true)
  if (prefixLength + length > bytes.length) throw new Error('geo index: cut short')
  try {
    return JSON.parse(text.decode(bytes.subarray(prefixLength, prefixLength + length))) as Header
  } catch {
    throw new Error('geo index: its header is damaged')
  }
}

function familyLength(family: FamilyHeader, width: number): number {
  return family.blocks * (width + 4) + family.bytes
}

type ReadRecord = (id: number) => GeoRecord | null

function openRecords(bytes: Uint8Array, view: DataView, at: number, count: number): ReadRecord {
  const text = new TextDecoder()
  const first = at + 4 * count
  const cache = new Map<number, GeoRecord>()
  return (id) => {
    if (id === 0 || id > count) return null
    const cached = cache.get(id)
    if (cached) return cached
    const start = id === 1 ? 0 : view.getUint32(at + 4 * (id - 2), true)
    const end = view.getUint32(at + 4 * (id - 1), true)
    const record = parseRecord(text.decode(bytes.subarray(first + start, first + end)))
    if (cache.size >= cachedRecords) cache.clear()
    cache.set(id, record)
    return record
  }
}

function parseRecord(text: string): GeoRecord {
  const [country, region, city, asn, as_org] = text.split('\t')
  return {
    country: country || null,
    region: region || null,
    city: city || null,
    asn: asn ? Number(asn) : null,
    as_org: as_org || null
  }
}

type Find = (address: Uint8Array) => number

function openFamily(
  bytes: Uint8Array,
  view: DataView,
  at: number,
  width: 4 | 16,
  family: FamilyHeader
): Find {
  const { ranges, blocks } = family
  const offsetsAt = at + blocks * width
  const dataAt = offsetsAt + blocks * 4

  function lastBlock(address: Uint8Array): number {
    let low = 0
    let high = blocks - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (isAfter(at + middle * width, address)) high = middle - 1
      else low = middle
    }
    return low
  }

  function isAfter(key: number, address: Uint8Array): boolean {
    for (let k = 0; k < width; k++) {
      const difference = bytes[key + k]! - address[k]!
      if (difference !== 0) return difference > 0
    }
    return false
  }

  /** `same` is how many bytes of the address the last key at or before it shares with it. */
  return (address) => {
    if (blocks === 0) return 0
    const block = lastBlock(address)
    let same = 0
    while (same < width && bytes[at + block * width + same] === address[same]) same++
    let cursor = dataAt + view.getUint32(offsetsAt + 4 * block, true)
    let idAt = cursor
    for (let left = Math.min(rangesPerBlock, ranges - block * rangesPerBlock) - 1; left > 0; left--) {
      while (bytes[cursor++]! > 127);
      const head = bytes[cursor++]!
      const shared = head >> 4
      const fresh = (head & 15) + 1
      if (shared < same) break
      if (shared === same) {
        let k = 0
        while (k < fresh && bytes[cursor + k] === address[shared + k]) k++
        if (k < fresh && bytes[cursor + k]! > address[shared + k]!) break
        same = shared + k
        if (k === fresh) while (same < width && address[same] === 0) same++
      }
      cursor += fresh
      idAt = cursor
    }
    return readVarint(bytes, idAt)
  }
}

function readVarint(bytes: Uint8Array, at: number): number {
  let value = 0
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++]!
    value |= (byte & 127) << shift
    if (byte < 128 || shift > 21) return value
  }
}

function unwrap(address: Uint8Array, aliases: readonly Uint8Array[]): boolean {
  for (const alias of aliases) {
    let k = 0
    while (k < alias.length && address[k] === alias[k]) k++
    if (k < alias.length) continue
    address.copyWithin(0, k, k + 4)
    return true
  }
  return false
}

function fromHex(text: string): Uint8Array {
  return Uint8Array.from({ length: text.length / 2 }, (_, at) => parseInt(text.slice(2 * at, 2 * at + 2), 16))
}
