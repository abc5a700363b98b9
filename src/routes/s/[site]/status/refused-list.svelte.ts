import { readSiteName } from '#lib/schema/site-name.ts'
import type { Again, Quarantined, Reason } from '#lib/schema/status.ts'
import { asError, call, session } from '#lib/state/session.svelte.ts'
import { apiOf } from '#lib/state/site-status.svelte.ts'

/** As many as the Worker gives at once. */
const pageSize = 20

type Tally = Record<Again['outcome'], number>
const none: Tally = { accepted: 0, duplicate: 0, refused: 0, cut: 0, gone: 0 }

/** The refused records of a site: read page by page, and run again. */
export class RefusedList {
  records = $state.raw<Quarantined[] | null>(null)
  /** Why records are refused, and which of the reasons is looked at; none: all. */
  reasons = $state.raw<Reason[]>([])
  reason = $state('')
  /** Where those go that belong to no site and name none; empty: they stay. */
  given = $state('')
  /** Whether there are older ones. */
  hasMore = $state(false)
  isBusy = $state(false)
  error = $state.raw<Error | null>(null)
  /** How far running all again has come, of how many. */
  progress = $state.raw<{ done: number; total: number } | null>(null)
  /** What became of those run again last. */
  tally = $state.raw<Tally | null>(null)
  readonly #path: string

  constructor(site: string) {
    this.#path = `${apiOf(site)}/quarantine`
  }

  load = () =>
    this.#try(async () => {
      const { reason } = this
      const records = await this.#page()
      // Of another reason, chosen meanwhile, the list is on its way.
      if (reason === this.reason) this.records = records
    })

  older = () =>
    this.#try(async () => {
      const known = this.records ?? []
      this.records = [...known, ...(await this.#page(known.at(-1)?.id))]
    })

  /** Some records once more through what accepts. */
  again = (ids: number[]) =>
    this.#try(async () => {
      this.tally = await this.#run(ids, none)
    })

  /** All of them, the newest first. */
  allAgain = (total: number) =>
    this.#try(async () => {
      let tally = none
      let before: number | undefined
      this.progress = { done: 0, total }
      for (;;) {
        const page = await this.#page(before)
        if (!page.length) break
        tally = await this.#run(
          page.map(({ id }) => id),
          tally
        )
        before = page.at(-1)!.id
        this.progress = { done: this.progress.done + page.length, total }
      }
      this.records = await this.#page()
      this.tally = tally
    })

  /** Those that are looked at, as far as they were there when the list was read. */
  forget = () =>
    this.#try(async () => {
      const last = this.records?.[0]?.id ?? 0
      await call(`${this.#path}?last=${last}&reason=${encodeURIComponent(this.reason)}`, { method: 'DELETE' })
      this.records = await this.#page()
    })

  async #page(before?: number): Promise<Quarantined[]> {
    const query = `before=${before ?? ''}&reason=${encodeURIComponent(this.reason)}`
    const page = await call<{ records: Quarantined[]; reasons: Reason[] }>(`${this.#path}?${query}`)
    this.hasMore = page.records.length === pageSize
    this.reasons = page.reasons
    if (!page.reasons.some(({ reason }) => reason === this.reason)) this.reason = ''
    return page.records
  }

  async #run(ids: number[], tally: Tally): Promise<Tally> {
    const site = readSiteName(this.given) ?? (this.given.trim() || undefined)
    const body = JSON.stringify({ ids, site })
    const { records } = await call<{ records: Again[] }>(`${this.#path}/again`, { method: 'POST', body })
    const results = Object.fromEntries(records.map((record) => [record.id, record]))
    const isHere = ({ id }: Quarantined) => ['refused', 'cut'].includes(results[id]?.outcome ?? 'refused')
    this.records = (this.records ?? [])
      .filter(isHere)
      .map((record) => ({ ...record, message: results[record.id]?.message || record.message }))
    const next = { ...tally }
    for (const { outcome } of records) next[outcome]++
    return next
  }

  async #try(work: () => Promise<void>) {
    this.isBusy = true
    this.tally = null
    this.error = null
    try {
      await work()
    } catch (error) {
      if (!session.meets(error)) this.error = asError(error)
    }
    this.isBusy = false
    this.progress = null
  }
}
