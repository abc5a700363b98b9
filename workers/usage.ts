import { Hono } from 'hono'
import { operations, type Usage } from '#lib/schema/status.ts'
import { bufferOf, directoryOf } from './access/reach.ts'
import { reader, sameOrigin } from './access/sessions.ts'
import { allSites } from './access/tokens.ts'
import { eachOf } from './ingest/each-of.ts'
import { watcherOf } from './watch/reach.ts'

/** Sites asked at the same time. */
const mostAwake = 16

const watching = async (env: Env, site: string) => (await watcherOf(env, site).status()).operations

/** Both together, since the earlier of their beginnings. */
function joined(one: Usage['operations'], other: Usage['operations']): Usage['operations'] {
  const counts = { ...one.counts }
  for (const name of operations) counts[name] += other.counts[name]
  return { since: Math.min(one.since, other.since), counts }
}

/** What every site has used: Cloudflare bills the installation, not a site. */
export const usage = new Hono<{ Bindings: Env }>()

usage.get('/', sameOrigin, reader, async (c) => {
  const names = [...(await directoryOf(c.env).sites()), allSites]
  const sites = await eachOf(names, mostAwake, async (site): Promise<Usage & { site: string }> => {
    const { at, operations, stored, watched } = await bufferOf(c.env, site).status()
    const own = { site, at, operations, stored }
    return watched ? { ...own, operations: joined(operations, await watching(c.env, site)) } : own
  })
  return c.json({ sites })
})
