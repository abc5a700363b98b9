import { crawlerSources } from '#lib/enrich/crawler-sources.ts'
import { renewLists, type Renewal } from '#lib/enrich/renew.ts'
import { dayOf } from '#lib/schema/day.ts'
import { readCrawlers, writeCrawlers } from '../store/crawlers.ts'

const day = 86_400_000

/** When the lists are renewed next: a week later, or a day where one failed. */
export const nextRenewal = (now: number, renewals: readonly Renewal[] = []): number =>
  now + (renewals.length > 0 && renewals.every(({ outcome }) => outcome !== 'failed') ? 7 * day : day)

/** Renews the lists in the bucket, and logs which failed. */
export async function renewCrawlers(
  env: Env,
  now: number,
  fetch: typeof globalThis.fetch,
  sources = crawlerSources
): Promise<readonly Renewal[]> {
  const known = await readCrawlers(env)
  const { lists, renewals } = await renewLists(known, sources, dayOf(now), fetch)
  const failed = renewals.filter(({ outcome }) => outcome === 'failed')
  if (failed.length < renewals.length) await writeCrawlers(env, lists)
  for (const { name, why } of failed)
    console.warn(JSON.stringify({ step: 'renew', list: name, error: why ?? '' }))
  return renewals
}
