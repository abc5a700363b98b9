import { readSlashed } from './pattern.ts'

/** A value as it is typed, from `from` to `to` of the text. */
export interface Value {
  readonly from: number
  readonly to: number
  readonly kind: 'text' | 'quoted' | 'wild' | 'pattern'
  /** The text or the pattern itself. */
  readonly text: string
  /** Of `wild`, the texts around the stars. */
  readonly pieces: readonly string[]
  /** The quotes are not closed. */
  readonly isOpen?: true
}

/** What stands between a field and its values; the longer ones first. */
export const signs = ['!=', '!~', '=~', '>=', '<=', ':', '=', '~', '>', '<', '≥', '≤'] as const
export type Sign = (typeof signs)[number]

/** The sign that stands in a text at a place. */
export const signAt = (text: string, at: number): Sign | null =>
  signs.find((sign) => text.startsWith(sign, at)) ?? null

const escapes: Readonly<Record<string, string>> = { '\\': '\\', '"': '"', n: '\n', r: '\r' }

/** A text in quotes from `from` on. `\"`, `\\`, `\n` and `\r` are escapes, and no other backslash is one. */
export function readQuoted(text: string, from: number): Value {
  const [whole, inner] = /^"((?:\\[^]|[^"\\])*)(?:"|\\?$)/.exec(text.slice(from))!
  const isOpen = whole.length === 1 || !/^"(?:\\[^]|[^"\\])*"$/.test(whole)
  const said = inner!.replace(/\\([^])/g, (pair, character: string) => escapes[character] ?? pair)
  const value = { from, to: from + whole.length, kind: 'quoted' as const, text: said, pieces: [] }
  return isOpen ? { ...value, isOpen: true } : value
}

export const writeQuoted = (text: string) =>
  `"${text.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r')}"`

/** A value of a field from `from` on: it ends before a space or a comma. A backslash escapes one character. */
export function readValue(text: string, from: number): Value {
  if (text[from] === '"') return readQuoted(text, from)
  const slashed = readSlashed(text.slice(from), false)
  if (slashed) return { from, to: from + slashed.length, kind: 'pattern', text: slashed.pattern, pieces: [] }
  const [written] = /^(?:\\[^]|[^\s,\\])*\\?/.exec(text.slice(from))!
  const pieces = ['']
  for (const [part] of written.matchAll(/\\[^]|[^]/g)) {
    if (part === '*') pieces.push('')
    else pieces.push(pieces.pop()! + (part.length > 1 ? part.slice(1) : part))
  }
  const kind = pieces.length > 1 ? 'wild' : 'text'
  return { from, to: from + written.length, kind, text: pieces.join('*'), pieces }
}

/** All values from `from` on, with a comma between two. */
export function readValues(text: string, from: number): Value[] {
  const values = [readValue(text, from)]
  while (text[values.at(-1)!.to] === ',') values.push(readValue(text, values.at(-1)!.to + 1))
  return values
}
