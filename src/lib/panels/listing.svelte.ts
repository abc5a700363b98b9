import type { Query } from '#lib/data/query.ts'
import type { Selection } from '#lib/data/filter.ts'
import { Result } from '#lib/state/result.svelte.ts'
import { byOperator } from './operators.ts'
import type { Tab } from './ledger.ts'
import { breakdownSql, type Value } from './breakdowns.ts'

/** The answer to what a tab asks, and to the same of the period before. */
export class Listing {
  #now = new Result<Value>()
  #before = new Result<Value>()
  #tab = $state.raw<Tab | null>(null)
  #hasPrevious = $state(false)
  #operatorOf = $state.raw<((name: string) => string | null) | null>(null)

  error = $derived(this.#now.error)
  isPending = $derived(this.#now.isPending)
  #needed = $derived(this.#tab?.name === 'operator' && !this.#operatorOf)
  #rows = $derived(this.#now.rows?.filter(({ tab }) => tab === (this.#tab?.like ?? this.#tab?.name)) ?? [])
  total = $derived(this.#needed ? null : (this.#rows.find((row) => row.is_total) ?? null))
  #values = $derived(this.#rows.filter((row) => !row.is_total))
  /** The tab as its values are to be clicked, and the values. */
  told = $derived(
    this.#tab?.name === 'operator' && this.#operatorOf
      ? byOperator(this.#tab, this.#values, this.#operatorOf)
      : { tab: this.#tab, values: this.#values }
  )
  #earlier = $derived.by(() => {
    if (!this.#hasPrevious || !this.#before.rows) return null
    const rows = this.#before.rows.filter(({ tab }) => tab === (this.#tab?.like ?? this.#tab?.name))
    // eslint-disable-next-line svelte/prefer-svelte-reactivity -- made anew, never changed
    return new Map(rows.map((row) => [row.is_total ? isTotal : row.value, row]))
  })
  isCompared = $derived(this.#earlier !== null)

  ask(query: Query | null, tab: Tab, { clauses, traffic, previous }: Selection) {
    this.#tab = tab
    if (this.#needed) void this.#learn()
    this.#hasPrevious = previous !== undefined
    void this.#now.ask(query, breakdownSql(tab, clauses, traffic, 'now'))
    if (previous) void this.#before.ask(query, breakdownSql(tab, clauses, traffic, 'previous'))
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
    const listed = this.#earlier.get(isTotal)?.listed ?? 0
    return listed >= this.#earlier.size ? null : 0
  }
}

const isTotal = Symbol('total')
