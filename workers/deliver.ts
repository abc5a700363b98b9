import { bufferOf } from './access/reach.ts'
import { Failure, retryAfter } from './failure.ts'
import type { Batch, Outcome } from './store/log.ts'

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
      return await within(patience, buffer.append(site, call))
    } catch (error) {
      // A deploy or a move of the object loses a call now and then; with a key the same call again is harmless.
      if (isTrue(error, 'retryable') && !isTrue(error, 'overloaded') && batch.key !== null && left > 0)
        continue
      throw judge(error, site)
    }
  }
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(unavailable('timeout', `no answer within ${ms / 1000} s`)), ms)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

/** What a time may mend is a 503 or 429; any other error is returned as it is: perhaps the batch is to blame. */
function judge(error: unknown, site: string): unknown {
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
  const isTransient = ['retryable', 'overloaded', 'remote', 'durableObjectReset'].some((name) =>
    isTrue(error, name)
  )
  if (isTransient && !isOwn(text))
    return unavailable('unavailable', `site ${site} could not take the batch now`)
  return error
}

/** Errors of our own code and of SQLite come over the wire as `remote` like those of the platform. */
function isOwn(text: string): boolean {
  return /SQLITE_|^(?:Type|Range|Reference)Error/.test(text)
}

function isTrue(error: unknown, name: string): boolean {
  return error instanceof Error && (error as Error & Record<string, unknown>)[name] === true
}

function unavailable(code: string, message: string): Failure {
  return new Failure(503, code, message, retryAfter(5))
}
