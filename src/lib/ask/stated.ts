import type { Selection } from '#lib/filter/filter.ts'
import { countedUnder, type Question } from './counted.ts'
import type { Variable, Variables } from './selected.ts'

/** A question as it was asked: under which selection, and with which variables of the panels. */
interface Stated {
  readonly question: Question
  readonly selection: Selection | null
  readonly variables: Variables
}

const stated = new WeakMap<object, Stated>()

/** Notes which question gave these rows. */
export const noteQuestion = (rows: object, question: Stated): void => void stated.set(rows, question)

/** Notes that rows were made of others. */
export function noteSource<Rows extends object>(rows: Rows, source: object): Rows {
  const known = stated.get(source)
  if (known) stated.set(rows, known)
  return rows
}

/**
 * The statement that gives these rows on another connection under the same selection; null if nothing is known of it.
 * Roll-ups are no part of it: they don't follow a filter that is set later. The variables' values stand in it.
 */
export function statementOf(rows: object): string | null {
  const { question, selection, variables } = stated.get(rows) ?? {}
  if (!question || !variables) return null
  if (typeof question === 'string') return withValues(question, variables)
  return selection ? withValues(question(countedUnder(selection)), variables) : null
}

const withValues = (sql: string, variables: Variables): string =>
  sql.replace(/getvariable\('(\w+)'\)/g, (call, name: string) =>
    Object.hasOwn(variables, name) ? literal(variables[name]!) : call
  )

function literal(variable: Variable): string {
  if (variable instanceof Date) return `epoch_ms(${Math.round(variable.getTime())})`
  if (typeof variable === 'string') return text(variable)
  if (variable === null || typeof variable !== 'object') return String(variable)
  return `[${variable.map(literal).join(', ')}]`
}

/** The engine would end a statement at a NUL. */
const text = (value: string) => {
  const parts = value.split('\0').map((part) => `'${part.replaceAll("'", "''")}'`)
  return parts.length > 1 ? `(${parts.join(' || chr(0) || ')})` : parts[0]!
}
