import { seenColumns, seenExample } from './columns.ts'

/** What is wrong with the condition of an owner's rule. */
export interface Problem {
  message: string
  /** The place in the condition of what is wrong, if it is known. */
  at: number | null
}

/** Neither SELECT nor FROM is among them, so a condition reads no table and no file. */
const keywords = new Set(
  'and or not is null in between like ilike similar to escape case when then else end true false cast try_cast as date timestamp'.split(
    ' '
  )
)
const types = new Set('boolean integer bigint double varchar text'.split(' '))
/** None makes a text longer than what it is given, so a visitor takes a bounded time. */
export const functions: readonly string[] =
  'abs ceil coalesce concat contains date_part day dayofweek ends_with epoch_ms floor greatest hour if ifnull instr isodow least left length lower minute month nullif regexp_extract regexp_full_match regexp_matches right round sign split_part starts_with strpos substring trim upper year'.split(
    ' '
  )
const names = new Set(seenColumns.map(({ name }) => name))

const token =
  /'(?:[^']|'')*'|(?<word>[a-z_]\w*)|\d+(?:\.\d+)?|\.\d+|(?<sign><=|>=|<>|!=|\|\||!~|[<>=+\-*/%(),~])/iy

/** What is wrong with the words of a condition; null if the engine may see it. */
export function problemOf(condition: string): Problem | null {
  if (!condition.trim()) return { message: 'The condition is empty.', at: null }
  let depth = 0
  for (let at = 0; at < condition.length;) {
    if (/\s/.test(condition[at]!)) {
      at++
      continue
    }
    token.lastIndex = at
    const { word, sign } = token.exec(condition)?.groups ?? {}
    const end = token.lastIndex
    if (!end) return { message: unexpected(condition, at), at }
    if (sign === '(') depth++
    if (sign === ')' && --depth < 0) return { message: 'This parenthesis was never opened.', at }
    if (sign === ',' && !depth) return { message: 'A condition is one expression. Remove the comma.', at }
    if (/^(?:--|\/\*)/.test(condition.slice(at, at + 2)))
      return { message: 'A condition can’t have a comment.', at }
    if (word && !isAllowed(word.toLowerCase(), /^\s*\(/.test(condition.slice(end))))
      return {
        message: `A condition can’t use “${word}”: it isn’t a known column, function or operator.`,
        at
      }
    at = end
  }
  return depth ? { message: 'A parenthesis is not closed.', at: condition.length } : null
}

const isAllowed = (word: string, isCalled: boolean) =>
  isCalled && functions.includes(word) ? true : keywords.has(word) || types.has(word) || names.has(word)

const unexpected = (condition: string, at: number) =>
  condition[at] === "'" ? 'A text is not closed.' : `A condition can’t have “${condition[at]}” here.`

/** A condition in one line, each character at its place. */
export const inLine = (condition: string): string => condition.replace(/\s/g, ' ')

/** Asks the engine for the type of a condition; it refuses one that is wrong. */
export const typeSql = (condition: string): string =>
  `SELECT typeof(\n${inLine(condition)}\n) AS type, (\n${inLine(condition)}\n) AS value FROM (${seenExample})`

/** What the engine says is wrong with a condition, and where. */
export function readRefusal(error: unknown, condition: string): Problem {
  const text = error instanceof Error ? error.message : String(error)
  const message = text
    .replace(/^(?:Failed to extract statements: )?(?:Invalid Input Error: )?/, '')
    .replace(/\n\s*LINE \d+:[^]*$/, '')
    .trim()
  return { message, at: placeOf(text, inLine(condition)) }
}

/** The engine shows the line with a caret below, and shortens a long one at both ends. */
function placeOf(message: string, condition: string): number | null {
  const found = /^(LINE (\d+): (\.\.\.)?)(.*)\n( *)\^/m.exec(message)
  if (!found) return null
  const [, head, line, isCut, shown, indent] = found
  if (Number(line) % 2) return condition.length
  const from = isCut ? condition.indexOf(shown!.replace(/\.\.\.$/, '')) : 0
  return from < 0 ? null : from + Math.max(indent!.length - head!.length, 0)
}
