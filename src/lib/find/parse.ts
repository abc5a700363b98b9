import type { Dimension } from '#lib/filter/dimension.ts'
import type { Clause, Operator } from '#lib/filter/filter.ts'
import { nameOf } from '#lib/filter/labels.ts'
import { fieldOf, fieldsLike, isPath } from './names.ts'
import { escapePattern, readSlashed, wildPattern } from './pattern.ts'
import { readQuoted, readValues, signAt, type Sign, type Value } from './read.ts'
import { storedValue, whyNotAsked, whyNotTaken } from './values.ts'

/** A piece of the text, for its color. `head` ends what stands before its value. */
export interface Token {
  readonly from: number
  readonly to: number
  readonly kind: 'include' | 'exclude' | 'find' | 'join'
  readonly head: number
}

export interface Problem {
  readonly from: number
  readonly to: number
  /** What was expected. */
  readonly message: string
}

/** A field with its values as typed. */
export interface Term {
  readonly from: number
  readonly to: number
  /** Where its field's name begins and ends. */
  readonly name: readonly [from: number, to: number]
  readonly field: Dimension | null
  readonly values: readonly Value[]
}

export interface Parsed {
  readonly clauses: Clause[]
  /** Where each clause stands. */
  readonly places: Place[]
  /** A text to highlight, which filters nothing. */
  readonly find: string
  readonly problems: Problem[]
  readonly tokens: Token[]
  readonly terms: Term[]
}

/** `isCased`: words and phrases are looked for in their case. */
export interface Manner {
  readonly isCased: boolean
}

export const anyCase: Manner = { isCased: false }

/** Reads a query: terms between spaces, joined by AND. What has a problem makes no clause. */
export function parse(text: string, manner = anyCase): Parsed {
  return new Reader(text, manner).read()
}

