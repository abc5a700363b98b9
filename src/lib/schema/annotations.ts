/** What somebody or a program noted at a time of a site. Times are ms since 1970. */
export interface Annotation {
  readonly id: string
  readonly at: number
  /** The end of a span; null for a moment. */
  readonly until: number | null
  readonly text: string
  /** The token that sent it; null if somebody wrote it on the page. */
  readonly token: string | null
}

export type Note = Pick<Annotation, 'at' | 'until' | 'text'>

/** A site keeps so many. Beyond it the oldest of those that tokens sent goes; what was written by hand stays. */
export const mostAnnotations = 1_000
export const longestText = 200
export const longestKey = 200

const earliest = Date.UTC(2000)
const latest = Date.UTC(2100)
/** Maintenance is announced; a year ahead is a wrong clock or a wrong unit. */
const ahead = 366 * 86_400_000
const withZone = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/

/** The note that a body says, or what is wrong with it. `at` is `now` unless said. */
export function readNote(body: Readonly<Record<string, unknown>>, now: number): Note | string {
  const other = Object.keys(body).find((name) => !['text', 'at', 'until'].includes(name))
  if (other !== undefined) return `there is nothing called ${other.slice(0, 40)} in an annotation`
  const text = typeof body.text === 'string' ? body.text.toWellFormed().trim() : ''
  const length = Array.from(text).length
  if (!length) return 'text is missing'
  if (length > longestText) return `text has ${length} characters, and at most ${longestText} are kept`
  const at = body.at === undefined ? now : readTime('at', body.at, now)
  if (typeof at === 'string') return at
  const until = body.until === undefined || body.until === null ? null : readTime('until', body.until, now)
  if (typeof until === 'string') return until
  if (until !== null && until < at)
    return `until ${new Date(until).toISOString()} is before at ${new Date(at).toISOString()}`
  return { at, until: until === at ? null : until, text }
}

/** ISO 8601 with a zone, or a number of seconds or milliseconds since 1970: of these years none can be both. */
function readTime(name: string, value: unknown, now: number): number | string {
  const number = typeof value === 'string' && /^\d{9,13}$/.test(value) ? Number(value) : value
  const time =
    typeof number === 'number'
      ? Math.round(number < latest / 1_000 ? number * 1_000 : number)
      : typeof number === 'string' && withZone.test(number)
        ? Date.parse(number)
        : NaN
  if (!(time >= earliest && time < latest))
    return `${name} ${JSON.stringify(value)?.slice(0, 64)} is no time since 2000: write 2026-11-21T13:40:00Z, or seconds since 1970`
  return time > now + ahead ? `${name} ${new Date(time).toISOString()} is more than a year ahead` : time
}
