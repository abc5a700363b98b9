import { join } from '../accept/packed.ts'

const text = new TextEncoder()

export function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))]
}

/** A field of protobuf: a number as varint, a text or a message with its length. */
export function field(number: number, value: number | string | Uint8Array): Uint8Array {
  if (typeof value === 'number') return Uint8Array.from([number * 8, ...varint(value)])
  const bytes = typeof value === 'string' ? text.encode(value) : value
  return join(Uint8Array.from([number * 8 + 2, ...varint(bytes.length)]), bytes)
}

/** Eight bytes of a whole number. */
export function fixed64(number: number, value: bigint): Uint8Array {
  const view = new DataView(new ArrayBuffer(9))
  view.setUint8(0, number * 8 + 1)
  view.setBigUint64(1, value, true)
  return new Uint8Array(view.buffer)
}

export const message = (number: number, ...fields: Uint8Array[]) => field(number, join(...fields))

/** Snappy of bytes, none of which is found again. */
export function snap(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [Uint8Array.from(varint(bytes.length))]
  for (let at = 0; at < bytes.length; at += 256) {
    const part = bytes.subarray(at, at + 256)
    parts.push(Uint8Array.of(60 << 2, part.length - 1), part)
  }
  return join(...parts)
}
