import { accept, type Accepted, type Context } from '#lib/accept/accept.ts'
import type { Reader } from '#lib/accept/body.ts'
import { isMsgpack, readMsgpack } from '#lib/accept/msgpack.ts'
import { TooMany, type Limits } from '#lib/accept/limits.ts'
import { readSiteName, siteNameRule } from '#lib/schema/site-name.ts'
import { Hono, type Context as HonoContext } from 'hono'
import { getCookie } from 'hono/cookie'
import { authorize } from '../access/authorize.ts'
import type { HostList } from '../access/host-lists.ts'
import { networkOf } from '../access/network.ts'
import { bufferOf } from '../access/reach.ts'
import { readingBy, settingsOf, skippedFormats, type Known, type BatchSettings } from '../access/settings.ts'
import { allSites, type Grant } from '../access/tokens.ts'
import { workApart, type Sifted } from './apart.ts'
import { keyOf } from './batch-key.ts'
import { decompress, inflateWithin } from './decompress.ts'
import { deliver, deliverInCalls } from './deliver.ts'
import { moveAsBefore } from './earlier-hosts.ts'
import { eachOf } from './each-of.ts'
import { Failure } from '../failure.ts'
import { answer, preview } from './reply.ts'
import {
  checkOpen,
  isWaiting,
  namedByRecords,
  paused,
  sitesOf,
  spread,
  type Share,
  type Target
} from './spread.ts'
import { toLogRows } from '../store/log-row.ts'
import type { Refused } from '../store/quarantine.ts'
import { sha256 } from '../store/storage.ts'
import { checkForm, checkJoined, checkType } from './body-checks.ts'
import { hasHomeless, noteHomeless } from './homeless.ts'
import { limitAnnounced, limitDecoded } from './token-rates.ts'

export type App = { Bindings: Env }

/** What a batch may be. A Worker's clock stands still while it computes, so its work is bounded, not its time. */
const limits = { compressed: 10 << 20, decoded: 20 << 20, frames: 1_000 }
export const mostDecoded = limits.decoded
const most: Limits = {
  records: 500_000,
  // Real records have fewer: their names and values take more than five bytes each.
  values: 4_000_000,
  // The parser keeps a layout of each object unlike those before it: 2 million names took it 13 s and 2.6 GB.
  names: 50_000,
  // The Directory looks for each of them.
  services: 10_000
}
/** Sites that one batch writes to at the same time: an object that is awake takes memory. */
const atOnce = 8
/** What is known of a batch when it is stored. */
export interface Receipt {
  accepted: Accepted
  shares: ReadonlyMap<string, Share>
  /** Those of all steps that are listed. */
  refusals: Refused[]
  reply: ReturnType<typeof answer>
  /** Ms since the request came. */
  took: number
}

/** An address that forwarders send to, in a protocol of its own. */
interface Endpoint {
  /** How a body of a type is read, where it is not as any other. */
  readerOf?(type: string): Reader | undefined
  answer(c: HonoContext<App>, receipt: Receipt): Response
}

/** The routes of an endpoint. Forwarders probe with GET and HEAD before they send. */
export function routesOf(endpoint: Endpoint): Hono<App> {
  const routes = new Hono<App>()
  routes.get('/', async (c) => {
    await grantOf(c)
    return c.json({ status: 'ok' })
  })
  routes.post('/', (c) => receive(c, endpoint))
  routes.options('/', () => {
    throw new Failure(403, 'no_browser', 'pages cannot send logs: there is no CORS on this route')
  })
  routes.all('/', (c) => {
    throw new Failure(405, 'method', `${c.req.method} is not POST`, { Allow: 'POST, GET, HEAD' })
  })
  return routes
}

/** Takes a batch: all endpoints have its tokens, limits, counts and keys in common. */
export async function receive(c: HonoContext<App>, endpoint: Endpoint): Promise<Response> {
  const grant = await grantOf(c)
  const target = targetOf(c, grant)
  const own = await settingsFor(c, target)
  if (target.site !== null && own) checkOpen(target.site, own, Date.now())
  limitAnnounced(grant.id, announced(c), Date.now())
  const context = contextOf(grant, target, own)
  const warnings = skippedFormats(own, grant.line_formats)
  const { hash, accepted } = await counting(c, grant, target, async () => {
    const read = endpoint.readerOf?.(c.req.header('Content-Type')?.trim() ?? '')
    const body = await bodyOf(c, grant, read !== undefined)
    return { hash: await sha256(body), accepted: acceptMost(body, context, read) }
  })
  if (warnings.length > 0) sayWhy(accepted.refusals)
  const lists = listsOf(grant, target)
  return store(c, { hash, context, warnings, lists }, target, accepted, endpoint)
}

