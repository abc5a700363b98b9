import type { Accepted } from '#lib/accept/accept.ts'
import { agentField } from '#lib/accept/fields.ts'
import { listRefusal } from '#lib/accept/refusals.ts'
import { routeFields } from '#lib/accept/route.ts'
import type { AcceptedHit } from '#lib/schema/hit.ts'
import type { Refused } from '../store/quarantine.ts'

/** A batch of which later steps may refuse hits, too. */
export type Sifted = Omit<Accepted, 'refusals' | 'firsts'> & { refusals: Refused[] }

/** So many hits that fail by themselves are a fault of ours, not of the batch. */
const mostPoison = 100

/**
 * Returns what `work` makes of a batch. `work` is pure, so what fails once fails always. If it fails, the hits that it
 * fails at alone are refused as `internal`, whole, and it runs on the others. Throws the error of `work` if no hit is to
 * blame, or more than a few are.
 */
export function workApart<T>(batch: Sifted, work: (batch: Sifted) => T): T {
  try {
    return work(batch)
  } catch (error) {
    const placed = place(batch)
    const poison = findPoison(placed, (some) => errorOf(work, some))
    if (poison.size === 0 || poison.size > mostPoison) throw error
    const sound = gather(placed.filter((one) => !poison.has(one)))
    const { received } = batch
    const rest = { ...sound, received, refusals: [...batch.refusals], more: { ...batch.more } }
    for (const [one, why] of poison) listRefusal(rest, 'internal', () => refuse(one, why))
    return work(rest)
  }
}

interface Placed {
  service: string | null
  hit: AcceptedHit
  index: number
}

function place({ hits, indices }: Sifted): Placed[] {
  return [...hits].flatMap(([service, own]) => {
    const places = indices.get(service)!
    return own.map((hit, i) => ({ service, hit, index: places[i]! }))
  })
}

function gather(placed: readonly Placed[]): Sifted {
  const batch: Sifted = {
    received: placed.length,
    hits: new Map(),
    indices: new Map(),
    refusals: [],
    more: {}
  }
  for (const { service, hit, index } of placed) {
    const hits = batch.hits.get(service)
    if (hits === undefined) {
      batch.hits.set(service, [hit])
      batch.indices.set(service, [index])
    } else {
      hits.push(hit)
      batch.indices.get(service)!.push(index)
    }
  }
  return batch
}

/** Halves hits down to those that fail alone; stops when there are too many. */
function findPoison(
  placed: readonly Placed[],
  failing: (some: readonly Placed[]) => unknown,
  poison = new Map<Placed, unknown>()
): Map<Placed, unknown> {
  if (placed.length === 0 || poison.size > mostPoison) return poison
  const error = failing(placed)
  if (error === null) return poison
  if (placed.length === 1) return poison.set(placed[0]!, error)
  const middle = placed.length >> 1
  findPoison(placed.slice(0, middle), failing, poison)
  return findPoison(placed.slice(middle), failing, poison)
}

function errorOf(work: (batch: Sifted) => unknown, placed: readonly Placed[]): unknown {
  try {
    work(gather(placed))
    return null
  } catch (error) {
    return error ?? 'nothing was said'
  }
}

function refuse({ hit, index }: Placed, why: unknown): Refused {
  const raw = JSON.stringify({ ...hit, ...routeFields(hit), ...agentField(hit) })
  return {
    index,
    reason: 'internal',
    message: `record failed: ${String(why)}`,
    sample: raw.slice(0, 256),
    raw
  }
}
