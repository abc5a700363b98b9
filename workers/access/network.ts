import { maskAddress } from '#lib/accept/address.ts'
import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import { Failure } from '../failure.ts'

/**
 * The /24 of IPv4 or /56 of IPv6 that a request comes from. One person has many addresses of it: providers give a
 * household a /56, which is 256 networks of /64.
 */
export function networkOf(c: Context): string {
  return maskAddress(c.req.header('CF-Connecting-IP') ?? '', 24, 56) ?? 'unknown'
}

/** A network in its one spelling, `203.0.113.0/24`; an address alone is a network of its own. Null for what is none. */
export function readNetwork(text: string): string | null {
  const [, base = '', length] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text.trim()) ?? []
  const most = base.includes(':') ? 128 : 32
  const bits = length === undefined ? most : Number(length)
  const first = bits <= most ? maskAddress(base, bits, bits) : null
  return first && `${first}/${bits}`
}

/** Whether an address lies in one of some networks. */
export function isWithin(address: string, networks: readonly string[]): boolean {
  return networks.some((network) => {
    const bits = Number(network.split('/')[1])
    return `${maskAddress(address, bits, bits)}/${bits}` === network
  })
}

const anywhere = /^(?:0\.0\.0\.0|::|\[::\])$/
const loopback = /^(?:localhost|127\.0\.0\.1|\[::1\])$/
const literal = /^(?:\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:.]+\])$/i

/**
 * Refuses requests to the embedded server that did not come through `cli/front.ts`, or that are for another host.
 *
 * Wrangler believes headers that anybody can send, so the front alone names the client's address and the host. The server
 * answers to loop-back and to the host that it listens on. A server that listens on all addresses answers to any address
 * but to no name: an attacker can point a name of theirs at this machine, but no address.
 */
export const hostCheck = createMiddleware<{ Bindings: Env }>(async function hostCheck(c, next) {
  const { LOGGIA_EMBEDDED: embedded, LOGGIA_FRONT: front } = c.env
  if (embedded) {
    if (!front || c.req.header('X-Loggia-Front') !== front)
      throw new Failure(403, 'front', 'this is not the port of the server: npm start prints its address')
    const { hostname } = new URL(c.req.url)
    if (!isOwnHost(hostname, embedded.split(',')))
      throw new Failure(403, 'host', `this server is not ${hostname.slice(0, 64)}`)
  }
  await next()
})

/** Whether a server that listens on `hosts` goes by this name. */
export function isOwnHost(hostname: string, hosts: readonly string[]): boolean {
  if (loopback.test(hostname) || hosts.includes(hostname)) return true
  if (hosts.some((host) => host.includes(':') && `[${host}]` === hostname)) return true
  return hosts.some((host) => anywhere.test(host)) && literal.test(hostname)
}
