import { Failure } from '../failure.ts'

/** Decodes a block of Snappy, as Loki's clients send it. Never makes more than `most` bytes. */
export function unsnap(body: Uint8Array, most: number): Uint8Array {
  let at = 0
  const size = length()
  if (size > most)
    throw new Failure(
      413,
      'decoded_too_large',
      `body decodes to more than ${most} bytes: send smaller batches`,
      {},
      {
        max_bytes: most
      }
    )
  const out = new Uint8Array(size)
  let to = 0
  while (at < body.length) {
    const tag = body[at++]!
    if ((tag & 3) === 0) {
      const short = tag >> 2
      const count = (short < 60 ? short : number(short - 59)) + 1
      if (at + count > body.length || to + count > size) throw broken(at)
      out.set(body.subarray(at, at + count), to)
      at += count
      to += count
      continue
    }
    const isShort = (tag & 3) === 1
    const count = isShort ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1
    const back = isShort ? (tag >> 5) * 256 + number(1) : number((tag & 3) === 2 ? 2 : 4)
    if (back === 0 || back > to || to + count > size) throw broken(at)
    // What is copied may reach into itself: then it repeats.
    if (back >= count) out.copyWithin(to, to - back, to - back + count)
    else for (let i = 0; i < count; i++) out[to + i] = out[to + i - back]!
    to += count
  }
  if (to !== size) throw broken(at)
  return out

  /** A whole number of so many bytes, the lowest first. */
  function number(bytes: number): number {
    if (at + bytes > body.length) throw broken(at)
    let value = 0
    for (let i = bytes - 1; i >= 0; i--) value = value * 256 + body[at + i]!
    at += bytes
    return value
  }

  function length(): number {
    let value = 0
    for (let scale = 1; scale <= 2 ** 28; scale *= 128) {
      const byte = body[at++]
      if (byte === undefined) break
      value += (byte & 127) * scale
      if (byte < 128) return value
    }
    throw broken(at)
  }
}

function broken(at: number): Failure {
  return new Failure(400, 'bad_encoding', `body is not Snappy: it breaks off at byte ${at}`)
}
