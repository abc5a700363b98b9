/** What statistics look at of a request. */
export interface Counted {
  /** Seconds since 1970. */
  second: number
  path: string | null
  /** Who asked: the signed-in user, or the visitor. */
  user: string | null
  status: number | null
}

/** The statistics of a stretch of time, with the names that HttpLogMonitor gives them. */
export interface Statistics {
  /** The start of the stretch: ISO 8601, UTC. */
  time: string
  tps: number
  transactions_per_second: number
  most_hits: string[]
  most_active_users: string[]
  status_codes: { '2xx': number; '3xx': number; '4xx': number; '5xx': number }
}

const listed = 3

type Codes = Statistics['status_codes']

/** Statistics of the requests of `seconds` from a second on. */
export function statisticsOf(requests: Iterable<Counted>, from: number, seconds: number): Statistics {
  const stretch = new Stretch(from, seconds)
  for (const request of requests)
    if (request.second >= from && request.second < from + seconds) stretch.add(request)
  return stretch.statistics()
}

/** Counts the requests of a stretch of time, so that they need not be kept. */
export class Stretch {
  readonly #from: number
  readonly #seconds: number
  readonly #paths = new Map<string, number>()
  readonly #users = new Map<string, number>()
  readonly #codes: Codes = { '2xx': 0, '3xx': 0, '4xx': 0, '5xx': 0 }
  #hits = 0

  constructor(from: number, seconds: number) {
    this.#from = from
    this.#seconds = seconds
  }

  add({ path, user, status }: Omit<Counted, 'second'>): void {
    this.#hits++
    countIn(this.#paths, path)
    countIn(this.#users, user)
    const code = `${Math.floor((status ?? 0) / 100)}xx`
    if (isCode(this.#codes, code)) this.#codes[code]++
  }

  /** Its statistics, or those of its first `seconds` if it has no more yet. */
  statistics(seconds = this.#seconds): Statistics {
    const [paths, users] = [mostOf(this.#paths), mostOf(this.#users)]
    return statisticsBy({
      from: this.#from,
      seconds,
      hits: this.#hits,
      paths,
      users,
      codes: { ...this.#codes }
    })
  }
}

export function countIn(counts: Map<string, number>, value: string | null): void {
  if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1)
}

/** The same of what was counted already. */
export function statisticsBy(counted: {
  from: number
  seconds: number
  hits: number
  paths: readonly string[]
  users: readonly string[]
  codes: Codes
}): Statistics {
  const { from, seconds, hits, paths, users, codes } = counted
  const rate = Number((hits / seconds).toFixed(3))
  return {
    time: new Date(from * 1_000).toISOString(),
    tps: rate,
    transactions_per_second: rate,
    most_hits: paths.slice(0, listed),
    most_active_users: users.slice(0, listed),
    status_codes: codes
  }
}

const isCode = <T extends object>(codes: T, code: PropertyKey): code is keyof T => Object.hasOwn(codes, code)

/** Those that were counted most often; of equal ones the first by their text. */
export const mostOf = (counts: ReadonlyMap<string, number>, most = listed): string[] =>
  [...counts]
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .slice(0, most)
    .map(([value]) => value)
