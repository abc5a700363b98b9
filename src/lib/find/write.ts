import type { Dimension } from '#lib/filter/dimension.ts'
import type { Clause, Operator } from '#lib/filter/filter.ts'
import { isMember, keyOf } from '#lib/filter/member.ts'
import { fieldOf } from './names.ts'
import { literalOf, piecesOf, writeSlashed } from './pattern.ts'
import { anyCase, parse, type Manner } from './parse.ts'
import { writeQuoted } from './read.ts'

/** A query for clauses; `rest` are the clauses that no query can say: those about visits, and disabled ones. */
export function write(
  clauses: readonly Clause[],
  manner: Manner = anyCase
): { text: string; rest: Clause[] } {
  const written = clauses.map((clause) => ({ clause, text: textOf(clause, manner) }))
  return {
    text: written.flatMap(({ text }) => (text === null ? [] : [text])).join(' '),
    rest: written.filter(({ text }) => text === null).map(({ clause }) => clause)
  }
}

/** A term for a clause, or null if none says exactly this. */
function textOf(clause: Clause, manner: Manner): string | null {
  if (clause.disabled || clause.visits) return null
  for (const text of candidates(clause, manner)) if (text !== null && says(text, clause, manner)) return text
  return null
}

function says(text: string, { field, operator, values }: Clause, manner: Manner): boolean {
  const { clauses, problems } = parse(text, manner)
  const [only] = clauses
  return (
    !problems.length &&
    clauses.length === 1 &&
    only!.field === field &&
    only!.operator === operator &&
    only!.values.length === values.length &&
    only!.values.every((value, i) => value === values[i])
  )
}

const excluding: ReadonlySet<Operator> = new Set<Operator>(['not', 'hasnt', 'nre', 'ncidr', 'unset'])
const signOf: Partial<Record<Operator, string>> = { gt: '>', ge: '>=', lt: '<', le: '<=' }

/** Ways to say a clause, the shortest first. */
function candidates(clause: Clause, { isCased }: Manner): (string | null)[] {
  const { field, operator, values } = clause
  const minus = excluding.has(operator) ? '-' : ''
  const name = minus + sayName(field)
  const texts = values as string[]
  const list = (sign: string, of: (text: string) => string | null) => {
    const all = values.map((value) => (value === null ? '-' : of(value)))
    return all.includes(null) ? null : `${name}${sign}${all.join(',')}`
  }
  switch (operator) {
    case 'set':
    case 'unset':
      return [`${minus}has:${name.slice(minus.length)}`]
    case 'has':
    case 'hasnt':
      return [
        ...(field === 'line' ? words(texts, minus, isCased) : []),
        list('~', writeText),
        list('~', writeQuoted)
      ]
    case 're':
    case 'nre':
      return [
        ...(field === 'line' ? patterns(texts, minus, isCased) : [list(':', writeWild)]),
        list(':', (pattern) => writeSlashed(pattern, false)),
        list('=~', writeQuoted)
      ]
    default:
      return [writeText, writeQuoted].map((of) => list(`:${signOf[operator] ?? ''}`, of))
  }
}

/** The name of a field as it is typed before its sign; that of a key as its log has it, where that names it. */
export function sayName(field: Dimension): string {
  const named = isMember(field) ? `extra.${keyOf(field)}` : field
  const said = fieldOf(named) === field ? named : field
  return /^[\w.]+$/.test(said) ? said : writeQuoted(said)
}

/** A value as it is typed behind `field:`, or null if it can't be. */
export function sayValue(field: Dimension, value: string | null): string | null {
  const name = `${sayName(field)}:`
  const { text } = write([{ field, operator: 'is', values: [value] }])
  return text.startsWith(name) ? text.slice(name.length) : null
}

const words = (texts: readonly string[], minus: string, isCased: boolean) =>
  texts.length === 1 && !isCased ? [minus + writeWord(texts[0]!)] : []

function patterns(texts: readonly string[], minus: string, isCased: boolean): (string | null)[] {
  if (texts.length !== 1) return []
  const literal = isCased ? literalOf(texts[0]!) : null
  const slashed = writeSlashed(texts[0]!, true)
  return [literal === null ? null : minus + writeWord(literal), slashed === null ? null : minus + slashed]
}

/** A word that can't be taken for anything else, or a phrase in quotes. */
export const writeWord = (text: string) =>
  /^[\p{L}\p{N}_.%][^\s":=~<>!,*@≥≤]*$/u.test(text) && !/^(?:NOT|AND|OR)$/.test(text)
    ? text
    : writeQuoted(text)

/** A value as it is, or in quotes. */
const writeText = (text: string) => (/^[\p{L}\p{N}_./%+][^\s"\\,*]*$/u.test(text) ? text : writeQuoted(text))

const writeWild = (pattern: string): string | null => {
  const pieces = piecesOf(pattern)
  return pieces && pieces.join('') !== '' && pieces.every((piece) => !/[\s"\\,*]/.test(piece))
    ? pieces.join('*')
    : null
}
