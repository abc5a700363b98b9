import type { Selection } from './filter.ts'

/** Plain values: BIGINT is a number when safe, a TIMESTAMP milliseconds since 1970, UTC. */
export type Cell = number | bigint | string | boolean | null | Cell[] | { [key: string]: Cell }

/** Thrown by `ask` when the selection changed before the answer was there: not an error to show. */
export class Superseded extends Error {
  override name = 'Superseded'
}

/** An engine's error with the SQL that caused it. */
export class QueryError extends Error {
  override name = 'QueryError'
  readonly sql: string

  constructor(cause: unknown, sql: string) {
    super(cause instanceof Error ? cause.message : String(cause), { cause })
    this.sql = sql
  }
}

/** One connection: one selection at a time, answers cached by SQL, selection and data. */
export interface Query {
  readonly selection: Selection | null
  /** Rises whenever rows were added or removed. */
  readonly version: number
  /** How many questions reached the engine and how long they took, in milliseconds. */
  readonly spent: { asked: number; ms: number }
  /** Sets what `selected(own, period)` means for every `ask` that follows; older asks are Superseded. */
  select(selection: Selection): Promise<void>
  /** Variables for `getvariable(name)` beside those of the selection (bucket sizes, zone offsets). */
  set(variables: Record<string, Variable>): Promise<void>
  ask<Row = Record<string, Cell>>(sql: string, options?: { signal?: AbortSignal }): Promise<Row[]>
  /** The columns of an answer with their types, and no more than `limit` rows: for the SQL page. */
  table(sql: string, limit: number): Promise<{ columns: { name: string; type: string }[]; rows: Cell[][] }>
  /** Stops what runs and drops what waits. */
  cancel(): Promise<void>
  close(): Promise<void>
}

export type Variable = string | number | boolean | null | (string | number | null)[]
