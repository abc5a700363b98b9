import { readAddress } from '#lib/accept/address.ts'
import { isClientName } from '#lib/accept/client.ts'
import { isSiteName } from '#lib/schema/site-name.ts'
import { Hono } from 'hono'
import { bufferOf, directoryOf } from './access/reach.ts'
import { reader, sameOrigin } from './access/sessions.ts'
import { allSites } from './access/tokens.ts'
import { acceptAgain } from './ingest/again.ts'
import { eachOf } from './ingest/each-of.ts'
import { Failure } from './failure.ts'
import { erasable, type Erasure } from './store/erase.ts'
import { partKey } from './store/keys.ts'

/** Refused records read at once, at most 4 KiB each, and run again at once; sites asked at the same time. */
const most = { read: 20, again: 50, awake: 16 }

const longestGlance = 3 * 86_400_000

/** What readers read: sites, manifests, parts, and the live socket. */
export const sites = new Hono<{ Bindings: Env }>()

sites.use('*', sameOrigin, reader)

sites.get('/', async (c) => {
  const names = await directoryOf(c.env).sites()
  const all = await eachOf(names, most.awake, async (site) => {
    const { version, rows, bytes, parts, last_time, unflushed_rows } = await bufferOf(c.env, site).status()
    return { site, version, rows, bytes, parts, last_time, unflushed_rows }
  })
  return c.json({ sites: all })
})

sites.get('/:site/manifest', async (c) => {
  const site = c.req.param('site')
  const known = c.req.header('If-None-Match') ?? ''
  const [, seen = '0'] = /^"(\d{1,15})"$/.exec(known) ?? []
  const manifest = await bufferOf(c.env, site).manifest(site, Number(seen))
  const etag = `"${manifest.version}"`
  const headers = { ETag: etag, 'Cache-Control': 'private, no-cache' }
  if (known === etag) return c.body(null, 304, headers)
  return c.json(manifest, 200, headers)
})

/** Part bytes never change; `Range` is answered. 404: the reader's manifest is too old, it fetches a new one. */
sites.get('/:site/parts/:id', async (c) => {
  const { site, id } = c.req.param()
  const part = await bufferOf(c.env, site).part(id)
  const object = part && (await c.env.PARTS.get(partKey(site, part), { range: c.req.raw.headers }))
  if (!part || !object) throw new Failure(404, 'part_unknown', `part ${id} of site ${site} is not known`)
  const headers = new Headers({
    ETag: `"${part.sha256}"`,
    'Cache-Control': 'private, max-age=31536000, immutable',
    'Content-Type': 'application/vnd.apache.parquet',
    'Accept-Ranges': 'bytes'
  })
  if (!c.req.header('Range') || !object.range || !('offset' in object.range))
    return new Response(object.body, { headers })
  const { offset = 0, length = object.size - offset } = object.range
  headers.set('Content-Range', `bytes ${offset}-${offset + length - 1}/${object.size}`)
  return new Response(object.body, { status: 206, headers })
})

sites.get('/:site/live', (c) => {
  if (c.req.header('Upgrade') !== 'websocket')
    throw new Failure(426, 'no_websocket', 'this route is a WebSocket', { Upgrade: 'websocket' })
  return bufferOf(c.env, c.req.param('site')).fetch(c.req.raw)
})

sites.get('/:site/status', async (c) => c.json(await bufferOf(c.env, c.req.param('site')).status()))

/** Visitors and errors of today, visitors of yesterday, and hits by day: the reader says when its days begin. */
sites.get('/:site/glance', async (c) => {
  const { yesterday, until, today, tomorrow } = c.req.query()
  const times = [yesterday, until, today, tomorrow].map((text) =>
    /^\d{1,15}$/.test(text ?? '') ? Number(text) : NaN
  )
  const isAscending = times.every((time, i) => time >= (times[i - 1] ?? 0))
  if (!isAscending || times[3]! - times[0]! > longestGlance)
    throw new Failure(
      400,
      'glance',
      'glance wants yesterday, until, today and tomorrow, in ms and at most 3 days'
    )
  const [from = 0, by = 0, start = 0, end = 0] = times
  const days = { yesterday: from, until: by, today: start, tomorrow: end }
  return c.json(await bufferOf(c.env, c.req.param('site')).glance(days))
})

