/** MessagePack of a value: numbers as doubles, bytes as they are, so that any head can be written by hand. */
export function pack(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value
  if (value === null || value === undefined) return Uint8Array.of(0xc0)
  if (typeof value === 'boolean') return Uint8Array.of(value ? 0xc3 : 0xc2)
  if (typeof value === 'number')
    return join(
      Uint8Array.of(0xcb),
      number(8, (view) => view.setFloat64(0, value))
    )
  if (typeof value === 'string') {
    const text = new TextEncoder().encode(value)
    return join(Uint8Array.of(0xdb), uint32(text.length), text)
  }
  if (Array.isArray(value)) return join(Uint8Array.of(0xdd), uint32(value.length), ...value.map(pack))
  const members = Object.entries(value as object)
  return join(Uint8Array.of(0xdf), uint32(members.length), ...members.flat().map(pack))
}

/** Fluent Bit's time of an event. */
export function eventTime(seconds: number, nanoseconds = 0): Uint8Array {
  return join(Uint8Array.of(0xd7, 0), uint32(seconds), uint32(nanoseconds))
}

export function join(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.concat(parts))
}

const uint32 = (value: number) => number(4, (view) => view.setUint32(0, value))

function number(bytes: number, set: (view: DataView) => void): Uint8Array {
  const view = new DataView(new ArrayBuffer(bytes))
  set(view)
  return new Uint8Array(view.buffer)
}
