import { Hono } from 'hono'
import type { Usage } from '#lib/schema/status.ts'
import { bufferOf, directoryOf } from './access/reach.ts'
import { reader, sameOrigin } from './access/sessions.ts'
import { allSites } from './access/tokens.ts'
import { eachOf } from './ingest/each-of.ts'

/** Sites asked at the same time. */
const mostAwake = 16

/** What every site has used: Cloudflare bills the installation, not a site. */
export const usage = new Hono<{ Bindings: Env }>()

usage.get('/', sameOrigin, reader, async (c) => {
  const names = [...(await directoryOf(c.env).sites()), allSites]
  const sites = await eachOf(names, mostAwake, async (site): Promise<Usage & { site: string }> => {
    const { at, operations, stored } = await bufferOf(c.env, site).status()
    return { site, at, operations, stored }
  })
  return c.json({ sites })
})
