import { accept, type Accepted, type Context } from '#lib/accept/accept.ts'
import type { AcceptedHit } from '#lib/schema/hit.ts'

export const received = Date.parse('2026-11-22T08:00:00Z')
export const context = { received, token: 'token-1' }

export const good = '{"path":"/good","status":200,"date":"2026-01-15T10:11:12Z"}'
export const record = (fields: object) =>
  JSON.stringify({ path: '/', status: 200, date: '2026-01-15T10:11:12Z', ...fields })

/** Accepts a body given as text or bytes. */
export function acceptText(body: string | Uint8Array, more: Partial<Context> = {}): Accepted {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body
  return accept(bytes, { ...context, ...more })
}

/** All hits of a batch in the order of their records. */
export function hitsOf(accepted: Accepted): AcceptedHit[] {
  const placed: [number, AcceptedHit][] = []
  for (const [service, hits] of accepted.hits) {
    const indices = accepted.indices.get(service)!
    placed.push(...hits.map((hit, i): [number, AcceptedHit] => [indices[i]!, hit]))
  }
  return placed.sort(([a], [b]) => a - b).map(([, hit]) => hit)
}

/** What a hit says beyond the defaults, with its time readable. */
export function show(hit: AcceptedHit): Record<string, unknown> {
  const told = Object.entries(hit).filter(
    ([name, value]) => value !== null && name !== 'token' && !(name === 'kind' && value === 'request')
  )
  return { ...Object.fromEntries(told), time: new Date(hit.time).toISOString() }
}

/** The only hit of a body with one record. */
export function only(body: string, more: Pick<Context, 'utc_offset'> = {}): Record<string, unknown> {
  const hits = hitsOf(acceptText(body, more))
  if (hits.length !== 1) throw new Error(`${hits.length} hits in ${body.slice(0, 200)}`)
  return show(hits[0]!)
}
