import type { Fields } from './fields.ts'
import { TooMany, type Limits } from './limits.ts'

/** No record nests so deep, and the reader calls itself. */
const deepest = 64

/** The value at the cursor ends early, is no MessagePack, or nests too deep. */
export class Unreadable {
  readonly isDeep: boolean

  constructor(isDeep: boolean) {
    this.isDeep = isDeep
  }
}

/** What a value's first byte says: how many bytes follow, and how many values. */
interface Head {
  kind: 'value' | 'text' | 'ext' | 'list' | 'map'
  /** Of a text its bytes, of a list its values, of a map its pairs. */
  size: number
  /** The value, where the first byte holds it. */
  value?: unknown
}

/** Where the events lie that Fluentd packs as bytes, and the options that follow them. */
export interface Packed {
  from: number
  to: number
  option: unknown
}

/** Entries are lists, or a stream of gzip: no text begins so. */
const isEntries = ([first = 0, second = 0]: Uint8Array) =>
  (first >= 0x90 && first < 0xa0) || first === 0xdc || first === 0xdd || (first === 0x1f && second === 0x8b)

/** What the limits are about. */
interface Counts {
  values: number
  names: Set<string>
}

export class Cursor {
  at = 0
  /** Behind the last byte to read. */
  end: number
  /** Within packed events, which hold no others. */
  isPacked = false
  hasTwins = false
  isDamaged = false
  readonly body: Uint8Array
  readonly #view: DataView
  readonly #limits: Limits
  readonly #counts: Counts

  constructor(body: Uint8Array, limits: Limits, counts: Counts = { values: 0, names: new Set() }) {
    this.body = body
    this.end = body.length
    this.#view = new DataView(body.buffer, body.byteOffset, body.byteLength)
    this.#limits = limits
    this.#counts = counts
  }

  /** A cursor for packed events that were compressed; their values and names count toward the limits of the body. */
  inside(bytes: Uint8Array): Cursor {
    const cursor = new Cursor(bytes, this.#limits, this.#counts)
    cursor.isPacked = true
    return cursor
  }

  read(depth: number): unknown {
    if (++this.#counts.values > this.#limits.values) throw new TooMany('values', this.#limits.values)
    const head = this.#head()
    if (head.kind === 'value') return head.value
    if (head.kind === 'text') return this.#text(head.size)
    if (head.kind === 'ext') return this.#ext(head.size)
    if (depth === deepest) throw new Unreadable(true)
    return head.kind === 'list' ? this.#list(head.size, depth + 1) : this.#map(head.size, depth + 1)
  }

  /** Reads `[tag, bytes, option]`; null, and nothing is read, if the next value is another. */
  takePacked(): Packed | null {
    const start = this.at
    const list = this.#head()
    const isMessage = !this.isPacked && list.kind === 'list' && (list.size === 2 || list.size === 3)
    const tag = isMessage ? this.#head() : null
    if (tag?.kind === 'text') {
      this.#take(tag.size)
      const { kind, size } = this.#head()
      if (kind === 'text' && isEntries(this.body.subarray(this.at, this.at + size))) {
        const from = this.#take(size)
        return { from, to: from + size, option: list.size === 3 ? this.read(1) : undefined }
      }
    }
    this.at = start
    return null
  }

  /** Moves behind the value at `start`, however deep it nests. */
  skip(start: number): void {
    this.at = start
    try {
      for (let left = 1; left > 0; left--) {
        const { kind, size } = this.#head()
        if (kind === 'text') this.#take(size)
        else if (kind === 'ext') this.#take(size + 1)
        else if (kind !== 'value') left += kind === 'list' ? size : 2 * size
      }
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error
      this.at = this.end
    }
  }

  #list(size: number, depth: number): unknown[] {
    const list: unknown[] = []
    for (let i = 0; i < size; i++) list.push(this.read(depth))
    return list
  }

  #map(size: number, depth: number): Fields {
    const map: Fields = {}
    for (let i = 0; i < size; i++) {
      const name = String(this.read(depth))
      this.#note(name)
      if (Object.hasOwn(map, name)) this.hasTwins = true
      const value = this.read(depth)
      if (name !== '__proto__') map[name] = value
      else Object.defineProperty(map, name, { value, enumerable: true, configurable: true, writable: true })
    }
    return map
  }

