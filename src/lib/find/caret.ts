import type { Dimension } from '#lib/filter/dimension.ts'
import type { Parsed } from './parse.ts'

/** What may be typed at the caret: it takes the place of `from` to `to`. `typed` narrows it. */
export interface Wanted {
  readonly kind: 'field' | 'value'
  readonly field: Dimension | null
  readonly from: number
  readonly to: number
  readonly typed: string
  /** What stands behind a field. */
  readonly sign: ':' | ''
  /** The query without the term at the caret. */
  readonly others: string
}

/** What is wanted at a place of a query; null in a phrase, a pattern or a comparison. */
export function wantedAt(text: string, { terms, tokens }: Parsed, caret: number): Wanted | null {
  const isAt = ({ from, to }: { from: number; to: number }) => from <= caret && caret <= to
  const without = ({ from, to }: { from: number; to: number }) => `${text.slice(0, from)} ${text.slice(to)}`
  const term = terms.find(isAt)
  if (term) {
    const [from, to] = term.name
    const field = { kind: 'field', field: null, from, to, typed: text.slice(from, to) } as const
    const isBare = !term.values.length
    if (caret <= to) return { ...field, sign: isBare ? '' : ':', others: without(term) }
    const value = term.values.find(isAt)
    if (!value || !term.field || term.field === 'line' || value.kind === 'pattern') return null
    if (!/^[:=]$|^!=$/.test(text.slice(to, term.values[0]!.from))) return null
    const { from: start, to: end } = value
    return {
      kind: 'value',
      field: term.field,
      from: start,
      to: end,
      typed: value.text,
      sign: '',
      others: without(term)
    }
  }
  const token = tokens.find(isAt)
  if (!token)
    return { kind: 'field', field: null, from: caret, to: caret, typed: '', sign: ':', others: text }
  const word = text.slice(token.head, token.to)
  const before = /^(?:-|NOT\s+-?)?@?/.exec(word)![0].length
  const typed = word.slice(before)
  if (token.kind === 'find' || token.kind === 'join' || !/^[\p{L}\p{N}_. ]*$/u.test(typed)) return null
  return {
    kind: 'field',
    field: null,
    from: token.head + before,
    to: token.to,
    typed,
    sign: ':',
    others: without(token)
  }
}
