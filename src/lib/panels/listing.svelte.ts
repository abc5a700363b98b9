import type { Query } from '#lib/ask/query.ts'
import { statementOf } from '#lib/ask/stated.ts'
import { Result } from '#lib/state/result.svelte.ts'
import { byOperator } from './operators.ts'
import type { Tab } from './ledger.ts'
import { breakdownOf, type Value } from './breakdowns.ts'

/** The answer to what a tab asks, and to the same of the period before. */
export class Listing {
  #now = new Result<Value>()
  #before = new Result<Value>()
  #tab = $state.raw<Tab | null>(null)
  #hasPrevious = $state(false)
  #operatorOf = $state.raw<((name: string) => string | null) | null>(null)

  error = $derived(this.#now.error)
  isPending = $derived(this.#now.isPending)
  sql = $derived(this.#now.rows && statementOf(this.#now.rows))
  #needed = $derived(this.#tab?.name === 'operator' && !this.#operatorOf)
  #values = $derived(this.#now.rows ?? [])
  /** What is counted of all values; null while that is not known. */
  total = $derived(this.#needed || !this.#now.rows ? null : totalOf(this.#values))
  /** The tab as its values are to be clicked, and the values. */
  told = $derived(
    this.#tab?.name === 'operator' && this.#operatorOf
      ? byOperator(this.#tab, this.#values, this.#operatorOf)
      : { tab: this.#tab, values: this.#values }
  )
  #earlier = $derived.by(() => {
    if (!this.#hasPrevious || !this.#before.rows) return null
    // eslint-disable-next-line svelte/prefer-svelte-reactivity -- made anew, never changed
    return new Map(this.#before.rows.map((row) => [row.value, row]))
  })
  isCompared = $derived(this.#earlier !== null)

  /** `until` ends what it is compared with; null if nothing is. */
  ask(query: Query | null, tab: Tab, until: number | null) {
    if (tab !== this.#tab) for (const result of [this.#now, this.#before]) result.forget()
    this.#tab = tab
    if (this.#needed) void this.#learn()
    this.#hasPrevious = until !== null
    if (!query) return
    void this.#now.ask(() => query.ask(breakdownOf(tab, 'now')))
    if (until !== null) void this.#before.ask(() => query.ask(breakdownOf(tab, 'previous', until)))
  }

  async #learn() {
    const { botByName } = await import('#lib/enrich/bots.ts')
    this.#operatorOf = (name) => {
      const operator = botByName(name)?.operator
      return !operator || operator === 'none' ? null : operator
    }
  }

  /** What was counted of a value in the period before; null where that cannot be told. */
  before({ value }: Value): number | null {
    const known = this.#earlier?.get(value)
    if (known || !this.#earlier) return known?.counted ?? null
    return totalOf(this.#before.rows ?? []).listed > this.#earlier.size ? null : 0
  }
}

/** What all values have together, told by each row of them. */
export type Total = Pick<Value, 'listed' | 'requests' | 'counted'>

const totalOf = ([first]: readonly Value[]): Total => ({
  listed: first?.listed ?? 0,
  requests: first?.all_requests ?? 0,
  counted: first?.all_counted ?? 0
})
