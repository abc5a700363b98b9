import { bufferOf } from '../access/reach.ts'
import { callsOf } from './calls.ts'
import { Failure, retryAfter } from '../failure.ts'
import { inTime } from '../in-time.ts'
import type { Batch, Outcome } from '../store/log.ts'

export type Answered = Outcome & { known: boolean }

/** How long an object may take to append. What it did after all is found again by the key. */
const patience = 8_000
const tries = 3

/** Appends a batch to the log of a site (`*`: to where refusals go that belong to none). */
export async function deliver(env: Env, site: string, batch: Batch): Promise<Answered> {
  const buffer = bufferOf(env, site)
  const call = { ...batch, delivery: crypto.randomUUID() }
  for (let left = tries - 1; ; left--) {
    try {
      return await inTime(patience, buffer.append(site, call), late)
    } catch (error) {
      // A deploy or a move of the object loses a call now and then; with a key the same call again is harmless.
      if (isTrue(error, 'retryable') && !isTrue(error, 'overloaded') && batch.key !== null && left > 0)
        continue
      throw judge(error, site)
    }
  }
}

/**
 * Delivers a batch of any size: rows of the log beyond 8 MiB go in calls of their own, and refusals with the last of
 * them. Each call has a key made of the batch's and the hits it holds, so that a batch sent again stores what is missing.
 * The last call also stores the batch's own key: other settings may cut the same batch into other calls.
 */
export async function deliverInCalls(env: Env, site: string, batch: Batch): Promise<Answered> {
  const answers: Answered[] = []
  for (const call of callsOf(batch)) answers.push(await deliver(env, site, call))
  return answers.reduce((sum, { received, accepted, duplicate, rejected, unkept, known }) => ({
    received: sum.received + received,
    accepted: sum.accepted + accepted,
    duplicate: sum.duplicate + duplicate,
    rejected: sum.rejected + rejected,
    // Only the last call has refused records.
    ...(unkept && { unkept }),
    known: sum.known && known
  }))
}

const late = () => unavailable('timeout', `no answer within ${patience / 1000} s`)

/** Whatever goes wrong at an object is no fault of the batch: the forwarder sends it again until it is stored. */
function judge(error: unknown, site: string): Failure {
  console.error(JSON.stringify({ step: 'append', site, error: String(error) }))
  if (error instanceof Failure) return error
  const text = String(error)
  if (/log is full/i.test(text))
    return new Failure(
      429,
      'log_full',
      `the log of site ${site} is full: it drains by itself`,
      retryAfter(5, 55)
    )
  if (/SQLITE_FULL|disk is full|storage limit/i.test(text))
    return unavailable('storage_full', `the storage of site ${site} is full`)
  return unavailable('unavailable', `site ${site} could not take the batch now`)
}

function isTrue(error: unknown, name: string): boolean {
  return error instanceof Error && (error as Error & Record<string, unknown>)[name] === true
}

function unavailable(code: string, message: string): Failure {
  return new Failure(503, code, message, retryAfter(5))
}
