import { errorIn, messageOf } from './answer.ts'

/** What became of the records of a batch, and why some were refused. */
export interface Counts {
  received: number
  accepted: number
  duplicate: number
  rejected: number
  errors: Refusal[]
}

export interface Refusal {
  index: number
  reason: string
  message: string
  sample: string
}

/** What an answer means: counts, try again, send less at once, give up this log, or give up all. */
export type Verdict =
  | { kind: 'counts'; counts: Counts }
  | { kind: 'preview'; preview: Preview }
  | { kind: 'wait'; seconds: number | null; message: string }
  | { kind: 'split'; message: string }
  | { kind: 'refused'; message: string }
  | { kind: 'stop'; message: string }

interface Answer {
  status: number
  /** The value of Retry-After. */
  retryAfter: string | null
  location: string | null
  text: string
}

/** What to do about an error, by its status and its code; undefined if others may be sent all the same. */
export type Advise = (status: number, code: string) => string | undefined

/** Judges the answer to a batch. */
export function judge(
  { status, retryAfter, location, text }: Answer,
  now: number,
  advise: Advise = () => undefined
): Verdict {
  const counts = countsIn(text)
  // A batch that is refused as a whole has counts, too, whatever its status.
  if (counts) return { kind: 'counts', counts }
  const preview = previewIn(text)
  if (preview) return { kind: 'preview', preview }
  const message = messageOf(status, text)
  if (status === 413) return { kind: 'split', message }
  if (status === 408 || status === 429 || status >= 500)
    return { kind: 'wait', seconds: secondsIn(retryAfter, now), message }
  if (status >= 300 && status < 400)
    return {
      kind: 'stop',
      message: `The address redirects to ${location ?? 'another one'}. Use that address.`
    }
  if (status < 300) return { kind: 'stop', message: 'There is no Loggia at this address.' }
  const advice = advise(status, errorIn(text).code ?? '')
  if (advice === undefined)
    return { kind: 'refused', message: `the Worker refuses it (${status}): ${message}.` }
  return { kind: 'stop', message: `The Worker refuses (${status}): ${message}. ${advice}` }
}

function countsIn(text: string): Counts | null {
  const { received, accepted, duplicate, rejected, errors } = (parse(text) ?? {}) as Partial<Counts>
  if (typeof received !== 'number' || typeof accepted !== 'number') return null
  return { received, accepted, duplicate: duplicate ?? 0, rejected: rejected ?? 0, errors: errors ?? [] }
}

/** What the Worker says a batch would become. */
export interface Preview {
  rejected: number
  sites: {
    site: string
    accepted: number
    hits: { flags: string | null; extra?: string | null; shape: string }[]
  }[]
  errors: Refusal[]
}

function previewIn(text: string): Preview | null {
  const preview = parse(text) as Partial<Preview> | null
  const isPreview = typeof preview?.rejected === 'number' && Array.isArray(preview.sites)
  return isPreview ? (preview as Preview) : null
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** Seconds to wait, of a number or a date; null if there is neither. */
function secondsIn(retryAfter: string | null, now: number): number | null {
  if (retryAfter === null) return null
  if (/^\d+$/.test(retryAfter.trim())) return Number(retryAfter)
  const until = Date.parse(retryAfter)
  return Number.isNaN(until) ? null : Math.max(0, Math.ceil((until - now) / 1000))
}

const longestWait = 60

/** Ms to wait before try `attempt`, counted from 1: what the server asks for, else 1 s, 2 s, 4 s … a minute. */
export function pauseBefore(attempt: number, asked: number | null, random: () => number): number {
  if (asked !== null) return Math.min(asked, 300) * 1000 + random() * 1000
  return Math.min(2 ** (attempt - 1), longestWait) * 1000 * (0.5 + random() / 2)
}
