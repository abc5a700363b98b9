import { accept } from '#lib/accept/accept.ts'
import { moveByHost } from '#lib/accept/hosts.ts'
import type { Again, Quarantined } from '#lib/schema/status.ts'
import { bufferOf, directoryOf } from '../access/reach.ts'
import { readingBy, settingsOf } from '../access/settings.ts'
import type { SiteLimits } from '../access/site-limits.ts'
import { allSites } from '../access/tokens.ts'
import { deliver } from './deliver.ts'
import { namedByRecords, newSiteReason, sitesOf, spread, type Target } from './spread.ts'
import { toLogRows } from '../store/log-row.ts'
import { setAsideReason } from '../store/set-aside.ts'

/**
 * Runs refused records of a site through accept once more, as what accepts may know more than when they came. A record
 * is appended under a key of its own before it leaves the quarantine: broken off between the two and run again, it is
 * known by the key and counted once. `given` is the site of those that belong to none and name none.
 */
export async function acceptAgain(
  env: Env,
  site: string,
  ids: readonly number[],
  given: string | null = null
): Promise<Again[]> {
  const buffer = bufferOf(env, site)
  const directory = directoryOf(env)
  const [records, tokens, { host_sites: hosts = [] }] = await Promise.all([
    buffer.quarantined([...ids]),
    directory.tokens(),
    directory.limits() as Promise<Partial<SiteLimits>>
  ])
  const byId = new Map(tokens.map((token) => [token.id, token]))
  const setAside = records.filter(({ reason }) => reason === setAsideReason).map(({ id }) => id)
  const back = new Set(setAside.length ? await buffer.putBack(setAside) : [])
  const found = new Map(records.map((record) => [record.id, record]))
  const results: Again[] = []
  for (const id of ids) {
    const record = found.get(id)
    if (!record) results.push({ id, outcome: 'gone', message: '' })
    else if (back.has(id)) results.push({ id, outcome: 'accepted', message: '' })
    else {
      const token = byId.get(record.token ?? '')
      const isForAll = site === allSites || (token?.site === allSites && !record.is_site_named)
      // Of a record whose own site may not be made, the given one takes the place.
      const names = isForAll && !(given !== null && record.reason === newSiteReason)
      const target = { all: names, site: isForAll ? given : site, hosts: names ? hosts : [] }
      results.push({ id, ...(await runAgain(env, record, site, target, token?.line_formats)) })
    }
  }
  const taken = results.filter(({ outcome }) => outcome === 'accepted' || outcome === 'duplicate')
  if (taken.length) await buffer.release(taken.map(({ id }) => id))
  return results
}

async function runAgain(
  env: Env,
  { id, received, token, raw, is_cut, message, batch: also }: Quarantined,
  home: string,
  target: Target,
  formats: readonly string[] | undefined
): Promise<Omit<Again, 'id'>> {
  // The head of a record may read as another record.
  if (is_cut || raw === '') return { outcome: 'cut', message }
  const own =
    target.site === null ? null : (await settingsOf(env, [target.site], false)).settings.get(target.site)
  const context = { received, token, is_single: !target.all, ...readingBy(own ?? null, formats) }
  const accepted = moveByHost(accept(new TextEncoder().encode(raw), context), target.hosts)
  const sites = sitesOf(accepted, target)
  const known = await settingsOf(env, sites, true, namedByRecords(sites, target))
  const shares = spread(accepted, target, known, Date.now())
  const refusals = [...shares.values()].flatMap((share) => share.refusals)
  if (refusals.length) return { outcome: 'refused', message: refusals[0]!.message }
  if (!shares.size) return { outcome: 'refused', message }
  let isNew = false
  for (const [site, { hits }] of shares) {
    // SQLite gives the number of the last record again once that has left.
    const key = `again ${home} ${id} ${received}`
    const batch = { key, also, received: Date.now(), token: null, rows: toLogRows(hits), refusals: [] }
    const outcome = await deliver(env, site, batch)
    isNew ||= outcome.accepted > 0
  }
  return { outcome: isNew ? 'accepted' : 'duplicate', message: '' }
}
