import { Rates } from '../access/rates.ts'
import { Failure, retryAfter } from '../failure.ts'

/** What a token may send a second, and ten seconds of it at once. */
const batches = new Rates(200, 2_000)
const bytes = new Rates(20 << 20, 200 << 20)
/** What the work on a batch grows with. */
const decodedBytes = new Rates(64 << 20, 640 << 20)

/** A body that announces no length takes so much until it is read: bodies that stall lie in memory meanwhile. */
const unannounced = 10 << 20

/** Before the body of a batch is read; `size` is what its length announces, 0 if it has none. Throws 429. */
export function limitAnnounced(token: string, size: number, now: number): void {
  hold(Math.max(batches.take(token, 1, now), bytes.take(token, size || unannounced, now)))
}

/** Before the decoded body of a batch is parsed. Throws 429. */
export function limitDecoded(token: string, announced: number, decoded: number, now: number): void {
  if (announced === 0) bytes.give(token, unannounced - decoded, now)
  hold(decodedBytes.take(token, decoded, now))
}

/** Refuses a batch for so many seconds. */
function hold(seconds: number): void {
  if (seconds === 0) return
  const message = 'this token sends more than 200 batches, 20 MiB or decoded 64 MiB a second'
  throw new Failure(429, 'too_fast', message, retryAfter(seconds))
}
