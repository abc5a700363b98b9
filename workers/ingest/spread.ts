import { dropFields, dropFromText, dropsOf } from '#lib/accept/drop.ts'
import { isPrivate } from '#lib/accept/address.ts'
import { agentField, flag, ofProxy } from '#lib/accept/fields.ts'
import type { HostSite } from '#lib/accept/hosts.ts'
import { applyPrivacy, maskAddresses } from '#lib/accept/privacy.ts'
import { defaultProxies, trustsOf } from '#lib/accept/proxies.ts'
import { countRefusals, listRefusal, type Refusals } from '#lib/accept/refusals.ts'
import { decideClient, routeFields } from '#lib/accept/route.ts'
import type { AcceptedHit } from '#lib/schema/hit.ts'
import type { Known, BatchSettings } from '../access/settings.ts'
import { allSites } from '../access/tokens.ts'
import type { Sifted } from './apart.ts'
import { Failure, retryAfter } from '../failure.ts'
import type { Refused } from '../store/quarantine.ts'

/** What of a batch goes to one site. */
export interface Share extends Refusals<Refused> {
  hits: AcceptedHit[]
}

/** The site of records that name none, and whether records may name one. */
export interface Target {
  all: boolean
  site: string | null
  /** Hosts whose records go to a site, where records may name one. */
  hosts: readonly HostSite[]
}

/** The sites that a batch is for, as far as its records or the token tell. */
export function sitesOf({ hits }: Sifted, { all, site }: Target): string[] {
  const named = all ? [...hits.keys()].map((service) => service ?? site) : [site]
  return [...new Set(named)].filter((name) => name !== null)
}

/** Those of the sites that only records name. */
export function namedByRecords(sites: readonly string[], { site, hosts }: Target): string[] {
  const listed = new Set(hosts.map(({ site }) => site))
  return sites.filter((name) => name !== site && !listed.has(name))
}

/**
 * Which site gets which hits, each by its settings. Refusals go to the first site of the batch: its owner is who can
 * mend them. Records of a site that may not be made wait under `*`, where they can be given another.
 */
export function spread(
  { hits, indices, refusals, more }: Sifted,
  { all, site }: Target,
  { settings, refused: limits }: Known,
  received: number
): Map<string, Share> {
  const shares = new Map<string, Share>()
  const refused = { refusals: [...refusals], more: { ...more } }
  const homeless: Refusals<Refused> = { refusals: [], more: {} }
  for (const [service, own] of hits) {
    const name = all ? (service ?? site) : site
    const places = indices.get(service)!
    const limit = name === null ? undefined : limits.get(name)
    if (name !== null && limit !== undefined) {
      const reason = overLimit(name, limit)
      for (const [i, hit] of own.entries())
        listRefusal(homeless, reason.reason, () => refuse(reason, hit, places[i]!, name))
      continue
    }
    const why = (hit: AcceptedHit) =>
      name === null ? withoutSite : refusalBy(hit, settings.get(name)!, received)
    const kept: AcceptedHit[] = []
    for (const [i, hit] of own.entries()) {
      const reason = why(hit)
      if (reason === null) kept.push(hit)
      else listRefusal(refused, reason.reason, () => refuse(reason, hit, places[i]!))
    }
    if (name === null || kept.length === 0) continue
    settle(kept, settings.get(name)!)
    const share = shares.get(name)
    if (share) share.hits = share.hits.concat(kept)
    else shares.set(name, { hits: kept, refusals: [], more: {} })
  }
  if (countRefusals(refused)) give(shares, shares.keys().next().value ?? site ?? allSites, refused, settings)
  if (countRefusals(homeless)) give(shares, allSites, homeless, settings)
  return shares
}

