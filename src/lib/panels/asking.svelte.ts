import type { Query } from '#lib/ask/query.ts'
import { statementOf } from '#lib/ask/stated.ts'
import { pace } from '#lib/state/pace.svelte.ts'
import { Result } from '#lib/state/result.svelte.ts'
import { sync } from '#lib/state/sync.svelte.ts'
import { untrack } from 'svelte'

/** What a panel asks, asked anew when what it depends on changes and whenever the panels' turn comes. */
export class Asking<Row> {
  readonly #ask: (query: Query) => Promise<Row[]>
  readonly #result = new Result<Row>()
  readonly #sql: string | null = $derived(this.#result.rows && statementOf(this.#result.rows))
  /** None until the first answer is there. */
  rows = $derived(this.#result.rows ?? [])
  isEmpty = $derived(this.#result.rows?.length === 0)

  /** To be made while its component is. */
  constructor(ask: (query: Query) => Promise<Row[]>) {
    this.#ask = ask
    $effect(() => {
      if (pace.epoch) this.#again()
    })
  }

  #again = () => {
    const query = untrack(() => sync.device?.query)
    void this.#result.ask(query ? () => this.#ask(query) : null)
  }

  /** How it stands, as Frame takes it. */
  get frame() {
    const { rows, isPending, error } = this.#result
    return { isBusy: !rows, isPending, error, sql: this.#sql, retry: this.#again }
  }
}
