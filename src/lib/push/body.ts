import { noHeader, type Header } from './cut.ts'

const newline = 0x0a
const quote = 0x22
const backslash = 0x5c

/** The body of a batch: its lines below the header they are read by, or each as a record that names a service. */
export function bodyOf(lines: Uint8Array, header: Header = noHeader, service?: string): Uint8Array {
  const above = encode(header.date + header.fields)
  const text = above.length > 0 ? concat([above, lines]) : lines
  return service === undefined ? text : wrapLines(text, service)
}

/** Lines in records as shippers make them, byte by byte: the Worker sees what is no UTF-8. */
function wrapLines(text: Uint8Array, service: string): Uint8Array {
  const start = encode(`{"service":${JSON.stringify(service)},"message":"`)
  const end = encode('"}\n')
  return concat([...linesOf(text)].flatMap((line) => [start, escape(line), end]))
}

/** The lines of a text that are not empty, without their ends. */
export function* linesOf(text: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < text.length;) {
    const found = text.indexOf(newline, at)
    const stop = found < 0 ? text.length : found
    const end = text[stop - 1] === 0x0d ? stop - 1 : stop
    if (end > at) yield text.subarray(at, end)
    at = stop + 1
  }
}

function escape(line: Uint8Array): Uint8Array {
  if (!line.some(isSpecial)) return line
  const escaped: number[] = []
  for (const byte of line) {
    if (byte === quote || byte === backslash) escaped.push(backslash, byte)
    else if (byte < 0x20) escaped.push(...encode(`\\u${byte.toString(16).padStart(4, '0')}`))
    else escaped.push(byte)
  }
  return Uint8Array.from(escaped)
}

const isSpecial = (byte: number) => byte < 0x20 || byte === quote || byte === backslash

const encode = (text: string) => new TextEncoder().encode(text)

function concat(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}
