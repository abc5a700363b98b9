import type { Dimension } from '#lib/filter/dimension.ts'
import { askBeside } from '#lib/state/beside.ts'
import { statementOf } from '#lib/ask/stated.ts'
import { Result } from '#lib/state/result.svelte.ts'
import { sync } from '#lib/state/sync.svelte.ts'
import { toCsv } from '#lib/format/csv.ts'
import { topMetrics, topSql, type Top, type TopMetric, type TopRow } from './ranking.ts'

const page = 200
const everything = 1_000_000

/** The values of one column with every metric, in an order, as many as were scrolled to. */
export class Ranking {
  sort = $state<TopMetric | 'value'>('requests')
  isAscending = $state(false)
  #result = new Result<TopRow>()
  #field: Dimension | null = null
  #limit = page
  #text = ''
  #later: ReturnType<typeof setTimeout> | undefined

  error = $derived(this.#result.error)
  sql = $derived(this.#result.rows && statementOf(this.#result.rows))
  isPending = $derived(this.#result.isPending)
  total = $derived(this.#result.rows?.find((row) => row.is_total) ?? null)
  rows = $derived(this.#result.rows?.filter((row) => !row.is_total) ?? [])
  hasMore = $derived(this.rows.length < (this.total?.listed ?? 0))

  ask(field: Dimension) {
    if (field !== this.#field) this.#limit = page
    this.#field = field
    return this.#result.ask(sync.shown && (() => this.#ask<TopRow>(this.#sql(this.#limit))))
  }

  order(sort: TopMetric | 'value') {
    this.isAscending = sort === this.sort ? !this.isAscending : sort === 'value'
    this.sort = sort
    return this.#again()
  }

  search(text: string) {
    clearTimeout(this.#later)
    this.#later = setTimeout(() => {
      this.#text = text
      void this.#again()
    }, 150)
  }

  more = () => {
    if (!this.hasMore || this.isPending || !this.#field) return
    this.#limit += page
    return this.ask(this.#field)
  }

  /** All of it, not only what was scrolled to. */
  async csv(): Promise<string> {
    const rows = await this.#ask<TopRow>(this.#sql(everything))
    const listed = rows.filter((row) => !row.is_total)
    return toCsv([
      [this.#field, ...topMetrics],
      ...listed.map((row) => [row.value, ...topMetrics.map((metric) => row[metric])])
    ])
  }

  /** The panels behind the dialog may still be asking. */
  #ask = async <Row>(sql: string): Promise<Row[]> =>
    sync.shown ? askBeside<Row>(sync.shown, sql, { top_search: this.#text }) : []

  #again() {
    this.#limit = page
    return this.#field && this.ask(this.#field)
  }

  #sql(limit: number) {
    const { sort, isAscending } = this
    const traffic = sync.shown?.traffic ?? 'all'
    const top: Top = {
      column: this.#field!,
      traffic,
      isSearched: this.#text !== '',
      sort,
      isAscending,
      limit
    }
    return topSql(top)
  }
}
