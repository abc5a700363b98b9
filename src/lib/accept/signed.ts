import type { AcceptedHit } from '#lib/schema/hit.ts'

/** The headers of a signed request (RFC 9421), as they were sent. */
export interface Signed {
  readonly agent: string
  readonly input: string
  readonly signature: string
}

const member = 'web_bot_auth'
const start = `{"${member}":[`
/** `extra` has no room for more. */
const longest = 2048

/**
 * Keeps the headers of a signed bot in `extra` until the flush has checked them. False if they are none, or if there is no
 * room. They are no secret: a signature is good for one host and some minutes.
 */
export function keepSigned(hit: AcceptedHit, { agent, input, signature }: Signed): boolean {
  if (!input.includes('"web-bot-auth"')) return false
  const own = `${start}${[agent, input, signature].map((text) => JSON.stringify(text)).join()}]`
  const extra = hit.extra === null ? `${own}}` : `${own},${hit.extra.slice(1)}`
  if (extra.length > longest) return false
  hit.extra = extra
  return true
}

/** The headers that `keepSigned` has kept, and what `extra` is without them. Null if it has kept none. */
export function takeSigned(extra: string | null): { signed: Signed; extra: string | null } | null {
  if (extra === null || !extra.startsWith(start)) return null
  const { [member]: kept, ...others } = JSON.parse(extra) as Record<string, unknown>
  const [agent, input, signature] = kept as unknown[]
  if (typeof agent !== 'string' || typeof input !== 'string' || typeof signature !== 'string') return null
  const rest = Object.keys(others).length > 0 ? JSON.stringify(others) : null
  return { signed: { agent, input, signature }, extra: rest }
}
