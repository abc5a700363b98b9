import { pace } from '#lib/state/pace.svelte.ts'
import { Result } from '#lib/state/result.svelte.ts'
import { sync } from '#lib/state/sync.svelte.ts'
import { untrack } from 'svelte'

/** The one question of a panel, asked anew when it changes and whenever the panels' turn comes. */
export class Asking<Row> {
  readonly #sql: () => string
  readonly #result = new Result<Row>()
  /** None until the first answer is there. */
  rows = $derived(this.#result.rows ?? [])
  isEmpty = $derived(this.#result.rows?.length === 0)

  /** To be made while its component is. */
  constructor(sql: () => string) {
    this.#sql = sql
    $effect(() => {
      if (pace.epoch && sql()) untrack(this.#ask)
    })
  }

  #ask = () => this.#result.ask(sync.device?.query ?? null, this.#sql())

  /** How it stands, as Frame takes it. */
  get frame() {
    const { rows, isPending, error } = this.#result
    return { isBusy: !rows, isPending, error, retry: this.#ask }
  }
}
