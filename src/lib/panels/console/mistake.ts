import { relations } from '#lib/ask/relations.ts'
import { readsOf } from '#lib/ask/reads.ts'
import { linesBefore } from './statement.ts'

/** What is wrong with a statement, and where. */
export interface Mistake {
  /** In plain words. */
  readonly message: string
  /** As the engine says it; empty if it was not asked. */
  readonly details: string
  /** From which character to which; null if that is not known. */
  readonly place: { readonly from: number; readonly to: number } | null
  /** What could have been meant in its place. */
  readonly candidates: readonly string[]
}

/** How many letters differ. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + Number(a[i - 1] !== b[j - 1]))
    row = next
  }
  return row[b.length]!
}

/** The names that are most like a word, the likest first. */
export function nearest(word: string, names: readonly string[]): string[] {
  const wanted = word.toLowerCase()
  const scored = [...new Set(names)].map((name) => {
    const isPart = wanted.length > 2 && name.includes(wanted)
    return { name, score: Math.min(distance(wanted, name.toLowerCase()), isPart ? 2 : Infinity) }
  })
  return scored
    .filter(({ score }) => score <= Math.max(2, wanted.length / 2))
    .sort((a, b) => a.score - b.score || a.name.localeCompare(b.name))
    .slice(0, 3)
    .map(({ name }) => name)
}

/** Words for what the engine says. `names` gives what could have been meant of the word that it names. */
const wordings: readonly {
  pattern: RegExp
  message: (word: string) => string
  names?: (sql: string) => string[]
  /** What the engine offers would be a table of the star. */
  isOurs?: boolean
}[] = [
  {
    pattern:
      /Referenced column "(.+?)" not found|does not have a column named "(.+?)"|column (?:named )?"?(\w+)"? does not exist/,
    message: (word) => `There’s no column “${word}” here.`,
    names: (sql) => columnsFor(sql)
  },
  {
    pattern: /Table with name (.+?) does not exist|Referenced table "(.+?)" not found/,
    message: (word) => `There’s no relation “${word}”.`,
    names: () => relations.map(({ name }) => name),
    isOurs: true
  },
  {
    pattern: /Function with name (.+?) does not exist/,
    message: (word) => `There’s no function “${word}”.`,
    names: () => []
  },
  {
    pattern: /syntax error at end of input/,
    message: () => 'The statement ends too early. Is a parenthesis or an expression missing?'
  },
  {
    pattern: /syntax error at or near "(.+?)"/,
    message: (word) => `The statement can’t go on with “${word}”. Look at it and at what comes before it.`
  },
  {
    pattern: /column "(.+?)" must appear in the GROUP BY clause/,
    message: (word) =>
      `“${word}” is neither grouped nor aggregated. Add it to GROUP BY, write GROUP BY ALL, or use any_value(${word}).`
  },
  {
    pattern: /Out of Memory|could not allocate|memory access out of bounds/i,
    message: () =>
      'This needs more memory than the page has. Ask for fewer columns or rows, or group by something coarser.'
  },
  {
    pattern: /External access|disabled by configuration|file system operations are disabled/i,
    message: () => 'Queries can’t reach files or the network.'
  },
  {
    pattern: /only one statement can be asked/,
    message: () => 'A cell has one statement. Put the others into cells of their own.'
  },
  {
    pattern: /comments cannot be nested/,
    message: () => 'A comment isn’t closed, or has another one in it. Close it, or take the inner one out.'
  },
  {
    pattern: /not with this/,
    message: () => 'A statement begins with SELECT, WITH, FROM or VALUES.'
  },
  {
    pattern: /a question begins with SELECT, not with (\w+)/,
    message: (word) =>
      `Queries only read: a statement begins with SELECT, WITH, FROM or VALUES, not with ${word.toUpperCase()}.`
  },
  { pattern: /a question changes nothing/, message: () => 'Queries only read: they change nothing.' }
]

function columnsFor(sql: string): string[] {
  const read = readsOf(sql, relations).relations
  const some = relations.filter(({ name }) => !read.size || read.has(name))
  return some.flatMap(({ columns }) => columns.map(({ name }) => name))
}

/** What the engine offers itself. */
const offered = (message: string): string[] => {
  const list = /(?:Candidate bindings|Did you mean)[^"]*((?:"[^"]+"(?:, )?)+)/.exec(message)?.[1] ?? ''
  return [...list.matchAll(/"([^"]+)"/g)].map(([, name]) => name!.split('.').at(-1)!)
}

/** What the engine says: in words, or as JSON where a query can be stopped. */
function textOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  const json = /\{"exception_type".*\}/s.exec(text)?.[0]
  if (!json) return text
  try {
    const { exception_type, exception_message } = JSON.parse(json) as Record<string, string>
    return `${exception_type} Error: ${exception_message}`
  } catch {
    return text
  }
}

/** Reads what the engine, or the check before it, said about `sql`. */
export function readMistake(error: unknown, sql: string): Mistake {
  const text = textOf(error)
  const isRefused = /^(?:a question|only one statement|comments)/.test(text)
  const details = text
    .replace(/^Failed to extract statements: /, '')
    .replace(/\n\s*LINE \d+:[^]*$/, '')
    .replace(/(Table with name .*)\nDid you mean .*/, '$1')
    .trim()
  const found = wordings.find(({ pattern }) => pattern.test(text))
  const word = found?.pattern.exec(text)?.slice(1).find(Boolean) ?? ''
  const place = isRefused ? firstWord(sql) : narrow(placeOf(text, sql), sql, word)
  const names = found?.names && nearest(word, found.names(sql))
  return {
    message: found ? found.message(word) : (details.split('\n')[0] ?? '').replace(/^\w[\w ]*? Error: /, ''),
    details: isRefused ? '' : details,
    place,
    candidates: found?.names
      ? [...new Set([...(names ?? []), ...(found.isOurs ? [] : offered(text))])].slice(0, 3)
      : []
  }
}

function firstWord(sql: string) {
  const word = /^(?:\s|--[^\n]*\n|\/\*[^]*?\*\/)*(\w+)/.exec(sql)?.[1]
  if (!word) return null
  const from = sql.indexOf(word)
  return { from, to: from + word.length }
}

/** Of `hits.pth` the engine marks `hits`. */
function narrow(place: Mistake['place'], sql: string, word: string): Mistake['place'] {
  if (!place || !sql.startsWith(`.${word}`, place.to)) return place
  return { from: place.to + 1, to: place.to + 1 + word.length }
}

/** The engine shows the line with a caret below, and shortens a long one at both ends. */
function placeOf(message: string, sql: string): Mistake['place'] {
  const found = /^\s*(LINE (\d+): (\.\.\.)?)(.*)\n( *)\^/m.exec(message)
  if (!found) return null
  const [, head, number, cut, shown, indent] = found
  const lines = sql.split('\n')
  const line = Number(number) - linesBefore
  if (line < 1 || line > lines.length) return line < 1 ? null : { from: sql.length, to: sql.length }
  const whole = lines[line - 1]!
  const begin = cut ? whole.indexOf(shown!.replace(/\.\.\.$/, '')) : 0
  if (begin < 0) return null
  const column = Math.min(begin + Math.max(indent!.length - head!.length, 0), whole.length)
  const from = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0) + column
  const token = /^(?:"[^"]*"|'[^']*'|[\p{L}\p{N}_]+|\S)/u.exec(whole.slice(column))?.[0] ?? ''
  return { from, to: from + token.length }
}
