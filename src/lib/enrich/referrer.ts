import type { Enrichment } from '#lib/schema/hit.ts'
import { endings, names } from './referrers.ts'

export type Referrer = Pick<Enrichment, 'referrer_domain' | 'referrer_kind'>

const direct: Referrer = { referrer_domain: null, referrer_kind: 'direct' }
const unreadable: Referrer = { referrer_domain: null, referrer_kind: null }

const cachedDomains = 5_000

/** Tells where hits come from. Domains are few and whole referrers many, so only domains are remembered. */
export function createReferrers(): (referrer: string | null, host: string | null) => Referrer {
  const known = new Map<string, Referrer>()
  const internal = new Map<string, Referrer>()
  let lastHost: string | null = null
  let lastDomain: string | null = null

  function domainOfHost(host: string | null): string | null {
    if (host !== lastHost) {
      lastHost = host
      lastDomain = host === null ? null : readHost(host, 0)
    }
    return lastDomain
  }

  return (referrer, host) => {
    if (referrer === null) return direct
    const domain = referrerDomain(referrer)
    if (domain === null) return unreadable
    if (domain === domainOfHost(host)) return remember(internal, domain, () => 'internal')
    return remember(known, domain, referrerKind)
  }
}

function remember(cache: Map<string, Referrer>, domain: string, kind: (domain: string) => string): Referrer {
  let referrer = cache.get(domain)
  if (referrer === undefined) {
    if (cache.size >= cachedDomains) cache.clear()
    cache.set(domain, (referrer = { referrer_domain: domain, referrer_kind: kind(domain) }))
  }
  return referrer
}

/** The host of a referrer, lower case, without `www.` and port; null for what has none. */
export function referrerDomain(referrer: string): string | null {
  const scheme = /^[a-z][a-z\d+.-]*:\/\//i.exec(referrer)
  if (scheme) return readHost(referrer, scheme[0].length)
  // Some send a bare host.
  return /^(?:[\w-]+\.)+[a-z]{2,}(?::\d+)?(?:[/?#]|$)/i.test(referrer) ? readHost(referrer, 0) : null
}

function readHost(text: string, start: number): string | null {
  let end = start
  while (end < text.length && !'/?#\\'.includes(text[end]!)) end++
  let authority = text.slice(
    text.lastIndexOf('@', end - 1) >= start ? text.lastIndexOf('@', end - 1) + 1 : start,
    end
  )
  const port = /:\d*$/.exec(authority)
  if (port && (authority.startsWith('[') ? authority.includes(']:') : true))
    authority = authority.slice(0, port.index)
  const host = authority
    .toLowerCase()
    .replace(/\.$/, '')
    .replace(/^www\./, '')
  return isHost(host) ? host : null
}

function isHost(host: string): boolean {
  if (host.startsWith('[')) return /^\[[\da-f:.]+\]$/.test(host)
  return (
    host !== '' &&
    host.length <= 253 &&
    /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}._-]*[\p{L}\p{M}\p{N}])?$/u.test(host)
  )
}

/** search, social, ai, email, or link for every other domain. */
export function referrerKind(domain: string): string {
  for (let at = 0; at >= 0; at = domain.indexOf('.', at) + 1 || -1) {
    const kind = endings.get(domain.slice(at))
    if (kind) return kind
  }
  const [first, ...rest] = domain.replace(/^(?:m|images|news|search|[a-z]{2})\./, '').split('.')
  const isCountry = rest.length > 0 && rest.length < 3 && rest.at(-1)!.length <= 3
  const kind = isCountry ? names.get(first!) : undefined
  return kind ?? (/^(?:web|e?)mail[\d-]*\./.test(domain) ? 'email' : 'link')
}