export async function grantOf(c: HonoContext<App>): Promise<Grant> {
  const inUrl = c.req.query('token')
  if (inUrl !== undefined && c.env.LOGGIA_URL_TOKENS !== 'yes')
    throw new Failure(
      400,
      'token_in_url',
      'the token stands in the URL, where logs keep it: send it as Authorization: Bearer, or allow it by LOGGIA_URL_TOKENS'
    )
  const authorization = c.req.header('Authorization') ?? (inUrl === undefined ? undefined : `Bearer ${inUrl}`)
  if (!authorization && (getCookie(c, 'loggia') ?? getCookie(c, '__Host-loggia')))
    throw new Failure(403, 'wrong_scope', 'a session reads; to write, send an ingest token')
  const grant = await authorize(c.env, authorization, {
    address: c.req.header('CF-Connecting-IP') ?? '',
    network: networkOf(c)
  })
  if (grant.rotate_by !== null) c.header('X-Token-Rotate-By', new Date(grant.rotate_by).toISOString())
  return grant
}

function targetOf(c: HonoContext<App>, grant: Grant): Target {
  const text = c.req.query('site')
  const asked = text === undefined ? undefined : readSiteName(text)
  if (asked === null)
    throw new Failure(400, 'site', `site ${text!.slice(0, 64)} is not a name (${siteNameRule})`)
  if (grant.site !== allSites && asked !== undefined && asked !== grant.site)
    throw new Failure(403, 'other_site', `this token writes to ${grant.site}, not to ${asked}`)
  if (grant.site === allSites && asked === undefined)
    return { all: true, site: null, hosts: grant.host_sites ?? [] }
  return { all: false, site: asked ?? grant.site, hosts: [] }
}

/** The hosts of the target, and earlier lists of them. */
function listsOf({ host_lists: lists }: Grant, { all, hosts }: Target): readonly HostList[] {
  return all && lists !== undefined ? lists : [{ version: 0, hosts }]
}

async function settingsFor(c: HonoContext<App>, { site }: Target): Promise<BatchSettings | null> {
  return site === null ? null : (await settingsOf(c.env, [site], false)).settings.get(site)!
}

function contextOf(grant: Grant, { all }: Target, settings: BatchSettings | null): Context {
  return {
    received: Date.now(),
    token: grant.id,
    is_single: !all,
    ...readingBy(settings, grant.line_formats)
  }
}

/** Runs what reads a body. A body that is refused as a whole is counted with its reason where its owner sees it. */
async function counting<T>(
  c: HonoContext<App>,
  { id }: Grant,
  { site }: Target,
  read: () => Promise<T>
): Promise<T> {
  try {
    return await read()
  } catch (error) {
    // A batch that is too fast comes again.
    if (error instanceof Failure && error.status < 500 && error.status !== 429) {
      const refusal = { index: 0, reason: error.code, message: error.message, sample: '', raw: '' }
      const batch = { key: null, received: Date.now(), token: id, rows: [], refusals: [refusal] }
      await deliver(c.env, site ?? allSites, batch).catch(() => undefined)
    }
    throw error
  }
}

/** The bytes that a request says it has; 0 if it says nothing. */
const announced = (c: HonoContext<App>) => Number(c.req.header('Content-Length')) || 0

/** The decoded body. */
async function bodyOf(c: HonoContext<App>, { id }: Grant, isKnown: boolean): Promise<Uint8Array> {
  if (!isKnown) checkType(c.req.header('Content-Type') ?? '')
  const named = c.req.header('Content-Encoding') ?? null
  // Of protobuf in Snappy some clients say so here, most do not: its endpoint knows.
  const encoding = isKnown && named?.toLowerCase() === 'snappy' ? null : named
  const body = await decompress(c.req.raw.body, encoding, limits)
  limitDecoded(id, announced(c), body.length, Date.now())
  if (isKnown) return body
  checkForm(body)
  checkJoined(body, c.req.header('User-Agent'))
  return body
}

