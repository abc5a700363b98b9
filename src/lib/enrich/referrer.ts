import { readDomain } from '#lib/schema/domain.ts'
import type { Enrichment } from '#lib/schema/hit.ts'
import { endings, names } from './referrers.ts'

export type Referrer = Pick<Enrichment, 'referrer_domain' | 'referrer_kind'>

const direct: Referrer = { referrer_domain: null, referrer_kind: 'direct' }
const unreadable: Referrer = { referrer_domain: null, referrer_kind: null }

const cachedOrigins = 5_000

/** A referrer's domain with what it is to us, made once: of itself, and as one of our own. */
interface Origin {
  readonly domain: string | null
  readonly foreign: Referrer
  readonly internal: Referrer
}

/** Tells where hits come from. Origins are few and whole referrers many, so only origins are remembered. */
export function createReferrers(): (referrer: string | null, host: string | null) => Referrer {
  const origins = new Map<string, Origin>()
  let lastHost: string | null = null
  let lastDomain: string | null = null

  function originOf(referrer: string): Origin {
    const key = referrer.slice(0, originEnd(referrer))
    let origin = origins.get(key)
    if (origin === undefined) {
      if (origins.size >= cachedOrigins) origins.clear()
      origins.set(key, (origin = describe(referrerDomain(key))))
    }
    return origin
  }

  return (referrer, host) => {
    if (referrer === null) return direct
    if (host !== lastHost) {
      lastHost = host
      lastDomain = host === null ? null : readDomain(host)
    }
    const origin = originOf(referrer)
    return origin.domain !== null && origin.domain === lastDomain ? origin.internal : origin.foreign
  }
}

function describe(domain: string | null): Origin {
  if (domain === null) return { domain, foreign: unreadable, internal: unreadable }
  return {
    domain,
    foreign: { referrer_domain: domain, referrer_kind: referrerKind(domain) },
    internal: { referrer_domain: domain, referrer_kind: 'internal' }
  }
}

/** Where the path begins: after `scheme://host`, or after the host where there is no scheme. */
function originEnd(referrer: string): number {
  const scheme = referrer.indexOf('://')
  const end = referrer.indexOf('/', scheme < 0 || scheme > longestScheme ? 0 : scheme + 3)
  return Math.min(end < 0 ? referrer.length : end, longestOrigin)
}

const longestScheme = 20
const longestOrigin = 300

/** The host of a referrer, lower case, without `www.` and port; null for what has none. */
function referrerDomain(referrer: string): string | null {
  const scheme = /^[a-z][a-z\d+.-]*:\/\//i.exec(referrer)
  if (scheme) return readDomain(referrer, scheme[0].length)
  // Some send a bare host.
  return /^(?:[\w-]+\.)+[a-z]{2,}(?::\d+)?(?:[/?#]|$)/i.test(referrer) ? readDomain(referrer) : null
}

/** A name under a country, with or without the part of a search engine before it: images.google.co.uk. */
const national = /^(?:(?:m|images|news|search|[a-z]{2})\.)?([a-z]+)\.(?:(?:com?|org|net)\.)?[a-z]{2,3}$/

/** search, social, ai, email, or link for every other domain. */
function referrerKind(domain: string): string {
  for (let at = 0; at >= 0; at = domain.indexOf('.', at) + 1 || -1) {
    const kind = endings.get(domain.slice(at))
    if (kind) return kind
  }
  const [, name] = national.exec(domain) ?? []
  const kind = names.get(name ?? '')
  return kind ?? (/^(?:web|e?)mail[\d-]*\./.test(domain) ? 'email' : 'link')
}
