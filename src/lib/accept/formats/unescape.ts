import { decodeEscapes } from '../json.ts'

const letters: Record<string, string> = { n: '\n', r: '\r', t: '\t', b: '\b', v: '\v', f: '\f' }

/** The text that a server escaped in a line: nginx writes `\xHH` for bytes, Apache also `\"`, `\\` and letters. */
export function unescapeLine(text: string): string {
  if (!text.includes('\\')) return text
  return text.replace(/(?:\\x[0-9a-f]{2})+|\\([^])/gi, (run, char: string | undefined) =>
    char === undefined ? decodeEscapes(run) : (letters[char] ?? char)
  )
}