/** MessagePack, whose packed events may be compressed. */
const readPacked: Reader = (body, most) => readMsgpack(body, most, inflateWithin(body, limits))

function acceptMost(
  body: Uint8Array,
  context: Context,
  read: Reader | undefined = isMsgpack(body) ? readPacked : undefined
): Accepted {
  try {
    return accept(body, context, most, read)
  } catch (error) {
    if (!(error instanceof TooMany)) throw error
    const { what, message } = error
    throw new Failure(413, `too_many_${what}`, message, {}, { [`max_${what}`]: error.most })
  }
}

/** Adds to records that nothing read why that may be: Status lists their messages. */
function sayWhy(refusals: Accepted['refusals']): void {
  for (const refusal of refusals)
    if (refusal.reason === 'line' || refusal.reason === 'shape')
      refusal.message += ' (a stored line format was skipped: this version cannot read it)'
}

/** What is known of a batch besides its records. */
interface Job {
  hash: string
  context: Context
  warnings: readonly string[]
  lists: readonly HostList[]
}

async function store(
  c: HonoContext<App>,
  job: Job,
  asked: Target,
  batch: Accepted,
  endpoint: Endpoint
): Promise<Response> {
  const { received, token } = job.context
  const isDry = Boolean(c.req.query('dry_run'))
  // Of the hits as they came: settings of their sites change them.
  const key = await keyOf(c.req.header('Idempotency-Key'), job.hash, batch)
  const { accepted, list } = await moveAsBefore(c.env, key, batch, job.lists, atOnce)
  const target = { ...asked, hosts: list.hosts }
  const hosts = list.version
  const sites = sitesOf(accepted, target)
  const named = namedByRecords(sites, target)
  // If its new sites were refused before, their records lie in quarantine: taken from both, they would count twice.
  const mayMake = async () => key === null || bufferOf(c.env, allSites).reclaim(key)
  const known = await settingsOf(c.env, sites, !isDry, named, mayMake)
  const waiting = [...known.settings].filter(([, own]) => isWaiting(own, received)).map(([site]) => site)
  // Without a key the other sites would count their lines again at the next try.
  const isForOthers = key !== null && !isDry && waiting.length < sites.length
  if (waiting[0] !== undefined && !isForOthers) throw paused(waiting[0])
  const shares = workApart(accepted, (some) => pack(some, target, known, received))
  const refusals = [...shares.values()].flatMap((share) => share.refusals)
  if (refusals.some(isLost)) throw new Error('a record that we failed at is too large for quarantine')
  if (isDry) return c.json(preview(shares, refusals))
  const isSiteNamed = c.req.query('site') !== undefined
  // Its records may wait under `*` from when their site was not known: run again there, they would count twice.
  if (shares.has(allSites)) noteHomeless()
  else if (key !== null && (await hasHomeless(c.env))) await mayMake()
  const ready = [...shares].filter(([site]) => !waiting.includes(site))
  const outcomes = await eachOf(ready, atOnce, ([site, { rows, refusals, more, newest }]) =>
    deliverInCalls(c.env, site, { key, received, token, isSiteNamed, hosts, rows, refusals, more, newest })
  )
  if (waiting[0] !== undefined) throw paused(waiting[0])
  const took = Date.now() - received
  const bySite = new Map(ready.map(([site], i) => [site, outcomes[i]!]))
  const isRefused = ready.length > 0 && ready.every(([, { hits }]) => hits.length === 0)
  const reply = answer(bySite, { refusals, isRefused, batch: key, warnings: job.warnings })
  return endpoint.answer(c, { accepted, shares, refusals, reply, took })
}

/** What goes to each site, with its hits as the log keeps them. Pure: `workApart` runs it again on parts of a batch. */
function pack(batch: Sifted, target: Target, known: Known, received: number) {
  const shares = spread(batch, target, known, received)
  return new Map(
    [...shares].map(([site, share]) => {
      const newest = share.hits.reduce<number | null>(
        (newest, { time }) => Math.max(newest ?? time, time),
        null
      )
      return [site, { ...share, rows: toLogRows(share.hits), newest }]
    })
  )
}

/** A record that we failed at, and that quarantine cannot keep whole: its batch is not acknowledged. */
function isLost({ reason, raw, is_cut }: Refused): boolean {
  return reason === 'internal' && (is_cut === true || raw === '')
}
