import type { AcceptedHit } from '#lib/schema/hit.ts'
import { isPrivate, readAddress } from './address.ts'
import { hopsOfForwarded } from './forwarded.ts'
import type { Trusts } from './proxies.ts'

/** What a record says of the way of its request: the address that connected, and the headers of proxies. */
export interface Route {
  /** Null if the record does not say, or if it was a socket of the same machine. */
  peer: string | null
  /** X-Forwarded-For: each proxy adds the address that connected to it at the right. */
  forwarded: string | null
  /** Headers that name one address, the most trustworthy first. */
  single: readonly string[]
}

/**
 * The routes of hits whose records have headers of proxies. Records for one batch may go to sites that trust different
 * proxies, and their settings are only known after accept: until then `ip` is decided as `private` would.
 */
const routes = new WeakMap<object, Route>()

/** Reads what stands in the place of the client: its address, or a list of addresses. */
export function readRoute(
  remote: string | null,
  forwarded: string | null,
  single: readonly string[] = []
): Route {
  if (remote === null || !/[\s,]/.test(remote))
    return { peer: remote === null ? null : readAddress(remote), forwarded, single }
  const groups = remote
    .trim()
    .replace(/\s*,[\s,]*/g, ',')
    .split(/\s+/)
  const at = groups.findIndex((group) => readAddress(group) !== null)
  // A list with commas and no address beside it is X-Forwarded-For alone.
  const lists = groups.filter((_, i) => i !== at)
  return { peer: at < 0 ? null : readAddress(groups[at]!), forwarded: join(forwarded, lists), single }
}

function join(forwarded: string | null, more: readonly string[]): string | null {
  const lists = [...(forwarded === null ? [] : [forwarded]), ...more]
  return lists.length === 0 ? null : lists.join(',')
}

/** Remembers the route of a hit if it has more than a peer. Returns the client's address behind private proxies. */
export function putRoute(hit: AcceptedHit, route: Route): string | null {
  if (route.forwarded === null && route.single.length === 0) return route.peer
  routes.set(hit, route)
  return clientOf(route, isPrivate)
}

/** Adds an X-Forwarded-For that stands elsewhere in a line: its proxies are farther than those already known. */
export function addHops(hit: AcceptedHit, hops: string): void {
  const { forwarded, ...route } = routeOf(hit)
  extend(hit, { ...route, forwarded: join(hops, forwarded === null ? [] : [forwarded]) })
}

/** Adds a `Forwarded` header (RFC 7239), which counts only where a line has no X-Forwarded-For. */
export function addForwarded(hit: AcceptedHit, header: string): void {
  if (routeOf(hit).forwarded === null) addHops(hit, hopsOfForwarded(header))
}

/** Adds a header that names one address. */
export function addSingle(hit: AcceptedHit, value: string): void {
  const route = routeOf(hit)
  extend(hit, { ...route, single: [...route.single, value] })
}

const routeOf = (hit: AcceptedHit): Route => routes.get(hit) ?? { peer: hit.ip, forwarded: null, single: [] }

/** A peer that is known by name alone is no proxy that a list could name. */
function extend(hit: AcceptedHit, route: Route): void {
  if (hit.client_name === null) hit.ip = putRoute(hit, route)
}

/** Decides the address of a hit once more, by the proxies that its site trusts. */
export function decideClient(hit: Pick<AcceptedHit, 'ip'>, trusts: Trusts): void {
  const route = routes.get(hit)
  if (route !== undefined) hit.ip = clientOf(route, trusts)
}

/** The names under which a hit as JSON has to have its addresses, so that it can be read and decided again. */
export function routeFields(hit: object): object {
  const route = routes.get(hit)
  if (route === undefined) return {}
  const [first, second, third] = route.single
  return {
    ip: route.peer,
    http_x_forwarded_for: route.forwarded,
    http_x_real_ip: first,
    http_cf_connecting_ip: second,
    http_true_client_ip: third
  }
}

/**
 * The client of a route: the first address on the way back from the server that is no trusted proxy. Headers of an
 * untrusted peer are never read. If all are trusted, the farthest one counts.
 */
export function clientOf({ peer, forwarded, single }: Route, trusts: Trusts): string | null {
  if (peer !== null && !trusts(peer)) return peer
  let farthest = peer
  for (const hop of forwarded === null ? [] : hopsOf(forwarded)) {
    const address = readAddress(hop)
    // The peer's own address cannot be read, so its headers cannot be trusted.
    if (address === null) return farthest
    if (!trusts(address)) return address
    farthest = address
  }
  for (const value of single) {
    const address = readAddress(value)
    if (address === null) continue
    if (!trusts(address)) return address
    if (farthest === peer) farthest = address
  }
  return farthest
}

/** Clients may send a list of any length; the end of it counts. */
const longestList = 2048

/** The entries of X-Forwarded-For, those nearest to the server first. */
function hopsOf(list: string): string[] {
  const hops = list.slice(-longestList).split(/[,\s]+/)
  if (list.length > longestList) hops.shift()
  return hops
    .map((hop) => hop.replace(/^"|"$/g, ''))
    .filter((hop) => hop !== '' && hop !== '-')
    .reverse()
}
