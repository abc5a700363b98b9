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
  const [paths, users] = [new Map<string, number>(), new Map<string, number>()]
  const codes: Codes = { '2xx': 0, '3xx': 0, '4xx': 0, '5xx': 0 }
  let hits = 0
  for (const { second, path, user, status } of requests) {
    if (second < from || second >= from + seconds) continue
    hits++
    if (path !== null) paths.set(path, (paths.get(path) ?? 0) + 1)
    if (user !== null) users.set(user, (users.get(user) ?? 0) + 1)
    const code = `${Math.floor((status ?? 0) / 100)}xx`
    if (isCode(codes, code)) codes[code]++
  }
  return statisticsBy({ from, seconds, hits, paths: mostOf(paths), users: mostOf(users), codes })
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
