import { isKnown } from './looks.ts'

/** A stretch of a line: what stands between values, or a value with what encloses it. */
export type Piece = { text: string } | Value
export interface Value {
  value: string
  around: Around
  key?: string
}
/** `column` takes all up to the next separator, spaces too. */
export type Around = 'quotes' | 'brackets' | 'column' | 'nothing'

const enclosed = String.raw`"(?:[^"\\]|\\[^])*"|\[[^\]]*\]|\([^)]*\)`
const atEnclosed = new RegExp(enclosed, 'g')

/** The character that separates the fields of a line besides spaces, if it has it often; nothing if there is none. */
export function separatorOf(line: string): string {
  const bare = line.replace(atEnclosed, '')
  return ['\t', '|', ';', ','].find((char) => bare.split(char).length > 3) ?? ''
}

/** What a line consists of, in its order. */
export function piecesOf(line: string, separator: string): Piece[] {
  const pieces = new Pieces()
  if (separator === '') pieces.split(line)
  else
    for (const [i, column] of columnsOf(line, separator).entries()) {
      if (i > 0) pieces.put(separator)
      pieces.takeColumn(column)
    }
  return pieces.all
}

/** A separator in quotes, brackets or parentheses separates nothing. */
function columnsOf(line: string, separator: string): string[] {
  const columns = ['']
  for (const [part] of line.matchAll(new RegExp(`${enclosed}|[^]`, 'g'))) {
    if (part === separator) columns.push('')
    else columns[columns.length - 1] += part
  }
  return columns
}

const bare = /[^\s"[]+/y
const quoted = /"((?:[^"\\]|\\[^])*)"/y
const bracketed = /\[([^\]]*)\]/y
const bareTime =
  /(?:\d\d\/[A-Z][a-z]{2}\/\d{4}[: ]|\d{4}[-/]\d\d[-/]\d\d[T ])\d\d:\d\d:\d\d(?:[.,]\d+)?(?: ?[+-]\d\d:?\d\d|Z| UTC)?(?![^\s\])|;,])/y
const bareAgent = /[A-Za-z][\w.-]*\/\d\S* \([^)]*\)(?: (?:[A-Za-z][\w.-]*\/\S+|\([^)]*\)|[A-Z][a-z]+))*/y
const key = /([A-Za-z][\w.-]*)[=:](?=.)/y

class Pieces {
  readonly all: Piece[] = []

  put(text: string): void {
    const last = this.all.at(-1)
    if (text === '') return
    if (last && 'text' in last) last.text += text
    else this.all.push({ text })
  }

  takeColumn(column: string): void {
    const value = column.trim()
    const start = column.indexOf(value)
    this.put(column.slice(0, start))
    const [head = '', name] = matchAt(key, value, 0) ?? []
    const rest = value.slice(head.length)
    if (rest !== '' && !/^https?:/.test(value) && isWhole(rest)) {
      this.put(head)
      this.all.push({ value: rest, around: 'column', ...(name && { key: name }) })
    } else if (isWhole(value)) this.all.push({ value, around: 'column' })
    else this.split(value)
    this.put(column.slice(start + value.length))
  }

  split(line: string): void {
    let name: string | undefined
    for (let at = 0; at < line.length;) {
      const named = matchAt(key, line, at)
      if (named && !/^https?:/.test(named[0])) {
        this.put(named[0])
        name = named[1]!
        at += named[0].length
        continue
      }
      at += this.#take(line, at, name)
      name = undefined
    }
  }

  /** Takes what stands at a place, and returns its length. */
  #take(line: string, at: number, name: string | undefined): number {
    const isQuoted = line[at] === '"'
    const match = matchAt(isQuoted ? quoted : bracketed, line, at)
    const key = name === undefined ? {} : { key: name }
    if (match) {
      this.put(line[at]!)
      this.all.push({ value: match[1]!, around: isQuoted ? 'quotes' : 'brackets', ...key })
      this.put(line[at + match[0].length - 1]!)
      return match[0].length
    }
    const [word] =
      matchAt(bareTime, line, at) ?? matchAt(bareAgent, line, at) ?? matchAt(bare, line, at) ?? []
    const value = word?.replace(/[,:;]+$/, '')
    if (value) this.all.push({ value, around: 'nothing', ...key })
    else this.put(word ?? line[at]!)
    return value ? value.length : (word ?? line[at]!).length
  }
}

/** Whether all of a column is one value: of several values, the first looks like something. */
function isWhole(column: string): boolean {
  if (/^["[]/.test(column)) return false
  if (isKnown(column)) return true
  if (/["[\]]/.test(column)) return false
  return !column.includes(' ') || !isKnown(column.slice(0, column.indexOf(' ')))
}

function matchAt(pattern: RegExp, line: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(line)
}
