import type { Storage } from '../store/storage.ts'
import { Rates } from './rates.ts'

const remembered = 24 * 3_600_000
/** Memory and table keep the networks that failed last: a few megabytes at most. */
export const mostNetworks = 10_000

interface Pace {
  /** Wrong passwords before the first delay. */
  free: number
  /** The longest delay, ms. */
  longest: number
}

const usual: Pace = { free: 5, longest: 15 * 60_000 }

/**
 * More failed networks than this within a day guess together, and each may guess less. The first attempt from any other
 * network stays free, so this can't keep the owner out.
 */
export const crowd = 50
export const crowded: Pace = { free: 2, longest: 3_600_000 }

/** How long after the last of so many failures the next attempt may come, ms. */
export function delayAfter(failures: number, { free, longest }: Pace = usual): number {
  return failures < free ? 0 : Math.min(2 ** (failures - free + 1) * 1000, longest)
}

interface Attempt {
  failures: number
  /** ms since 1970. */
  last: number
}

/**
 * Failed sign-ins by network. Memory counts all of them; the table keeps the counts over a restart. When the budget of
 * writes is spent, a count stays in memory only.
 */
export class Attempts {
  readonly #storage: Storage
  readonly #writes = new Rates(1, 600)
  /** The network that failed longest ago comes first. */
  #known: Map<string, Attempt> | undefined

  constructor(storage: Storage) {
    this.#storage = storage
  }

  /**
   * Counts an attempt of each network as failed before its password is checked, so that concurrent attempts can't share
   * a free one. Returns 0, or, counting nothing, the ms that one of the networks has to wait.
   */
  knock(networks: readonly string[], now: number): number {
    const known = this.#recent(now)
    const pace = known.size > crowd ? crowded : usual
    const waits = networks.flatMap((network) => {
      const attempt = known.get(network)
      return attempt ? attempt.last + delayAfter(attempt.failures, pace) - now : []
    })
    const wait = Math.max(0, ...waits)
    if (wait === 0) for (const network of networks) this.#count(known, network, now)
    return wait
  }

  /** Forgets the failures of networks that gave the right password. */
  forgive(networks: readonly string[], now: number): void {
    for (const network of networks) this.#drop(this.#recent(now), network)
  }

  #count(known: Map<string, Attempt>, network: string, now: number): void {
    const failures = (known.get(network)?.failures ?? 0) + 1
    known.delete(network)
    known.set(network, { failures, last: now })
    this.#trim(known, now)
    if (this.#writes.take('all', 1, now) === 0)
      this.#storage.sql(
        'insert or replace into attempt (key, failures, last) values (?, ?, ?)',
        network,
        failures,
        now
      )
  }

  #recent(now: number): Map<string, Attempt> {
    this.#known ??= this.#load()
    this.#trim(this.#known, now)
    return this.#known
  }

  #trim(known: Map<string, Attempt>, now: number): void {
    for (const [network, { last }] of known) {
      if (last >= now - remembered && known.size <= mostNetworks) break
      this.#drop(known, network)
    }
  }

  #load(): Map<string, Attempt> {
    const rows = this.#storage.sql<Attempt & { key: string }>('select * from attempt order by last')
    return new Map(rows.map(({ key, failures, last }) => [key, { failures, last }]))
  }

  #drop(known: Map<string, Attempt>, network: string): void {
    // Only a network in memory can have a row.
    if (known.delete(network)) this.#storage.sql('delete from attempt where key = ?', network)
  }
}
