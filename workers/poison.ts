import { accept, type Accepted, type Context } from '#lib/accept/accept.ts'
import { scrubRaw } from '#lib/accept/scrub.ts'
import { Failure, retryAfter } from './failure.ts'
import type { Refused } from './store/quarantine.ts'

/** The same batch fails so often before it is taken for poison. */
const patience = 3
const mostKeys = 1_000
const failures = new Map<string, number>()

/**
 * Runs what we do with a batch. An error of ours (no `Failure`, which says what to do) is answered 503: perhaps it goes
 * away. The third time for the same batch it is taken `apart`, since a forwarder would send it for ever.
 */
export async function unlessPoison<T>(
  key: string,
  work: () => Promise<T>,
  apart: () => Promise<T>
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Failure) throw error
    const count = (failures.get(key) ?? 0) + 1
    if (failures.size >= mostKeys) failures.clear()
    failures.set(key, count)
    console.error(JSON.stringify({ step: 'ingest', key, count, error: String(error) }))
    if (count < patience)
      throw new Failure(503, 'internal', 'this batch could not be worked on', retryAfter(5))
    const result = await apart()
    failures.delete(key)
    return result
  }
}

const newline = 0x0a
const longestRaw = 262_144

/** Accepts what `check` stands of a batch: halves again and again, until what is left is one line. */
export function acceptApart(
  body: Uint8Array,
  context: Context,
  check: (accepted: Accepted) => void
): Accepted {
  try {
    const accepted = accept(body, context)
    check(accepted)
    return accepted
  } catch (error) {
    const middle = body.length >> 1
    const before = body.subarray(0, middle).lastIndexOf(newline)
    const after = body.indexOf(newline, middle)
    const cut = before < 0 ? after : before
    if (cut < 0 || cut === body.length - 1) return poisoned(body, error)
    return join(
      acceptApart(body.subarray(0, cut + 1), context, check),
      acceptApart(body.subarray(cut + 1), context, check)
    )
  }
}

/** A batch as one refused record. */
export function poisoned(body: Uint8Array, error: unknown): Accepted & { refusals: Refused[] } {
  const raw = scrubRaw(new TextDecoder().decode(body.subarray(0, longestRaw))).slice(0, longestRaw)
  const message = `record failed: ${String(error)}`
  const isCut = body.length > longestRaw && { is_cut: true as const }
  const refusals = [
    { index: 0, reason: 'internal' as const, message, sample: raw.slice(0, 256), raw, ...isCut }
  ]
  return { received: 1, hits: new Map(), indices: new Map(), refusals }
}

function join(first: Accepted, second: Accepted): Accepted {
  const shift = first.received
  for (const [service, hits] of second.hits) {
    const indices = second.indices.get(service)!.map((index) => index + shift)
    first.hits.set(service, [...(first.hits.get(service) ?? []), ...hits])
    first.indices.set(service, [...(first.indices.get(service) ?? []), ...indices])
  }
  for (const refusal of second.refusals) first.refusals.push({ ...refusal, index: refusal.index + shift })
  first.received += second.received
  return first
}
