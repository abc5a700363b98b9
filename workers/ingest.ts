import { accept, type Accepted } from '#lib/accept/accept.ts'
import type { AcceptedHit } from '#lib/schema/hit.ts'
import { siteName } from '#lib/schema/manifest.ts'
import { Hono, type Context } from 'hono'
import { getCookie } from 'hono/cookie'
import { authorize } from './access/authorize.ts'
import { bufferOf, directoryOf, strayBuffer } from './access/reach.ts'
import { allSites, type Grant } from './access/tokens.ts'
import { decompress } from './decompress.ts'
import { Failure } from './failure.ts'
import { toLogRows } from './store/log-row.ts'
import type { Batch, Outcome } from './store/log.ts'
import type { Refused } from './store/quarantine.ts'
import { sha256 } from './store/storage.ts'

type App = { Bindings: Env }

const limits = { compressed: 10 << 20, decoded: 20 << 20 }
/** Fewer records than this can be equal by chance: two health checks of one second are two hits. */
const keyedFrom = 10
/** Refusals told in the answer; all of them are in quarantine. */
const toldErrors = 20

/** Takes batches from forwarders. */
export const ingest = new Hono<App>()

/** Forwarders probe with GET and HEAD before they send. */
ingest.get('/', async (c) => {
  await grantOf(c)
  return c.json({ status: 'ok' })
})

ingest.post('/', async (c) => {
  const grant = await grantOf(c)
  const site = siteOf(c, grant)
  const body = await decompress(c.req.raw.body, c.req.header('Content-Encoding') ?? null, limits)
  const received = Date.now()
  const accepted = accept(body, { received, token: grant.id })
  const refusals: Refused[] = [...accepted.refusals]
  const bySite = spread(accepted, refusals, site)
  if (c.req.query('dry_run')) return c.json(preview(bySite, refusals))

  const key =
    c.req.header('Idempotency-Key')?.slice(0, 200) ??
    (accepted.received >= keyedFrom ? await sha256(body) : null)
  const batch = { key, received, token: grant.id }
  const stray = bySite.size ? [] : refusals
  await remember(c.env, [...bySite.keys()])
  const outcomes = await Promise.all([
    ...[...bySite].map(([name, { hits, refusals }]) =>
      send(bufferOf(c.env, name), name, { ...batch, rows: toLogRows(hits), refusals })
    ),
    ...(stray.length ? [send(strayBuffer(c.env), allSites, { ...batch, rows: [], refusals: stray })] : [])
  ])
  return c.json(answer(outcomes, refusals, key))
})

ingest.options('/', () => {
  throw new Failure(403, 'no_browser', 'pages cannot send logs: there is no CORS on this route')
})

ingest.all('/', (c) => {
  throw new Failure(405, 'method', `${c.req.method} is not POST`, { Allow: 'POST, GET, HEAD' })
})

async function grantOf(c: Context<App>): Promise<Grant> {
  if (c.req.query('token') !== undefined)
    throw new Failure(
      400,
      'token_in_url',
      'the token stands in the URL, where logs keep it: send it as Authorization: Bearer'
    )
  const authorization = c.req.header('Authorization')
  if (!authorization && (getCookie(c, 'loggia') ?? getCookie(c, '__Host-loggia')))
    throw new Failure(403, 'wrong_scope', 'a session reads; to write, send an ingest token')
  return authorize(c.env, authorization)
}

/** The site of records that name none; null when nothing tells it. */
function siteOf(c: Context<App>, grant: Grant): { all: boolean; site: string | null } {
  const asked = c.req.query('site')?.toLowerCase()
  if (asked !== undefined && !siteName.test(asked))
    throw new Failure(400, 'site', `site ${asked.slice(0, 64)} is not a name out of a-z 0-9 _ . -`)
  if (grant.site === allSites) return { all: true, site: asked ?? null }
  if (asked !== undefined && asked !== grant.site)
    throw new Failure(403, 'other_site', `this token writes to ${grant.site}, not to ${asked}`)
  return { all: false, site: grant.site }
}

type Share = { hits: AcceptedHit[]; refusals: Refused[] }

/** Which site gets which hits. Refusals go to the first site of the batch: its owner is who can mend them. */
function spread(
  { hits, indices }: Accepted,
  refusals: Refused[],
  { all, site }: { all: boolean; site: string | null }
): Map<string, Share> {
  const shares = new Map<string, Share>()
  for (const [service, own] of hits) {
    const name = all ? (service ?? site) : site
    if (name === null) {
      refusals.push(...own.map((hit, i) => withoutSite(hit, indices.get(service)![i]!)))
      continue
    }
    const share = shares.get(name)
    if (share) share.hits = share.hits.concat(own)
    else shares.set(name, { hits: own, refusals: [] })
  }
  if (site !== null && !shares.size && refusals.length) shares.set(site, { hits: [], refusals: [] })
  for (const share of shares.values()) {
    share.refusals = refusals
    break
  }
  return shares
}

function withoutSite(hit: AcceptedHit, index: number): Refused {
  const raw = JSON.stringify(hit).slice(0, 4_096)
  const message = 'the record names no service, and the token is for all sites: add service or ?site='
  return { index, reason: 'site', message, sample: raw.slice(0, 256), raw }
}

/** Sites this isolate has registered already. */
const known = new Set<string>()

async function remember(env: Env, sites: string[]): Promise<void> {
  const fresh = sites.filter((site) => !known.has(site))
  if (!fresh.length) return
  await directoryOf(env).addSites(fresh)
  for (const site of fresh) known.add(site)
}

/** A deploy or a move of the object loses a call now and then; with a key the same call again is harmless. */
async function send(
  buffer: ReturnType<typeof bufferOf>,
  site: string,
  batch: Batch,
  tries = 3
): Promise<Outcome & { known: boolean }> {
  try {
    return await buffer.append(site, batch)
  } catch (error) {
    const isRetryable = error instanceof Error && 'retryable' in error && error.retryable === true
    if (isRetryable && batch.key !== null && tries > 1) return send(buffer, site, batch, tries - 1)
    console.error(JSON.stringify({ step: 'append', site, error: String(error) }))
    throw new Failure(503, 'unavailable', `site ${site} could not take the batch now`, { 'Retry-After': '5' })
  }
}

function answer(outcomes: (Outcome & { known: boolean })[], refusals: Refused[], batch: string | null) {
  const sum = (name: keyof Outcome) => outcomes.reduce((total, outcome) => total + outcome[name], 0)
  const counts = {
    received: sum('received'),
    accepted: sum('accepted'),
    duplicate: sum('duplicate'),
    rejected: sum('rejected')
  }
  const isKnown = outcomes.length > 0 && outcomes.every((outcome) => outcome.known)
  const isBad = counts.rejected > 0
  const status = isKnown ? 'duplicate' : !isBad ? 'ok' : counts.accepted ? 'partial' : 'rejected'
  return { status, ...counts, errors: told(refusals), ...(batch === null ? {} : { batch }) }
}

function told(refusals: Refused[]) {
  return refusals
    .slice(0, toldErrors)
    .map(({ index, reason, message, sample }) => ({ index, reason, message, sample }))
}

/** What the batch would become: the first hits of each site, and the refusals. */
function preview(bySite: Map<string, Share>, refusals: Refused[]) {
  const sites = [...bySite].map(([site, { hits }]) => ({
    site,
    accepted: hits.length,
    hits: hits.slice(0, toldErrors)
  }))
  return { status: 'dry_run', rejected: refusals.length, sites, errors: told(refusals) }
}
