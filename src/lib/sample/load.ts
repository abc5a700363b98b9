import type { LoggedRequest } from './request.ts'
import { traffic } from './traffic.ts'

export type Level = 'low' | 'high'

export interface LoadOptions {
  seed: number
  /** Requests a second at a low level; a high level has ten times as many. */
  rate: number
  /** One level after another, and from the first again. */
  levels: readonly Level[]
  /** Seconds that a level lasts. */
  lasts: number
  /** Whether scanners ask as often as everybody else together. */
  isAttacked: boolean
  /** The share of scanners, from 0 to 1, that send the agent of a browser. */
  posing?: number
}

const times: Record<Level, number> = { low: 1, high: 10 }
const hour = 3_600_000
/** Requests that are made at a time: enough that visits and crawls keep their order. */
const drawn = 20_000

/**
 * Requests as they come, a list for each second from `from` (ms since 1970, UTC) on, without end. The same options give
 * the same requests.
 */
export function* load(options: LoadOptions, from: number): Generator<LoggedRequest[]> {
  const { seed, rate, levels, lasts, isAttacked, posing } = options
  const usual = draw(seed, posing, (kind) => kind !== 'attack' && kind !== 'broken')
  const attacks = draw(seed + 1, posing, (kind) => kind === 'attack')
  let owed = 0
  for (let second = 0; ; second++) {
    const level = levels[Math.floor(second / lasts) % levels.length]!
    owed += rate * times[level]
    const count = Math.floor(owed + 1e-9)
    owed -= count
    const start = from + second * 1_000
    const length = isAttacked ? 2 * count : count
    yield Array.from({ length }, (_, i) => ({
      ...(isAttacked && i % 2 ? attacks : usual).next().value!,
      time: start + Math.floor((1_000 * i) / length)
    }))
  }
}

/** Requests of the wanted kinds, in the order in which they would come, without end. */
function* draw(
  seed: number,
  posing: number | undefined,
  isWanted: (kind: LoggedRequest['kind']) => boolean
): Generator<LoggedRequest, never> {
  for (let round = seed; ; round += 2)
    for (const request of traffic({
      seed: round,
      from: 0,
      to: hour,
      hits: drawn,
      ...(posing !== undefined && { posing })
    }))
      if (isWanted(request.kind)) yield request
}
