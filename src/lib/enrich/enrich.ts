import { ofProxy } from '#lib/accept/fields.ts'
import type { AcceptedHit, Enrichment } from '#lib/schema/hit.ts'
import { readAgent } from './agent.ts'
import type { Agent } from './agent.ts'
import { isAsset } from './asset.ts'
import { missingAgent, readBot } from './bots.ts'
import type { BotVerdict } from './bots.ts'
import type { Crawler } from './crawlers.ts'
import type { GeoRecord, RangeIndex } from './geo.ts'
import { claimOf, type Finding, type Proof, type Prove } from './proof.ts'
import { createReferrers } from './referrer.ts'
import { createVisitors } from './visitor.ts'

export interface Sources {
  readonly site: string
  /** Countries, or cities with their countries. */
  readonly country: RangeIndex | null
  readonly network: RangeIndex | null
  /** Tells crawlers from impostors; without it nothing can be told. */
  readonly crawlers?: Prove | null
  /** The salt of a UTC day (`YYYY-MM-DD`), up to 32 bytes. */
  readonly salt: (day: string) => Uint8Array
}

/** What enrichment looks at. */
export type Seen = Pick<
  AcceptedHit,
  'kind' | 'time' | 'host' | 'path' | 'referrer' | 'user_agent' | 'ip' | 'client_name' | 'flags'
>

const cachedAgents = 5_000
const cachedAddresses = 20_000
/**
 * The characters of an agent that are read: 16,000 different agents of 2 KB would hold a flush for two seconds. Of the
 * 62,000 in public corpora none up to 2 KB says anything behind them.
 */
const mostRead = 640

const nowhere: GeoRecord = { country: null, region: null, city: null, asn: null, as_org: null }
const noBrowser: Agent = { browser: null, browser_version: null, os: null, os_version: null, device: null }

/**
 * What a hit tells beyond its own words: who sent it, with what, from where. The same sources and hit give the same
 * enrichment; what agents and addresses say is remembered, within bounds.
 */
export function createEnricher(sources: Sources): (hit: Seen) => Enrichment {
  const findingsOf = createFindings(sources.crawlers ?? null, (ip) => placeOf(ip).asn)
  const agentOf = cached(cachedAgents, (sent: string) => {
    // Half a word may be another word.
    const agent = sent.length > mostRead ? sent.slice(0, mostRead).replace(/ [^ ]*$/, '') : sent
    const bot = readBot(agent)
    return { ...readAgent(agent), ...bot, find: findingsOf(claimOf(agent, bot.bot_name)) }
  })
  const placeOf = cached(cachedAddresses, (ip: string) => lookUp(sources, ip))
  const referrerOf = createReferrers()
  const visitorOf = createVisitors(sources.site, sources.salt)

  return (hit) => {
    const agent = hit.user_agent === null ? withoutAgent(hit) : agentOf(hit.user_agent)
    const place = hit.ip === null ? nowhere : placeOf(hit.ip)
    const referrer = referrerOf(hit.referrer, hit.host)
    return {
      referrer_domain: referrer.referrer_domain,
      referrer_kind: referrer.referrer_kind,
      browser: agent.browser,
      browser_version: agent.browser_version,
      os: agent.os,
      os_version: agent.os_version,
      device: agent.device,
      bot_name: agent.bot_name,
      bot_purpose: agent.bot_purpose,
      bot_proof: agent.find === null ? null : proofOf(agent.find, hit),
      is_bot: agent.is_bot,
      is_asset: isAsset(hit.path),
      country: place.country,
      region: place.region,
      city: place.city,
      asn: place.asn,
      as_org: place.as_org,
      visitor: visitorOf(hit.time, hit.ip ?? hit.client_name, hit.user_agent)
    }
  }
}

function withoutAgent(hit: Seen): Agent & BotVerdict & { find: null } {
  return { ...noBrowser, ...missingAgent(hit), find: null }
}

type FindingOf = (ip: string) => Finding

/** What addresses say of each crawler, remembered; null for no crawler. */
function createFindings(prove: Prove | null, asnOf: (ip: string) => number | null) {
  const known = new Map<Crawler, FindingOf>()
  return (crawler: Crawler | null): FindingOf | null => {
    if (prove === null || crawler === null) return null
    const find = known.get(crawler) ?? cached(cachedAddresses, (ip) => prove(crawler, ip, asnOf(ip)))
    known.set(crawler, find)
    return find
  }
}

/** Nothing can be told of an address that is that of a proxy. */
function proofOf(find: FindingOf, { ip, time, flags }: Seen): Proof {
  if (ip === null || (flags !== null && flags.includes(ofProxy))) return null
  const { proof, from, to } = find(ip)
  return time >= from && time <= to ? proof : null
}

function lookUp({ country, network }: Sources, ip: string): GeoRecord {
  const place = country?.lookup(ip) ?? nowhere
  const operator = network?.lookup(ip) ?? place
  return {
    country: place.country,
    region: place.region,
    city: place.city,
    asn: operator.asn,
    as_org: operator.as_org
  }
}

function cached<T>(limit: number, read: (key: string) => T): (key: string) => T {
  const known = new Map<string, T>()
  return (key) => {
    let value = known.get(key)
    if (value === undefined) {
      if (known.size >= limit) known.clear()
      known.set(key, (value = read(key)))
    }
    return value
  }
}