class Reader {
  readonly #text: string
  readonly #manner: Manner
  readonly #parsed = {
    clauses: [] as Clause[],
    places: [] as Place[],
    find: '',
    problems: [] as Problem[],
    tokens: [] as Token[],
    terms: [] as Term[]
  }
  #at = 0
  /** Where the term began, with its `NOT` or minus. */
  #from = 0
  #isExcluded = false

  constructor(text: string, manner: Manner) {
    this.#text = text
    this.#manner = manner
  }

  read(): Parsed {
    for (this.#skipSpace(); this.#at < this.#text.length; this.#skipSpace()) this.#readTerm()
    return this.#parsed
  }

  #match(pattern: RegExp): string | null {
    return pattern.exec(this.#text.slice(this.#at))?.[0] ?? null
  }

  #skipSpace() {
    this.#at += this.#match(/^\s+/)?.length ?? 0
  }

  #fail(from: number, to: number, message: string) {
    this.#parsed.problems.push({ from, to, message })
  }

  /** Whether something follows without a space between. */
  #isGluedAt(to: number) {
    return /^\S/.test(this.#text.slice(to, to + 1))
  }

  #mark(to: number, head = this.#from, kind: Token['kind'] = this.#isExcluded ? 'exclude' : 'include') {
    this.#parsed.tokens.push({ from: this.#from, to, kind, head })
    this.#at = to
  }

  #readTerm() {
    this.#from = this.#at
    this.#isExcluded = false
    const word = this.#match(/^(?:NOT|AND|OR)(?=\s|$)/)
    if (word === 'AND' || word === 'OR') return this.#readJoin(word)
    if (word) {
      this.#isExcluded = true
      this.#at += word.length
      this.#skipSpace()
      if (this.#at === this.#text.length) this.#fail(this.#from, this.#at, 'NOT needs something to exclude.')
      if (this.#at === this.#text.length) return this.#mark(this.#at)
    }
    if (this.#match(/^-(?=\S)/)) {
      this.#isExcluded = !this.#isExcluded
      this.#at++
    }
    if (!this.#readField()) this.#readWords()
  }

  #readJoin(word: string) {
    const to = this.#at + word.length
    if (word === 'OR') this.#fail(this.#at, to, 'There is no OR. Give a field several values: status:404,410')
    this.#mark(to, to, 'join')
  }

  /** False if no field begins here. */
  #readField(): boolean {
    const start = this.#at
    const isMarked = this.#match(/^@(?=[^\s@])/) !== null
    const nameFrom = start + Number(isMarked)
    const name =
      this.#text[nameFrom] === '"' ? readQuoted(this.#text, nameFrom) : bareName(this.#text, nameFrom)
    const sign = signAt(this.#text, name.to)
    if (!name.text || name.isOpen || (!sign && !isMarked)) return false
    const at: Named = { sign: sign ?? ':', name: [nameFrom, name.to], from: name.to + (sign?.length ?? 0) }
    if (name.text === 'has' && sign === ':') return this.#readHas(at)
    if (name.text === 'find' && sign === ':') return this.#readFind(at)
    const field = fieldOf(name.text)
    if (!field && !isMarked && (sign !== ':' || !looksNamed(this.#text, name))) return false
    this.#readClause(field, name.text, at)
    return true
  }

  #readHas({ name, from }: Named): boolean {
    const [value] = readValues(this.#text, from)
    const { text, to } = value!
    const field = fieldOf(text)
    this.#parsed.terms.push({ from: this.#from, to, name: [from, to], field: null, values: [] })
    if (!text) this.#fail(name[0], to, 'has: needs a field. For example has:referrer')
    else if (!field) this.#fail(from, to, noField(text))
    else if (this.#isGluedAt(to)) this.#fail(to, to + 1, unspaced)
    else this.#add(field, this.#isExcluded ? 'unset' : 'set', [], [from, to])
    this.#mark(to, from)
    return true
  }

  #readFind({ name, from }: Named): boolean {
    const value =
      this.#text[from] === '"'
        ? readQuoted(this.#text, from)
        : { to: from + /^\S*/.exec(this.#text.slice(from))![0].length, text: '', isOpen: undefined }
    const text = value.text || this.#text.slice(from, value.to)
    if (value.isOpen) this.#fail(from, value.to, 'Close the quotes.')
    else if (!text || this.#isExcluded) this.#fail(name[0], value.to, 'find: needs a text to highlight.')
    else this.#parsed.find = text
    this.#mark(value.to, from, 'find')
    return true
  }

  #readClause(field: Dimension | null, named: string, { sign, name, from }: Named) {
    const isBound = sign === ':' || sign === '='
    const second = isBound ? signAt(this.#text, from) : null
    const compared = second && second in comparisons ? second : sign in comparisons ? sign : null
    const start = from + (compared === second ? (second?.length ?? 0) : 0)
    const values = readValues(this.#text, start)
    const to = values.at(-1)!.to
    this.#parsed.terms.push({ from: this.#from, to, name, field, values })
    this.#mark(to, from)
    const open = values.find(({ isOpen }) => isOpen)
    const empty = values.find(({ kind, text }) => kind !== 'quoted' && !text)
    if (!field) return this.#fail(name[0], name[1], noField(named))
    if (open) return this.#fail(open.from, open.to, 'Close the quotes.')
    if (this.#isGluedAt(to)) return this.#fail(to, to + 1, unspaced)
    if (empty) {
      const message =
        values.length > 1 ? 'A value is missing beside the comma.' : `${nameOf(field)} needs a value.`
      return this.#fail(name[0], to, message)
    }
    const isExcluded = this.#isExcluded !== sign.startsWith('!')
    if (compared) return this.#addCompared(field, comparisons[compared]!, values, [name[0], to])
    if (sign === '=~') return this.#addTexts(field, isExcluded ? 'nre' : 're', values)
    if (sign.endsWith('~')) return this.#addTexts(field, isExcluded ? 'hasnt' : 'has', values)
    this.#addValues(field, isExcluded, values)
  }

  #addCompared(field: Dimension, operator: Operator, values: readonly Value[], at: Place) {
    if (this.#isExcluded) {
      const [value] = values
      this.#fail(...at, `Say it the other way round: ${field}:${opposites[operator]}${value!.text}`)
    } else this.#addTexts(field, operator, values)
  }

  #addTexts(field: Dimension, operator: Operator, values: readonly Value[]) {
    for (const { from, to, text } of values) {
      const problem = whyNotTaken(field, operator, text)
      if (problem) return this.#fail(from, to, problem)
    }
    const texts = values.map(({ text }) => text)
    this.#add(field, operator, texts, [values[0]!.from, values.at(-1)!.to])
  }

  /** Values behind a colon: which operator they are of, they say themselves. */
  #addValues(field: Dimension, isExcluded: boolean, typed: readonly Value[]) {
    const values = typed.map((value) => plainPath(field, value))
    const at: Place = [values[0]!.from, values.at(-1)!.to]
    const [first] = values
    if (values.length === 1 && first!.kind === 'wild' && first!.text === '*')
      return this.#add(field, isExcluded ? 'unset' : 'set', [], at)
    if (values.some(({ kind }) => kind === 'wild' || kind === 'pattern')) {
      if (values.some(isMissing)) return this.#fail(...at, 'A pattern and - can’t be mixed.')
      return this.#add(field, isExcluded ? 'nre' : 're', values.map(patternOf), at)
    }
    if (field === 'line') return this.#addTexts(field, isExcluded ? 'hasnt' : 'has', values)
    if (field === 'ip' && values.some(({ kind, text }) => kind === 'text' && text.includes('/')))
      return this.#addTexts(field, isExcluded ? 'ncidr' : 'cidr', values)
    const operator = isExcluded ? 'not' : 'is'
    for (const value of values) {
      const problem = isMissing(value) ? null : whyNotTaken(field, operator, value.text)
      if (problem) return this.#fail(value.from, value.to, problem)
    }
    const texts = values.map((value) => (isMissing(value) ? null : storedValue(field, value.text)))
    this.#add(field, operator, texts, at)
  }

  /** Words, a phrase in quotes, or a pattern, anywhere in the line. */
  #readWords() {
    const start = this.#at
    const slashed = readSlashed(this.#text.slice(start), true)
    if (slashed) {
      this.#mark(start + slashed.length, start)
      return this.#add('line', this.#isExcluded ? 'nre' : 're', [slashed.pattern], [start, this.#at])
    }
    const quoted = this.#text[start] === '"' ? readQuoted(this.#text, start) : null
    const written = quoted ? '' : this.#match(/^\S+/)!
    const to = quoted?.to ?? start + written.length
    this.#mark(to, start)
    if (quoted?.isOpen) return this.#fail(start, to, 'Close the quotes.')
    if (quoted && this.#isGluedAt(to)) return this.#fail(to, to + 1, unspaced)
    if (written.replaceAll('*', '') === '' && !quoted)
      return this.#fail(start, to, 'A star needs a text beside it.')
    const pieces = quoted ? [quoted.text] : written.replace(/^\*+|\*+$/g, '').split(/\*+/)
    this.#addPhrase(pieces.map(withoutCommas), [start, to])
  }

  #addPhrase(pieces: readonly string[], at: Place) {
    const isPattern = pieces.length > 1 || this.#manner.isCased
    const operator = isPattern ? (this.#isExcluded ? 'nre' : 're') : this.#isExcluded ? 'hasnt' : 'has'
    const text = isPattern ? pieces.map(escapePattern).join('.*') : pieces[0]!
    this.#add('line', operator, [text], at)
  }

  #add(field: Dimension, operator: Operator, values: Clause['values'], at: Place) {
    const tooLong = values.some((value) => (value?.length ?? 0) > 512)
    const problem = whyNotAsked(field, operator) ?? (tooLong ? 'A value has at most 512 characters.' : null)
    if (problem) this.#fail(...at, problem)
    else {
      this.#parsed.clauses.push({ field, operator, values })
      this.#parsed.places.push(at)
    }
  }
}

type Place = readonly [from: number, to: number]

interface Named {
  sign: Sign
  name: Place
  /** Where what is behind the sign begins. */
  from: number
}

const comparisons: Partial<Record<Sign, Operator>> = {
  '>': 'gt',
  '>=': 'ge',
  '≥': 'ge',
  '<': 'lt',
  '<=': 'le',
  '≤': 'le'
}

const opposites: Partial<Record<Operator, string>> = { gt: '<=', ge: '<', lt: '>=', le: '>' }

/** A name up to a sign or a space. */
function bareName(text: string, from: number): { to: number; text: string; isOpen?: true } {
  const [name] = /^(?:(?!!=|!~)[^\s":=~<>≥≤])*/.exec(text.slice(from))!
  return { to: from + name.length, text: name }
}

/** Whether a name before a colon is meant as a field: `12:30` and `https://…` are not. */
const looksNamed = (text: string, { text: name, to }: { text: string; to: number }) =>
  /^[A-Za-z_][\w.-]*$/.test(name) && !text.startsWith('://', to)

function noField(name: string): string {
  const [like] = name.length > 1 ? fieldsLike(name) : []
  const hint = like
    ? ` Did you mean ${like.name}?`
    : ` For a key, write extra.${name}. Put a text with a colon in quotes.`
  return `There is no field “${name}”.${hint}`
}

const unspaced = 'Leave a space before the next term.'

const isMissing = ({ kind, text }: Value) => kind === 'text' && text === '-'

/** `/blog/` is a path where a path is asked for; with signs of patterns, it is a pattern. */
const plainPath = (field: Dimension, value: Value): Value =>
  value.kind === 'pattern' &&
  isPath(field) &&
  /^[\w.~%-]+$/.test(value.text) &&
  value.to - value.from === value.text.length + 2
    ? { ...value, kind: 'text', text: `/${value.text}/` }
    : value

const patternOf = ({ kind, text, pieces }: Value): string =>
  kind === 'pattern' ? text : wildPattern(kind === 'wild' ? pieces : [text])

/** A comma is a space, as between the words of a search engine. */
const withoutCommas = (text: string) => text.replace(/[\s,]*,[\s,]*/g, ' ')
