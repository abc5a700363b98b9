import { readHostSites, type HostSite } from '#lib/accept/hosts.ts'
import { Failure } from '../failure.ts'
import type { Storage } from '../store/storage.ts'

/**
 * Settings of the whole installation: how many sites records may create by naming them, and which hosts are of which site. A site that a person creates or
 * lists counts, but is never refused.
 */
export interface SiteLimits {
  /** Records create no site. */
  only_known_sites: boolean
  new_sites_per_batch: number
  new_sites_per_minute: number
  /** Sites in all, without deleted ones. */
  most_sites: number
  /** Hosts whose lines go to a site, whatever service their records name. */
  host_sites: readonly HostSite[]
  /** The server downloads the lists of crawlers' addresses every week. */
  renews_crawlers: boolean
}

const defaults: SiteLimits = {
  only_known_sites: false,
  new_sites_per_batch: 20,
  new_sites_per_minute: 60,
  most_sites: 1_000,
  host_sites: [],
  renews_crawlers: false
}

/** Where the settings of the whole installation lie among those of sites: no site has this name. */
const place = '*'
const highest = 100_000
const minute = 60_000

export function readLimits(storage: Storage): SiteLimits {
  const [row] = storage.sql<{ value: string }>('select value from setting where site = ?', place)
  return { ...defaults, ...(row && (JSON.parse(row.value) as Partial<SiteLimits>)) }
}

export function writeLimits(storage: Storage, changes: Partial<SiteLimits>): SiteLimits {
  const after = { ...readLimits(storage), ...changes }
  storage.sql('insert or replace into setting (site, value) values (?, ?)', place, JSON.stringify(after))
  return after
}

/** The limits that a body changes. Throws at a name or value that is none. */
export function readLimitChanges(body: Record<string, unknown>): Partial<SiteLimits> {
  for (const [name, value] of Object.entries(body)) {
    if (!Object.hasOwn(defaults, name))
      throw new Failure(400, 'settings', `there is no setting ${name.slice(0, 64)}`)
    if (!isGood(name as keyof SiteLimits, value))
      throw new Failure(400, 'settings', `${name} cannot be ${(JSON.stringify(value) ?? '').slice(0, 64)}`)
  }
  const { host_sites: list, ...limits } = body as Partial<SiteLimits>
  if (list === undefined) return limits
  const hosts = readHostSites(list)
  if (typeof hosts === 'string') throw new Failure(400, 'settings', `host_sites: ${hosts}`)
  return { ...limits, host_sites: hosts }
}

function isGood(name: keyof SiteLimits, value: unknown): boolean {
  if (name === 'host_sites') return Array.isArray(value) && value.every(isHostSite)
  if (name === 'only_known_sites' || name === 'renews_crawlers') return typeof value === 'boolean'
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= highest
}

function isHostSite(value: unknown): value is HostSite {
  const { host, site } = (value ?? {}) as Partial<HostSite>
  return typeof host === 'string' && typeof site === 'string'
}

/**
 * Returns the sites that records may not create, each with the reason. A site that is known or has a token is not among
 * them. `named` are the sites of one batch.
 */
export function refuseNew(
  storage: Storage,
  named: readonly string[],
  now: number,
  makesNone = false
): Map<string, string> {
  const known = `select 1 from site where name = ?1
    union all select 1 from token where site = ?1 and revoked is null`
  const fresh = named.filter((name) => !storage.sql(known, name).length)
  if (!fresh.length) return new Map()
  const limits = readLimits(storage)
  const room: [left: number, why: string][] = [
    [limits.only_known_sites ? 0 : Infinity, 'only known sites are taken'],
    [makesNone ? 0 : Infinity, 'the batch came before, and its refused records were run again since'],
    [limits.most_sites - count(storage, living), `there are ${limits.most_sites} sites already`],
    [
      limits.new_sites_per_minute - count(storage, 'created > ?', now - minute),
      `${limits.new_sites_per_minute} new sites a minute are taken`
    ],
    [limits.new_sites_per_batch, `${limits.new_sites_per_batch} new sites a batch are taken`]
  ]
  const [left, why] = room.reduce((tightest, next) => (next[0] < tightest[0] ? next : tightest))
  return new Map(fresh.slice(Math.max(0, left)).map((name) => [name, why]))
}

const living = `not exists
  (select 1 from setting where setting.site = site.name and json_extract(value, '$.state') = 'deleted')`

function count(storage: Storage, condition: string, ...bindings: number[]): number {
  return storage.sql<{ n: number }>(`select count(*) as n from site where ${condition}`, ...bindings)[0]!.n
}