/** Refused records, newest first, some at a time; `before` is the id of the last one seen, `reason` keeps to one. */
sites.get('/:site/quarantine', async (c) => {
  const { before, reason } = c.req.query()
  const buffer = bufferOf(c.env, c.req.param('site'))
  const [records, reasons] = await Promise.all([
    buffer.quarantine(most.read, Number(before) || undefined, reason || undefined),
    buffer.reasons()
  ])
  return c.json({ records, reasons })
})

/** Forgets refused records up to the one named `last`, so that none goes that came since; `reason` keeps to one. */
sites.delete('/:site/quarantine', async (c) => {
  const { last, reason } = c.req.query()
  if (!last || !/^\d{1,15}$/.test(last))
    throw new Failure(400, 'last', `last is ${JSON.stringify(last ?? null)}: not the id of a refused record`)
  const forgotten = await bufferOf(c.env, c.req.param('site')).forget(Number(last), reason || null)
  return c.json({ forgotten })
})

/**
 * Runs refused records through accept once more; those that are accepted now leave the quarantine. Of those that belong
 * to no site (`*`) the ones that name none go to `site`.
 */
sites.post('/:site/quarantine/again', async (c) => {
  const home = c.req.param('site')
  const { ids, site = null } = await c.req
    .json<{ ids: unknown; site?: unknown }>()
    .catch(() => ({ ids: null, site: null }))
  if (site !== null && (home !== allSites || typeof site !== 'string' || !isSiteName(site)))
    throw new Failure(
      400,
      'site',
      `site ${JSON.stringify(site)} is not a site that records of ${home} can go to`
    )
  if (!Array.isArray(ids) || ids.length > most.again || !ids.every(Number.isSafeInteger))
    throw new Failure(400, 'ids', `ids wants the ids of at most ${most.again} refused records`)
  return c.json({ records: await acceptAgain(c.env, home, ids as number[], site) })
})

/** Checks a site. */
sites.get('/:site/fsck', async (c) => c.json(await bufferOf(c.env, c.req.param('site')).fsck(false)))

/** Checks it and deletes what nobody needs. */
sites.post('/:site/fsck', async (c) => c.json(await bufferOf(c.env, c.req.param('site')).fsck(true)))

/** Counts the hits that the same order would delete, some days at a time: `from` is the `next` of the last answer. */
sites.get('/:site/erase', async (c) => {
  const { by, value, from = '' } = c.req.query()
  return c.json(await bufferOf(c.env, c.req.param('site')).countErasure(readErasure(by, value), from))
})

/** Erases all hits so far of an address, a visitor or a path, by and by; and refused records of no site that name it. */
sites.post('/:site/erase', async (c) => {
  const { by, value } = await c.req.json<{ by: unknown; value: unknown }>().catch(() => ({ by: 0, value: 0 }))
  const erasure = readErasure(by, value)
  const buffers = [c.req.param('site'), allSites].map((site) => bufferOf(c.env, site))
  await Promise.all(buffers.map((buffer) => buffer.erase(erasure)))
  return c.json({ status: 'accepted' }, 202)
})

function readErasure(by: unknown, value: unknown): Erasure {
  const column = erasable.find((name) => name === by)
  if (!column || typeof value !== 'string' || !value)
    throw new Failure(400, 'erase', `erase wants by (${erasable.join(', ')}) and a value, not ${String(by)}`)
  return erasureOf(column, value)
}

/** A client is known by its address or, where the server logs names, by its host name. */
function erasureOf(column: Erasure['by'], value: string): Erasure {
  const by = column === 'ip' && isClientName(value.trim()) ? 'client_name' : column
  return { by, value: spelled[by](value) }
}

/** How hits spell what is to be erased: in another spelling it would be found in none of them. */
const spelled: Record<Erasure['by'], (value: string) => string> = {
  ip(value) {
    const address = readAddress(value)
    if (address === null)
      throw new Failure(400, 'erase', `${JSON.stringify(value)} is neither an address nor a host name`)
    return address
  },
  client_name: (value) => value.trim().toLowerCase().replace(/\.$/, ''),
  visitor(value) {
    const key = value.trim()
    if (!/^\d{1,20}$/.test(key))
      throw new Failure(400, 'erase', `${JSON.stringify(value)} is not the key of a visitor`)
    return key
  },
  path(value) {
    if (/^[a-z][a-z+.-]*:\/\/|\?/i.test(value))
      throw new Failure(
        400,
        'erase',
        `${JSON.stringify(value)} is not a path: leave out the host and the query`
      )
    return value
  }
}
