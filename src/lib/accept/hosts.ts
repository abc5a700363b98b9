import { readSiteName } from '#lib/schema/site-name.ts'
import type { Accepted } from './accept.ts'
import { readHost } from './request.ts'

/** A host whose lines go to a site: an exact name, or `*.example.org` for every name below `example.org`. */
export interface HostSite {
  host: string
  site: string
}

const mostHosts = 1_000
const longestHost = 253

/** The list with hosts and sites spelled as they are compared, or a message why it is refused. */
export function readHostSites(list: readonly HostSite[]): HostSite[] | string {
  if (list.length > mostHosts) return `the most is ${mostHosts} hosts`
  const sites = new Map<string, string>()
  for (const { host, site } of list) {
    const name = hostOf(host)
    const home = readSiteName(site)
    if (name === null)
      return `${JSON.stringify(host.slice(0, 64))} is not a host like example.org or *.example.org`
    if (site.trim() === '') return `${name} has no site: name one`
    if (home === null)
      return `${JSON.stringify(site.slice(0, 64))}, the site of ${name}, is not the name of a site`
    if ((sites.get(name) ?? home) !== home) return `${name} goes to two sites, ${sites.get(name)} and ${home}`
    sites.set(name, home)
  }
  return [...sites].map(([host, site]) => ({ host, site }))
}

/** A host as logs have it: lower case, without port, and other scripts in ASCII, as browsers send them. */
function hostOf(text: string): string | null {
  const [, star = '', rest = ''] = /^(\*\.)?([^\s*/\\?#@%]{1,253})$/.exec(text.trim()) ?? []
  const url = `http://${rest}`
  const name = URL.canParse(url) ? readHost(new URL(url).hostname) : null
  return name === null || name.length > longestHost ? null : star + name
}

/**
 * The hits of a batch by their sites: those of a host on the list go to its site, the others where their record says.
 * The list wins over the record's `service`, which forwarders set to one name for all hosts.
 */
export function moveByHost<B extends Pick<Accepted, 'hits' | 'indices'>>(
  batch: B,
  list: readonly HostSite[]
): B {
  if (list.length === 0) return batch
  const siteOf = createLookup(list)
  const hits: B['hits'] = new Map()
  const indices: B['indices'] = new Map()
  for (const [service, own] of batch.hits) {
    const places = batch.indices.get(service)!
    for (const [i, hit] of own.entries()) {
      const site = siteOf(hit.host) ?? service
      const group = hits.get(site)
      if (group === undefined) {
        hits.set(site, [hit])
        indices.set(site, [places[i]!])
      } else {
        group.push(hit)
        indices.get(site)!.push(places[i]!)
      }
    }
  }
  return { ...batch, hits, indices }
}

function createLookup(list: readonly HostSite[]): (host: string | null) => string | null {
  const sites = new Map(list.map(({ host, site }) => [host, site]))
  const known = new Map<string | null, string | null>([[null, null]])
  return (host) => {
    let site = known.get(host)
    if (site === undefined) known.set(host, (site = find(sites, host!)))
    return site
  }
}

/** Of several that fit the longest counts. */
function find(sites: ReadonlyMap<string, string>, host: string): string | null {
  const exact = sites.get(host)
  if (exact !== undefined) return exact
  for (let dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1)) {
    const site = sites.get(`*${host.slice(dot)}`)
    if (site !== undefined) return site
  }
  return null
}
