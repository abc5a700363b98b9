import { TooMany, type Limits } from '#lib/accept/limits.ts'
import type { Fields } from '#lib/accept/fields.ts'
import { Failure } from '../failure.ts'

/** What the fields of a message are, by their numbers; others are passed over. */
export type Message = Readonly<Record<number, Field>>

interface Field {
  name: string
  /** A `name` becomes the name of a member: so many different ones a body may have. */
  kind: 'text' | 'name' | 'varint' | 'fixed64' | 'double' | 'bool' | (() => Message)
  /** It comes any number of times. */
  isList?: true
}

/** Messages in messages: values of OpenTelemetry hold others. */
const deepest = 64
const utf8 = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true })

/** Decodes Protocol Buffers to an object as their JSON would be. Throws `TooMany` beyond so many values. */
export function readProtobuf(bytes: Uint8Array, message: Message, limits: Limits): Fields {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  let left = limits.values
  const names = new Set<string>()
  return read(message, bytes.length, 0)

  function read(message: Message, end: number, depth: number): Fields {
    if (depth > deepest) throw broken(at)
    const fields: Fields = {}
    while (at < end) {
      const tag = varint(end)
      const field = message[Math.floor(tag / 8)]
      if (left-- === 0) throw new TooMany('values', limits.values)
      const value = readField(tag % 8, field, end, depth)
      if (field === undefined) continue
      if (!field.isList) fields[field.name] = value
      else if (Array.isArray(fields[field.name])) (fields[field.name] as unknown[]).push(value)
      else fields[field.name] = [value]
    }
    return fields
  }

  function readField(wire: number, field: Field | undefined, end: number, depth: number): unknown {
    const kind = field?.kind
    if (wire === 0) return kind === 'bool' ? varint(end) !== 0 : varint(end)
    if (wire === 1) {
      const from = take(8, end)
      return kind === 'double' ? view.getFloat64(from, true) : Number(view.getBigUint64(from, true))
    }
    if (wire === 5) return view.getUint32(take(4, end), true)
    if (wire !== 2) throw broken(at)
    const size = varint(end)
    const from = take(size, end)
    if (kind === 'text' || kind === 'name') {
      const text = utf8.decode(bytes.subarray(from, from + size)).replaceAll('\0', '␀')
      if (kind === 'name' && names.add(text).size > limits.names) throw new TooMany('names', limits.names)
      return text
    }
    if (typeof kind !== 'function') return undefined
    at = from
    return read(kind(), from + size, depth + 1)
  }

  function varint(end: number): number {
    const start = at
    let value = 0
    for (let scale = 1; at < end && at - start < 10; scale *= 128) {
      const byte = bytes[at++]!
      value += (byte & 127) * scale
      if (byte < 128) return at - start < 10 ? value : negative(start)
    }
    throw broken(at)
  }

  /** A number below 0 takes ten bytes. */
  function negative(start: number): number {
    let value = 0n
    for (let i = 0; i < 10; i++) value |= BigInt(bytes[start + i]! & 127) << BigInt(7 * i)
    return Number(BigInt.asIntN(64, value))
  }

  function take(size: number, end: number): number {
    const from = at
    if (size < 0 || from + size > end) throw broken(from)
    at = from + size
    return from
  }
}

function broken(at: number): Failure {
  return new Failure(400, 'bad_protobuf', `body is not protobuf of this address: it breaks off at byte ${at}`)
}

/** Whether a type names Protocol Buffers. */
export function isProtobuf(type: string): boolean {
  return /^application\/(?:x-|vnd\.google\.)?protobuf\b/i.test(type)
}
