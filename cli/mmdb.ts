import { Reader } from 'maxmind'
import type { GeoRecord } from '#lib/enrich/geo.ts'
import type { Source } from './geoip.ts'

type Row = Record<string, unknown>

/**
 * Adds every network of an MMDB. `maxmind` decodes records but lists no networks, so the search tree is walked here
 * (https://maxmind.github.io/MaxMind-DB/): a record of a node is another node, or `nodeCount` for nothing, or, beyond
 * it, a place in the data.
 */
export function readMmdb(file: Buffer, source: Source): void {
  const reader = new Reader<never>(file)
  const { nodeCount, nodeByteSize, searchTreeSize, ipVersion, buildEpoch, databaseType } = reader.metadata
  if (!(searchTreeSize + 16 < file.length)) throw new Error('its search tree does not fit into the file')
  requireSizes(reader)

  const branch = readBranch(file, nodeByteSize)
  const root4 = reader['ipv4StartNodeNumber']
  const ids = new Map<number, number>()
  const address = new Uint8Array(16)
  let steps = 0

  function walk(node: number, depth: number, width: 4 | 16): void {
    if (node === nodeCount) return
    if (width === 16 && depth > 0 && node === root4 && root4 < nodeCount)
      return void addAlias(source, address, depth)
    if (node > nodeCount) return addNetwork(node, depth, width)
    if (depth === width * 8 || ++steps > 4 * nodeCount) throw new Error('its search tree is broken')
    const bit = 128 >> (depth & 7)
    walk(branch(node, 0), depth + 1, width)
    address[depth >> 3]! |= bit
    walk(branch(node, 1), depth + 1, width)
    address[depth >> 3]! &= ~bit
  }

  function addNetwork(pointer: number, depth: number, width: 4 | 16): void {
    let id = ids.get(pointer)
    if (id === undefined) {
      id = source.records.idOf(recordOf(reader['resolveDataPointer'](pointer)))
      ids.set(pointer, id)
    }
    const start = address.subarray(0, width)
    const ranges = width === 4 ? source.v4 : source.v6
    ranges.add(start, lastOf(start, depth), id)
  }

  walk(root4, 0, 4)
  address.fill(0)
  if (ipVersion === 6) walk(0, 0, 16)
  source.built ||= buildEpoch.toISOString().slice(0, 10)
  source.attribution ||= credits.find(([pattern]) => pattern.test(databaseType))?.[1] ?? databaseType
}

const credits: readonly (readonly [RegExp, string])[] = [
  [/^GeoLite2/, 'Includes GeoLite data created by MaxMind (https://www.maxmind.com)'],
  [/^GeoIP2/, 'GeoIP2 data by MaxMind (https://www.maxmind.com), under your licence'],
  [/dbip|DBIP/, 'IP Geolocation by DB-IP (https://db-ip.com), CC BY 4.0']
]

function readBranch(file: Buffer, nodeByteSize: number): (node: number, side: 0 | 1) => number {
  if (nodeByteSize === 6) return (node, side) => file.readUIntBE(node * 6 + side * 3, 3)
  if (nodeByteSize === 8) return (node, side) => file.readUInt32BE(node * 8 + side * 4)
  return (node, side) => {
    const at = node * 7
    const middle = file[at + 3]!
    return side === 0
      ? ((middle & 0xf0) << 20) | file.readUIntBE(at, 3)
      : ((middle & 0x0f) << 24) | file.readUIntBE(at + 4, 3)
  }
}

/** maxmind reads a double of any length as one of 8 bytes; such a file is damaged. */
function requireSizes(reader: Reader<never>): void {
  const decoder = reader['decoder']
  const decode = decoder['decodeByType'].bind(decoder)
  decoder['decodeByType'] = (type: number, offset: number, size: number) => {
    if ((type === 3 && size !== 8) || (type === 15 && size !== 4))
      throw new Error('a number has the wrong length')
    return decode(type, offset, size)
  }
}

/** MaxMind puts the IPv4 tree in other places too: 2002::/16 (6to4), 2001::/32 (Teredo), ::ffff:0:0/96. */
function addAlias(source: Source, address: Uint8Array, depth: number): void {
  if (depth % 8 === 0 && depth < 96)
    source.aliases.add(Buffer.from(address.subarray(0, depth / 8)).toString('hex'))
}

function lastOf(start: Uint8Array, depth: number): Uint8Array {
  const last = start.slice()
  const at = depth >> 3
  if (at < last.length) last[at]! |= 255 >> (depth & 7)
  return last.fill(255, at + 1)
}

/** Flat as ip-location-db has it, nested as MaxMind has it. */
function recordOf(value: unknown): GeoRecord {
  const row = asRow(value)
  const traits = 'traits' in row ? asRow(row.traits) : row
  const [subdivision] = Array.isArray(row.subdivisions) ? (row.subdivisions as unknown[]) : []
  return {
    country: asText(row.country_code) ?? asText(asRow(row.country).iso_code),
    region: asText(row.state1) ?? englishName(subdivision),
    city: asText(row.city) ?? englishName(row.city),
    asn: asNumber(traits.autonomous_system_number),
    as_org: asText(traits.autonomous_system_organization)
  }
}

function englishName(value: unknown): string | null {
  return asText(asRow(asRow(value).names).en)
}

function asRow(value: unknown): Row {
  return typeof value === 'object' && value !== null ? (value as Row) : {}
}

function asText(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

function asNumber(value: unknown): number | null {
  return typeof value === 'number' ? value : null
}
