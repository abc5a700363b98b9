import { RE2JS } from 're2js'
import { operators, type Clause } from '#lib/filter/filter.ts'
import { escapePattern } from './pattern.ts'

/** What is highlighted in texts. */
export type Term = RE2JS

/** What a text holds beyond this is not searched. */
const longest = 4_000
const most = 200

// As the engine does, in time that grows with the text alone, whatever the pattern.
function termOf(pattern: string, flags = 0): Term | null {
  try {
    return RE2JS.compile(pattern, flags)
  } catch {
    return null
  }
}

const phraseOf = (text: string) => termOf(escapePattern(text), RE2JS.CASE_INSENSITIVE)

/**
 * What to highlight: what the clauses that include look for, anywhere in the line or in a field's text, and the text
 * `find`. What is no pattern gives none.
 */
export function termsOf(clauses: readonly Clause[], find: string): Term[] {
  const searched = clauses
    .filter(({ disabled, operator }) => !disabled && operators[operator].includes)
    .flatMap(({ operator, values }) => {
      const texts = values.filter((value) => value !== null)
      if (operator === 'has') return texts.map(phraseOf)
      return operator === 're' ? texts.map((pattern) => termOf(pattern)) : []
    })
  return [...searched, phraseOf(find)].filter((term) => term !== null)
}

/** The stretches of a text that terms match, in order, joined where they touch: from, to. */
export function marksIn(text: string, terms: readonly Term[]): [from: number, to: number][] {
  const searched = text.slice(0, longest)
  const found = terms.flatMap((term) => {
    const stretches: [number, number][] = []
    const matcher = term.matcher(searched)
    for (let i = 0; i < most && matcher.find(); i++)
      if (matcher.end() > matcher.start()) stretches.push([matcher.start(), matcher.end()])
    return stretches
  })
  const joined: [number, number][] = []
  for (const [from, to] of found.toSorted(([a], [b]) => a - b)) {
    const last = joined.at(-1)
    if (last && from <= last[1]) last[1] = Math.max(last[1], to)
    else joined.push([from, to])
  }
  return joined
}
