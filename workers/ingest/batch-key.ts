import type { Accepted } from '#lib/accept/accept.ts'
import type { AcceptedHit } from '#lib/schema/hit.ts'
import { sha256 } from '../store/storage.ts'

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

function isTelling(accepted: Accepted): boolean {
  const needed = Math.max(fewestDifferent, countTexts(accepted) / 2)
  return [briefOf, textOf].some((spell) => areDifferent(textsOf(accepted, spell), needed))
}

/** Looks at no more texts than it takes. */
function areDifferent(texts: Iterable<string>, needed: number): boolean {
  const different = new Set<string>()
  for (const text of texts) if (different.add(text).size >= needed) return true
  return false
}

/** Refused records beyond those that are listed have no text. */
function countTexts({ hits, refusals }: Accepted): number {
  return [...hits.values()].reduce((sum, own) => sum + own.length, refusals.length)
}

function* textsOf({ hits, refusals }: Accepted, spell: (hit: AcceptedHit) => string): Generator<string> {
  for (const [service, own] of hits) for (const hit of own) yield `${service} ${spell(hit)}`
  for (const { sample } of refusals) yield sample
}

/** What differs from hit to hit in most logs. */
const briefOf = ({ ip, path, duration, time }: AcceptedHit) => `${ip}${path} ${duration} ${time}`

/** All that may differ. */
const textOf = (hit: AcceptedHit) => JSON.stringify(hit)
