import type { Accepted } from '#lib/accept/accept.ts'
import type { AcceptedHit } from '#lib/schema/hit.ts'
import { sha256 } from './store/storage.ts'

/** Characters of a forwarder's key that are kept; of a longer one its hash. */
const longest = 200

/** Two health checks of one second are two hits: a batch says too little of itself with fewer different records. */
const fewestDifferent = 10

/**
 * The key by which a batch is known again; null where an equal body may be another batch. A forwarder's own key counts
 * with the body it came with: another body under the same key is another batch. A body alone is a key if at least ten
 * of its records differ, and half of them: the lines of a load test repeat within a second, and so do whole batches.
 */
export async function keyOf(
  given: string | undefined,
  hash: string,
  accepted: Accepted
): Promise<string | null> {
  if (given) return `${given.length > longest ? await sha256(given) : given}:${hash}`
  return isTelling(accepted) ? hash : null
}

/** Looks at no more records than it takes to decide: half of them, where all differ. */
function isTelling(accepted: Accepted): boolean {
  const texts = countTexts(accepted)
  const needed = Math.max(fewestDifferent, texts / 2)
  const different = new Set<string>()
  let looked = 0
  for (const text of textsOf(accepted)) {
    different.add(text)
    looked++
    if (different.size >= needed) return true
    if (different.size + texts - looked < needed) return false
  }
  return false
}

/** Refused records beyond those that are listed have no text. */
function countTexts({ hits, refusals }: Accepted): number {
  return [...hits.values()].reduce((sum, own) => sum + own.length, refusals.length)
}

function* textsOf({ hits, refusals }: Accepted): Generator<string> {
  for (const own of hits.values()) for (const hit of own) yield textOf(hit)
  for (const { sample } of refusals) yield sample
}

/** What differs from hit to hit, if anything does. */
const textOf = ({ request_id, time, ip, path, query, bytes, duration, user_agent }: AcceptedHit) =>
  `${request_id} ${time} ${ip} ${path} ${query} ${bytes} ${duration} ${user_agent}`
