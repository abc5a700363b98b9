import { magic, prefixLength, rangesPerBlock, version } from '#lib/enrich/geo.ts'
import type { FamilyHeader, GeoRecord, Header } from '#lib/enrich/geo.ts'

type Width = 4 | 16

/** Ranges of one family, added in order; neighbours with the same record become one. */
export class Ranges {
  readonly width: Width
  count = 0
  #keys: Uint8Array
  #ids: Uint32Array
  /** First address after the last range; null when that was the end of the addresses. */
  #next: Uint8Array | null

  constructor(width: Width) {
    this.width = width
    this.#keys = new Uint8Array(width * 4_096)
    this.#ids = new Uint32Array(4_096)
    this.#next = new Uint8Array(width)
  }

  /**
   * Adds the range of addresses from `start` to `end`, both included, in network order. It may begin within the one
   * before, which is cut there: `asn-ipv4.csv` of 2026-06-17 has such a pair (215.0.0.0).
   */
  add(start: Uint8Array, end: Uint8Array, id: number): void {
    const next = this.#next
    const order = next === null ? -1 : compare(start, next)
    const isCut =
      next !== null && order < 0 && compare(start, this.key(this.count - 1)) > 0 && compare(end, next) >= 0
    if ((order < 0 && !isCut) || compare(end, start) < 0)
      throw new Error(`${start.join('.')} to ${end.join('.')} is out of order`)
    if (order > 0) this.#push(next!, 0)
    this.#push(start, id)
    this.#next = successor(end)
  }

  /** Ends the list: what follows the last range belongs to no record. */
  close(): void {
    if (this.#next !== null) this.#push(this.#next, 0)
    this.#next = null
  }

  key(at: number): Uint8Array {
    return this.#keys.subarray(at * this.width, (at + 1) * this.width)
  }

  id(at: number): number {
    return this.#ids[at]!
  }

  #push(key: Uint8Array, id: number): void {
    if (this.count > 0 && this.#ids[this.count - 1] === id) return
    if (this.count === this.#ids.length) this.#grow()
    this.#keys.set(key, this.count * this.width)
    this.#ids[this.count++] = id
  }

  #grow(): void {
    const keys = new Uint8Array(this.#keys.length * 2)
    const ids = new Uint32Array(this.#ids.length * 2)
    keys.set(this.#keys)
    ids.set(this.#ids)
    this.#keys = keys
    this.#ids = ids
  }
}

/** Gives each different record a number, from 1. */
export class Records {
  readonly texts: string[] = []
  #ids = new Map<string, number>()

  idOf(record: GeoRecord): number {
    const { country, region, city, asn, as_org } = record
    const text = [country, region, city, asn, as_org].map(plain).join('\t')
    let id = this.#ids.get(text)
    if (id === undefined) {
      id = text === '\t\t\t\t' ? 0 : this.texts.push(text)
      this.#ids.set(text, id)
    }
    return id
  }
}

export type About = Pick<Header, 'kind' | 'built' | 'attribution'> & Partial<Pick<Header, 'aliases'>>

/** The file that `openRanges` opens. */
export function encodeRanges(about: About, records: Records, v4: Ranges, v6: Ranges): Uint8Array {
  v4.close()
  v6.close()
  const order = byFrequency(records.texts.length, [v4, v6])
  const ranks = new Uint32Array(records.texts.length + 1)
  order.forEach((id, at) => (ranks[id] = at + 1))

  const table = encodeRecords(order.map((id) => records.texts[id - 1]!))
  const families = [encodeFamily(v4, ranks), encodeFamily(v6, ranks)] as const
  const header: Header = {
    kind: about.kind,
    built: about.built,
    attribution: about.attribution,
    aliases: about.aliases ?? [],
    records: order.length,
    recordBytes: table.length - 4 * order.length,
    v4: families[0].header,
    v6: families[1].header
  }
  return concat([...prologue(header), table, ...families[0].sections, ...families[1].sections])
}

function prologue(header: Header): Uint8Array[] {
  const json = new TextEncoder().encode(JSON.stringify(header))
  const prefix = new Uint8Array(prefixLength)
  prefix.set(new TextEncoder().encode(magic))
  prefix[4] = version
  new DataView(prefix.buffer).setUint32(8, json.length, true)
  return [prefix, json]
}

function byFrequency(count: number, families: readonly Ranges[]): number[] {
  const uses = new Uint32Array(count + 1)
  for (const ranges of families) for (let at = 0; at < ranges.count; at++) uses[ranges.id(at)]!++
  const ids = Array.from({ length: count }, (_, at) => at + 1)
  return ids.sort((a, b) => uses[b]! - uses[a]! || a - b)
}

function encodeRecords(texts: readonly string[]): Uint8Array {
  const encoded = texts.map((text) => new TextEncoder().encode(text))
  const ends = new Uint8Array(4 * texts.length)
  const view = new DataView(ends.buffer)
  let end = 0
  encoded.forEach((text, at) => view.setUint32(4 * at, (end += text.length), true))
  return concat([ends, ...encoded])
}

function encodeFamily(ranges: Ranges, ranks: Uint32Array): { header: FamilyHeader; sections: Uint8Array[] } {
  const { width, count } = ranges
  const blocks = Math.ceil(count / rangesPerBlock)
  const keys = new Uint8Array(blocks * width)
  const offsets = new DataView(new ArrayBuffer(blocks * 4))
  const data = new Uint8Array(count * (width + 6))
  let at = 0
  for (let range = 0; range < count; range++) {
    const key = ranges.key(range)
    if (range % rangesPerBlock === 0) {
      keys.set(key, (range / rangesPerBlock) * width)
      offsets.setUint32((range / rangesPerBlock) * 4, at, true)
    } else at = writeKey(data, at, ranges.key(range - 1), key)
    at = writeVarint(data, at, ranks[ranges.id(range)]!)
  }
  const bytes = data.subarray(0, at)
  return {
    header: { ranges: count, blocks, bytes: at },
    sections: [keys, new Uint8Array(offsets.buffer), bytes]
  }
}

function writeKey(data: Uint8Array, at: number, before: Uint8Array, key: Uint8Array): number {
  let shared = 0
  while (key[shared] === before[shared]) shared++
  let end = key.length
  while (key[end - 1] === 0) end--
  data[at++] = (shared << 4) | (end - shared - 1)
  for (let k = shared; k < end; k++) data[at++] = key[k]!
  return at
}

function writeVarint(data: Uint8Array, at: number, value: number): number {
  for (; value > 127; value >>>= 7) data[at++] = (value & 127) | 128
  data[at++] = value
  return at
}

function compare(a: Uint8Array, b: Uint8Array): number {
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return a[at]! - b[at]!
  return 0
}

function successor(address: Uint8Array): Uint8Array | null {
  const next = address.slice()
  for (let at = next.length - 1; at >= 0; at--) if (++next[at]! < 256) return next
  return null
}

function plain(value: string | number | null): string {
  return value === null ? '' : String(value).replace(/\s+/g, ' ').trim()
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