/** Does to the hits of a site what its settings ask for. */
function settle(hits: readonly AcceptedHit[], settings: BatchSettings): void {
  const { trusted_proxies: proxies } = settings
  if (proxies.join() !== defaultProxies.join()) {
    const trusts = trustsOf(proxies)
    for (const hit of hits) {
      decideClient(hit, trusts)
      if (hit.ip !== null && trusts(hit.ip) && !isPrivate(hit.ip)) flag(hit, ofProxy)
    }
  }
  for (const hit of hits) applyPrivacy(hit, settings)
  const drops = dropsOf(settings.dropped_fields)
  if (drops !== null) for (const hit of hits) dropFields(hit, drops)
}

function give(
  shares: Map<string, Share>,
  first: string,
  { refusals, more }: Refusals<Refused>,
  settings: ReadonlyMap<string, BatchSettings>
): void {
  const { ip_mode: mode = 'full', dropped_fields: fields = [] } = settings.get(first) ?? {}
  const drops = dropsOf(fields)
  const keep = (text: string) => maskAddresses(drops === null ? text : dropFromText(text, drops), mode)
  const clean = refusals.map((refusal) => ({
    ...refusal,
    message: keep(refusal.message),
    sample: keep(refusal.sample),
    raw: keep(refusal.raw)
  }))
  const share = shares.get(first) ?? { hits: [], refusals: [], more: {} }
  const counts = { ...share.more }
  for (const [reason, records] of Object.entries(more)) counts[reason] = (counts[reason] ?? 0) + records
  shares.set(first, { hits: share.hits, refusals: share.refusals.concat(clean), more: counts })
}

interface Reason {
  reason: string
  message: string
  /** Only counted: nobody will want to mend it. */
  is_counted?: true
}

const withoutSite: Reason = {
  reason: 'site',
  message:
    'the record names no service, and the token is for all sites: add service or ?site=, or list its host under Settings, Hosts'
}

export const newSiteReason = 'new_site'

const overLimit = (site: string, limit: string): Reason => ({
  reason: newSiteReason,
  message: `site ${site} is not known, and ${limit}: change it under Settings, New sites, or make a token for ${site}`
})

const day = 86_400_000

/** Whole UTC days are kept, as retention drops them. */
function firstKept(days: number, now: number): number {
  return Math.floor((now - days * day) / day) * day
}

function refusalBy(
  hit: AcceptedHit,
  { state, since, retention_days }: BatchSettings,
  received: number
): Reason | null {
  if (state !== 'active' && !isWaiting({ state, since }, received))
    return { reason: `site_${state}`, message: `the site is ${state}`, is_counted: true }
  if (retention_days === null || hit.time >= firstKept(retention_days, received)) return null
  const message = `the record is older than the ${retention_days} days that the site keeps`
  return { reason: 'late_expired', message, is_counted: true }
}

const longestRaw = 4_096

function refuse(
  { reason, message, is_counted }: Reason,
  hit: AcceptedHit,
  index: number,
  service?: string
): Refused {
  const text = is_counted ? '' : JSON.stringify({ service, ...hit, ...routeFields(hit), ...agentField(hit) })
  const raw = text.slice(0, longestRaw)
  const isCut = text.length > longestRaw && { is_cut: true as const }
  return { index, reason, message, sample: raw.slice(0, 256), raw, ...isCut }
}

const hour = 3_600_000

/** A site that takes nothing: deleted 410; paused 503 for an hour, so that forwarders wait, then 403. */
export function checkOpen(site: string, settings: BatchSettings, now: number): void {
  const { state, since } = settings
  if (state === 'deleted') throw new Failure(410, 'site_deleted', `site ${site} was deleted`)
  if (isWaiting(settings, now)) throw paused(site)
  if (state === 'paused')
    throw new Failure(403, 'site_paused', `site ${site} is paused since ${new Date(since).toISOString()}`)
}

/** In the first hour of a pause a site lets its forwarders wait. */
export const isWaiting = ({ state, since }: Pick<BatchSettings, 'state' | 'since'>, now: number): boolean =>
  state === 'paused' && now - since < hour

export const paused = (site: string) =>
  new Failure(503, 'site_paused', `site ${site} is paused`, retryAfter(60, 30))
