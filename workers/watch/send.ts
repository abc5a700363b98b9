import type { Notice, OutputKind } from '#lib/schema/away.ts'
import { addressProblem } from './address.ts'
import { messageOf } from './kinds.ts'

/** What an output did with a notice. Nothing of its body is kept: it would show what only this server can reach. */
export interface Answer {
  readonly isSent: boolean
  readonly answer: string
}

const patience = 10_000

/** Sends a notice once. It follows no redirect, waits for 10 s at most, and reads no body. */
export async function send(
  { kind, url }: { kind: OutputKind; url: string },
  notice: Notice,
  isLocal: boolean,
  within = patience
): Promise<Answer> {
  // An address that was allowed when it was saved may not be by a later version.
  const problem = addressProblem(url, isLocal)
  if (problem !== null) return { isSent: false, answer: `not sent: ${problem}` }
  try {
    const response = await fetch(url, {
      method: 'POST',
      ...messageOf(kind, notice),
      redirect: 'manual',
      signal: AbortSignal.timeout(within)
    })
    void response.body?.cancel().catch(() => {})
    const { status } = response
    if (status >= 300 && status < 400)
      return { isSent: false, answer: `answered ${status}: redirects are not followed` }
    return { isSent: response.ok, answer: `answered ${status}` }
  } catch (error) {
    const isLate = (error as Error).name === 'TimeoutError'
    return { isSent: false, answer: isLate ? `no answer within ${within / 1_000} s` : 'no connection' }
  }
}

const minute = 60_000
/** Six tries in an hour. */
const pauses = [minute, 4 * minute, 10 * minute, 20 * minute, 25 * minute]

/** How long to wait after so many tries, ms; null if it was the last. */
export const pauseAfter = (tries: number): number | null => pauses[tries - 1] ?? null

/** An address without its secret: what comes after the host, but for its last characters. */
export function cutAddress(text: string): string {
  const { origin, pathname, search } = new URL(text)
  const rest = pathname + search
  return rest.length > 12 ? `${origin}/…${rest.slice(-3)}` : `${origin}/…`
}
