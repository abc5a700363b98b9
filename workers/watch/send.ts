import type { Notice, OutputKind } from '#lib/schema/away.ts'
import { addressProblem } from './address.ts'
import { messageOf } from './kinds.ts'
import { encrypt, vapid, type PushKeys } from './web-push.ts'

/** What an output did with a notice. Nothing of its body is kept: it would show what only this server can reach. */
export interface Answer {
  readonly isSent: boolean
  readonly answer: string
  /** The browser is subscribed no more. */
  readonly isGone?: boolean
}

/** Where a notice goes. */
export interface Target {
  readonly kind: OutputKind
  readonly url: string
  /** The keys of a browser, for a push. */
  readonly keys: PushKeys | null
}

/** Who sends: the key by which push services know this installation. */
export interface Sender {
  readonly isLocal: boolean
  key(): Promise<JsonWebKey>
}

const patience = 10_000

/** Sends a notice once. It follows no redirect, waits for 10 s at most, and reads no body. */
export async function send(
  target: Target,
  notice: Notice,
  sender: Sender,
  within = patience
): Promise<Answer> {
  // An address that was allowed when it was saved may not be by a later version.
  const { url } = target
  const problem = addressProblem(url, sender.isLocal)
  if (problem !== null) return { isSent: false, answer: `not sent: ${problem}` }
  try {
    const response = await fetch(url, {
      method: 'POST',
      ...(await sealed(target, notice, sender)),
      redirect: 'manual',
      signal: AbortSignal.timeout(within)
    })
    void response.body?.cancel().catch(() => {})
    const { status } = response
    if (status >= 300 && status < 400)
      return { isSent: false, answer: `answered ${status}: redirects are not followed` }
    const isGone = target.kind === 'push' && (status === 404 || status === 410)
    return { isSent: response.ok, answer: `answered ${status}`, ...(isGone && { isGone }) }
  } catch (error) {
    const isLate = (error as Error).name === 'TimeoutError'
    return { isSent: false, answer: isLate ? `no answer within ${within / 1_000} s` : 'no connection' }
  }
}

/** The message to a target; that to a browser is sealed for it, since push services carry it. */
async function sealed(
  { kind, url, keys }: Target,
  notice: Notice,
  sender: Sender
): Promise<{ headers: Record<string, string>; body: string | Uint8Array<ArrayBuffer> }> {
  const { headers, body } = messageOf(kind, notice)
  if (kind !== 'push' || !keys) return { headers, body }
  const { origin, protocol } = new URL(notice.url)
  // Push services want a way to reach the sender.
  const contact = protocol === 'https:' ? origin : 'mailto:loggia@localhost'
  const authorization = await vapid(url, contact, await sender.key(), Date.now())
  return { headers: { ...headers, authorization }, body: await encrypt(body, keys) }
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
