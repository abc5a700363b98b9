import type { InsertColumn } from './columns.ts'

/** Plain values: BIGINT is a number when safe, a TIMESTAMP or DATE milliseconds since 1970, UTC. */
export type Cell = number | bigint | string | boolean | null | Cell[] | { [key: string]: Cell }

export interface Answer {
  columns: { name: string; type: string }[]
  rows: Cell[][]
}

/** What a placeholder takes. */
export type Bound = string | number | boolean | null

/** A connection to DuckDB: in the page an engine in a worker, in tests also the native one. */
export interface Connection {
  /** Runs to its end; with values, one statement with as many `?`. */
  run(sql: string, values?: readonly Bound[]): Promise<Answer>
  /** One statement that `cancel` can stop. */
  ask(sql: string): Promise<Answer>
  /** Adds rows to a table with the same columns in the same order. The columns' buffers may be gone afterwards. */
  insert(table: string, columns: readonly InsertColumn[]): Promise<void>
  cancel(): Promise<void>
  close(): Promise<void>
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

/** The rows as objects, by the names of the columns. */
export const toObjects = <Row>({ columns, rows }: Answer): Row[] =>
  rows.map((cells) => Object.fromEntries(columns.map(({ name }, i) => [name, cells[i]])) as Row)

/** Parts a script of ours, whose statements end a line with `;`, into its statements. */
export const statementsOf = (script: string): string[] =>
  script
    .split(/;\s*(?:\n|$)/)
    .map((statement) => statement.trim())
    .filter((statement) => statement.replace(/^--.*$/gm, '').trim())
