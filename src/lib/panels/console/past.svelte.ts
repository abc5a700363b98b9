import { keep, readKept } from './kept.ts'

/** A run of a query. */
export interface Run {
  readonly sql: string
  /** Milliseconds since 1970. */
  readonly at: number
  readonly outcome: 'done' | 'failed' | 'canceled'
  readonly rows: number
  /** There are more rows than were asked for. */
  readonly isCut: boolean
  readonly ms: number
}

const mostRuns = 200
/** A longer statement is not kept. */
const mostCharacters = 20_000

const isRun = (value: unknown): value is Run => {
  const { sql, at, outcome } = (value ?? {}) as Run
  return typeof sql === 'string' && typeof at === 'number' && ['done', 'failed', 'canceled'].includes(outcome)
}

/** What was run on this device, the newest first. */
export class Past {
  runs = $state.raw<readonly Run[]>([])
  readonly #key: string

  constructor(site: string) {
    this.#key = `history:${site}`
    this.runs = readKept(this.#key, isRun)
  }

  /** A statement that is run again moves to the front. */
  add(run: Run) {
    if (run.sql.length > mostCharacters) return
    this.runs = [run, ...this.runs.filter(({ sql }) => sql !== run.sql)].slice(0, mostRuns)
    keep(this.#key, this.runs)
  }

  clear() {
    this.runs = []
    keep(this.#key, [])
  }
}
