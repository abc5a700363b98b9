import type { Fields } from '../fields.ts'
import { unescapeLine } from '../formats/unescape.ts'
import type { Stop } from '../stop.ts'

/** A text that stands in each line, or a field, with its name; a field without one is passed over. */
export type Part =
  { text: string } | { field: string | null; /** Spaces that the value itself has. */ spaces?: number }

/** Why a format of the user's own cannot be used. Throw it with where and what to do. */
export class FormatError extends Error {}

/** What begins with a slash, so that it may follow a field at once, as in `$host$request_uri`. */
const beginsWith: Record<string, string> = { request_uri: '/', uri: '/', path: '/' }

/** The text that ends a value: what stands behind it, or what the next value begins with; null at the end of the line. */
function endOf(parts: readonly Part[], i: number): string | null {
  const next = parts[i + 1]
  if (next === undefined) return null
  return 'text' in next ? next.text : (beginsWith[next.field ?? ''] ?? '')
}

/** Checks that something stands between two fields, or nobody could tell where one ends. */
export function checkParts(parts: readonly Part[]): readonly Part[] {
  if (!parts.some((part) => 'field' in part && part.field !== null))
    throw new FormatError('The format names no field.')
  for (const [i, part] of parts.entries()) {
    const next = parts[i + 1]
    if ('field' in part && next && 'field' in next && endOf(parts, i) === '')
      throw new FormatError(
        `Nothing stands between ${part.field ?? 'a field'} and ${next.field ?? 'a field'}: nobody can tell where one ends.`
      )
  }
  return parts
}

/**
 * The fields of a line; null if it is written otherwise. Each value ends where the text behind it begins for the first
 * time, so that no line takes longer than another of its length. A value in quotes may hold escaped ones, and a list
 * (`502, 200` and `502 : 200`) its spaces.
 */
export function readTemplate(parts: readonly Part[], line: string): Fields | null {
  const found: Fields = {}
  return walk(parts, line, found) === null ? found : null
}

/** Where a line is written otherwise than the format says; null if it is not. */
export function stopOfTemplate(parts: readonly Part[], line: string): Stop | null {
  return walk(parts, line, {})
}

/** Fills `found` as far as the line fits, and returns where it stops to. */
function walk(parts: readonly Part[], line: string, found: Fields): Stop | null {
  let at = 0
  for (const [i, part] of parts.entries()) {
    if ('text' in part) {
      if (!line.startsWith(part.text, at)) return { at, expected: JSON.stringify(part.text) }
      at += part.text.length
      continue
    }
    const stop = endOf(parts, i)
    const end = stop === null ? line.length : endOfValue(line, at, stop, part.spaces ?? 0)
    if (end < 0) return { at, expected: `${part.field ?? 'a value'} with ${JSON.stringify(stop)} behind it` }
    if (part.field !== null) put(found, part.field, unescapeLine(line.slice(at, end)))
    at = end
  }
  return null
}

function put(found: Fields, field: string, value: string): void {
  const before = found[field]
  if (before === undefined || before === '' || before === '-') found[field] = value
}

function endOfValue(line: string, from: number, text: string, spaces: number): number {
  const isQuoted = text.startsWith('"')
  let left = spaces
  for (let at = line.indexOf(text, from); at >= 0; at = line.indexOf(text, at + 1)) {
    if (isQuoted && isEscaped(line, at, from)) continue
    if (text.startsWith(' ') && isInList(line, at)) continue
    if (text === ' ' && left-- > 0) continue
    return at
  }
  return -1
}

function isEscaped(line: string, at: number, from: number): boolean {
  let slashes = 0
  while (at - slashes > from && line[at - slashes - 1] === '\\') slashes++
  return slashes % 2 === 1
}

/** Behind `502,` and around the colon of `502 : 200` no value ends. */
function isInList(line: string, at: number): boolean {
  return line[at - 1] === ',' || line.startsWith(' : ', at) || line.startsWith(' : ', at - 2)
}
