import type { AcceptedHit } from '#lib/schema/hit.ts'
import { flag, keepExtra } from './fields.ts'
import { putRoute, readRoute } from './route.ts'

/**
 * The client's address: the peer, or behind a trusted proxy the address that its headers name. `remote` is what the
 * server logs as its peer, `forwarded` X-Forwarded-For, `single` the values of headers that name one address.
 */
export function putAddress(
  hit: AcceptedHit,
  remote: string | null,
  forwarded: string | null,
  single: readonly string[] = []
): void {
  const isUnix = remote !== null && remote.startsWith('unix:')
  const address = remote === null || isUnix ? null : remote
  const route = readRoute(address, forwarded, single)
  if (route.peer === null && address !== null && isClientName(address)) return putClientName(hit, address)
  hit.ip = putRoute(hit, route)
  if (hit.ip !== null || address === null) return
  flag(hit, 'ip')
  keepExtra(hit, 'ip', address.slice(0, 256))
}

/** A host name with a dot, as servers log that look up the names of clients: `crawl-7.example.com`. */
export function isClientName(text: string): boolean {
  return text.length <= 255 && /^(?:[a-z0-9_-]{1,63}\.)+[a-z][a-z0-9-]{0,62}\.?$/i.test(text)
}

/** Keeps the name of a client that has no address. It is no proxy that a list could name: its headers do not count. */
export function putClientName(hit: AcceptedHit, name: string): void {
  hit.client_name = name.toLowerCase().replace(/\.$/, '')
}
