import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import type { AcceptedHit } from '#lib/schema/hit.ts'
import { shared } from '../needs.ts'

/** Public corpora; tests that read them say `needs('shared')`. */
export const corpora = `${shared}data/`

/** The rows of a gzipped file of JSON lines. */
export function readRows<T>(path: string): T[] {
  const lines = gunzipSync(readFileSync(corpora + path))
    .toString()
    .trimEnd()
    .split('\n')
  return lines.map((line) => JSON.parse(line) as T)
}

/** A hit with nothing in it but what is given. */
export function hitOf(given: Partial<AcceptedHit>): AcceptedHit {
  return {
    kind: 'request',
    time: Date.UTC(2026, 0, 15, 12),
    utc_offset: null,
    host: null,
    method: null,
    path: null,
    query: null,
    protocol: null,
    scheme: null,
    status: null,
    bytes: null,
    request_bytes: null,
    duration: null,
    upstream_duration: null,
    upstream_status: null,
    cache_status: null,
    referrer: null,
    user_agent: null,
    ip: null,
    client_name: null,
    remote_user: null,
    server: null,
    request_id: null,
    message: null,
    extra: null,
    shape: 'combined',
    token: null,
    flags: null,
    ...given
  }
}

/** Milliseconds of processor time, which other processes do not spoil; it ticks coarsely, so `work` must be long. */
export function timeOf(work: () => void): number {
  const before = process.cpuUsage()
  work()
  return process.cpuUsage(before).user / 1000
}

/** Thousands of calls a second, over a hundred thousand calls and more, warm. */
export function thousandsPerSecond<T>(inputs: readonly T[], call: (input: T) => unknown): number {
  const rounds = Math.ceil(100_000 / inputs.length)
  const run = () => inputs.forEach((input) => call(input))
  run()
  const time = timeOf(() => {
    for (let round = 0; round < rounds; round++) run()
  })
  return Math.round((inputs.length * rounds) / time)
}
