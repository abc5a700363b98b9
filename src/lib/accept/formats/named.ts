import type { Fields } from '../fields.ts'
import type { Format } from './format.ts'
import { readNames } from './names.ts'
import { unescapeLine } from './unescape.ts'

/** The inside of a quoted field, with quotes escaped by a backslash. */
export const quotedText = String.raw`(?:[^"\\]|\\[^])*`

/**
 * The format of lines that match a pattern, whose groups are named as in `names.ts`; other groups go to `extra`. The
 * pattern must have one way to match a line, or a stranger's line makes it slow. `adjust` renames what a pattern cannot.
 */
export function named(
  name: string,
  pattern: RegExp,
  adjust: (found: Fields) => Fields = (found) => found
): Format<string> {
  return {
    name,
    matches: (line) => pattern.test(line),
    read(hit, line, source) {
      readNames(hit, adjust(textsOf(pattern.exec(line)!.groups!)), source)
    }
  }
}

function textsOf(groups: Record<string, string | undefined>): Fields {
  const texts: Fields = {}
  for (const [name, text] of Object.entries(groups)) if (text !== undefined) texts[name] = unescapeLine(text)
  return texts
}
