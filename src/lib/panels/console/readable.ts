import type { Query } from '#lib/ask/query.ts'
import type { Answer } from '#lib/engine/connection.ts'
import { askFor, describe, type Sort } from './statement.ts'

/**
 * Types that Arrow changes or rounds. Times in lists and structs lose their type. The values of an ENUM get lost when a
 * result comes in slices.
 */
const unreadable = 'BIT|BIGNUM|UHUGEINT|TIME WITH TIME ZONE|TIMESTAMP_NS'
const times = 'TIMESTAMP WITH TIME ZONE|TIMESTAMP_MS|TIMESTAMP_S|TIMESTAMP|DATE'
/** Of a type's text: a quoted name, an ENUM with its values, or a type, which a name without quotes may look like. */
const partsOf = (types: string) =>
  new RegExp(`"(?:[^"]|"")*"|ENUM\\((?:'(?:[^']|'')*'(?:, )?)*\\)|\\b(?:${types})(?=[,)[]|$)`, 'g')
const alone = partsOf(unreadable)
const nested = partsOf(`${unreadable}|${times}`)

/** The type that a type of DuckDB is cast to, to be read; null if it is read as it is. */
export function readableOf(type: string): string | null {
  const bare = type.replace(/"(?:[^"]|"")*"|'(?:[^']|'')*'/g, '"')
  // A row whose values have no names, or a value of any of several types.
  if (/\bUNION\(|\bSTRUCT\((?:[A-Z_]+|"|TIME(?:STAMP)? WITH TIME ZONE)[,)([]/.test(bare)) return 'VARCHAR'
  const isNested = /\]$|^(?:STRUCT|MAP)\(/.test(bare)
  const cast = type.replace(isNested ? nested : alone, (part) => (part.startsWith('"') ? part : 'VARCHAR'))
  return cast === type ? null : cast
}

/** Types of Arrow that may stand for such a type. */
const doubtful =
  /Binary|Dictionary|Union|Time64|NANOSECOND|^(?:List|FixedSizeList|Struct|Map).*(?:Date|Timestamp|\{:)/

/** Arrow's error for a time in a list or struct that is infinite, or far away. */
const tooFar = /is not safe to convert to a number/

/** The rows of a statement, asked with `ask`. What Arrow can't carry is asked for again as text. */
export async function readRows(
  ask: (question: string) => ReturnType<Query['answerOnce']>,
  sql: string,
  limit: number,
  sort: Sort | null
): Promise<Answer> {
  const answer = await ask(askFor(sql, limit, sort)).catch((error: Error) => {
    if (!tooFar.test(error.message)) throw error
    return null
  })
  if (answer && !answer.columns.some(({ type }) => doubtful.test(type))) return answer
  const columns = (await ask(describe(sql))).rows.map(([name, type]) => ({
    name: String(name),
    cast: readableOf(String(type))
  }))
  return answer && columns.every(({ cast }) => !cast) ? answer : ask(askFor(sql, limit, sort, columns))
}
