import { errorIn, messageOf } from '../answer.ts'

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

/** Judges the answer to a batch. */
export function judge({ status, retryAfter, location, text }: Answer, now: number): Verdict {
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
    return { kind: 'stop', message: `The address redirects to ${location ?? 'another one'}. Use that one.` }
  if (status < 300) return { kind: 'stop', message: 'There is no Loggia at this address. Check --to.' }
  const advice = adviceBy[errorIn(text).code ?? ''] ?? adviceOf[status]
  if (advice === undefined)
    return { kind: 'refused', message: `the Worker refuses it (${status}): ${message}.` }
  return { kind: 'stop', message: `The Worker refuses (${status}): ${message}. ${advice}` }
}

const newToken = 'Create one with "loggia token URL" and pass it in LOGGIA_TOKEN or --token.'

/** What to do about an error, by its code. */
const adviceBy: Record<string, string> = {
  other_site: 'Leave --site out, or pass a token for that site.',
  network: 'Send from another address, or change the networks of the token under Settings, Tokens.',
  wrong_scope: 'Pass an ingest token, which begins with lgi_, in LOGGIA_TOKEN or --token.',
  site: 'Choose another name for --site.',
  site_paused: 'Resume the site under Settings, then push again.',
  site_deleted: 'Choose another site with --site.'
}

/** What to do about an error, by its status. */
const adviceOf: Record<number, string> = {
  401: newToken,
  403: newToken,
  404: 'Check the address in LOGGIA_URL or --to.',
  405: 'Check the address in LOGGIA_URL or --to.'
}

function countsIn(text: string): Counts | null {
  const { received, accepted, duplicate, rejected, errors } = (parse(text) ?? {}) as Partial<Counts>
  if (typeof received !== 'number' || typeof accepted !== 'number') return null
  return { received, accepted, duplicate: duplicate ?? 0, rejected: rejected ?? 0, errors: errors ?? [] }
}

/** What the Worker says a batch would become. */
export interface Preview {
  rejected: number
  sites: { site: string; accepted: number; hits: { flags: string | null; shape: string }[] }[]
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
