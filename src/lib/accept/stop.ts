import { stopOfJson } from './json-stop.ts'

/** Where a line stops being what it should be. */
export interface Stop {
  /** Place of the character. */
  at: number
  /** What should stand there. */
  expected: string
}

/** The common format, field by field: most formats of lines begin as it does. */
const steps: readonly { expected: string; pattern: RegExp }[] = [
  { expected: 'the address of the client', pattern: /(?:[\w.-]+\.[a-z]{2,}(?::\d+)?\s+)?[\w.:%-]+(?=\s)/iy },
  { expected: 'the ident and the user, as - -', pattern: /\s+[^\s["]+\s+[^\s["]+(?=\s)/y },
  {
    expected: 'a time in brackets, as [15/Nov/2026:10:11:12 +0000]',
    pattern: /\s+\[[\dA-Z][^\]]*\d\d:\d\d:\d\d[^\]]*\]/y
  },
  { expected: 'the request in quotes, as "GET /path HTTP/1.1"', pattern: /\s+"(?:[^"\\]|\\[^])*"/y },
  { expected: 'the status, as 200', pattern: /\s+(?:\d{3}|-)(?!\S)/y },
  { expected: 'the size in bytes, or -', pattern: /\s+(?:\d+|-)(?!\S)/y }
]

/** Where a text stops being JSON or, if it is none, a line of the common log format; null if it does not. */
export function stopOf(text: string): Stop | null {
  return /^\s*(?:\{|\[\s*[{["])/.test(text) ? stopOfJson(text) : stopOfLine(text)
}

function stopOfLine(line: string): Stop | null {
  let at = 0
  for (const { expected, pattern } of steps) {
    pattern.lastIndex = at
    const match = pattern.exec(line)
    if (match === null) return { at: at + (/^\s+/.exec(line.slice(at))?.[0].length ?? 0), expected }
    at += match[0].length
  }
  return null
}