  #note(name: string): void {
    const { names } = this.#counts
    if (names.has(name)) return
    if (names.size === this.#limits.names) throw new TooMany('names', this.#limits.names)
    names.add(name)
  }

  #head(): Head {
    const byte = this.body[this.#take(1)]!
    if (byte < 0x80) return { kind: 'value', size: 0, value: byte }
    if (byte < 0x90) return { kind: 'map', size: byte & 15 }
    if (byte < 0xa0) return { kind: 'list', size: byte & 15 }
    if (byte < 0xc0) return { kind: 'text', size: byte & 31 }
    if (byte >= 0xe0) return { kind: 'value', size: 0, value: byte - 256 }
    const view = this.#view
    const value = (value: unknown): Head => ({ kind: 'value', size: 0, value })
    switch (byte) {
      case 0xc0:
        return value(null)
      case 0xc2:
      case 0xc3:
        return value(byte === 0xc3)
      case 0xc4:
      case 0xc5:
      case 0xc6:
        return { kind: 'text', size: this.#size(byte - 0xc4) }
      case 0xc7:
      case 0xc8:
      case 0xc9:
        return { kind: 'ext', size: this.#size(byte - 0xc7) }
      case 0xca:
        return value(view.getFloat32(this.#take(4)))
      case 0xcb:
        return value(view.getFloat64(this.#take(8)))
      case 0xcc:
      case 0xcd:
      case 0xce:
        return value(this.#size(byte - 0xcc))
      case 0xcf:
        return value(Number(view.getBigUint64(this.#take(8))))
      case 0xd0:
        return value(view.getInt8(this.#take(1)))
      case 0xd1:
        return value(view.getInt16(this.#take(2)))
      case 0xd2:
        return value(view.getInt32(this.#take(4)))
      case 0xd3:
        return value(Number(view.getBigInt64(this.#take(8))))
      case 0xd4:
      case 0xd5:
      case 0xd6:
      case 0xd7:
      case 0xd8:
        return { kind: 'ext', size: 1 << (byte - 0xd4) }
      case 0xd9:
      case 0xda:
      case 0xdb:
        return { kind: 'text', size: this.#size(byte - 0xd9) }
      case 0xdc:
      case 0xdd:
        return { kind: 'list', size: this.#size(byte - 0xdb) }
      case 0xde:
      case 0xdf:
        return { kind: 'map', size: this.#size(byte - 0xdd) }
      default:
        throw new Unreadable(false)
    }
  }

  /** A whole number of 1, 2 or 4 bytes. */
  #size(power: number): number {
    const at = this.#take(1 << power)
    return power === 0 ? this.body[at]! : power === 1 ? this.#view.getUint16(at) : this.#view.getUint32(at)
  }

  #text(size: number): string {
    const at = this.#take(size)
    const text = textOf(this.body.subarray(at, at + size))
    if (text.includes('\ufffd')) this.isDamaged = true
    return text
  }

  /** Seconds since 1970 of a time, be it Fluent Bit's or MessagePack's own; null of all else. */
  #ext(size: number): number | null {
    const at = this.#take(size + 1) + 1
    const type = this.body[at - 1]
    const view = this.#view
    if (type === 0 && size === 8) return view.getUint32(at) + view.getUint32(at + 4) / 1e9
    if (type !== 0xff) return null
    if (size === 4) return view.getUint32(at)
    if (size === 12) return Number(view.getBigInt64(at + 4)) + view.getUint32(at) / 1e9
    const both = size === 8 ? view.getBigUint64(at) : null
    return both === null ? null : Number(both & 0x3_ffff_ffffn) + Number(both >> 34n) / 1e9
  }

  /** Where the next bytes begin. */
  #take(bytes: number): number {
    const at = this.at
    if (at + bytes > this.end) throw new Unreadable(false)
    this.at = at + bytes
    return at
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true })

/** Bytes as text, in which `␀` stands for NUL. */
export function textOf(bytes: Uint8Array): string {
  const text = utf8.decode(bytes)
  return text.includes('\0') ? text.replaceAll('\0', '␀') : text
}
