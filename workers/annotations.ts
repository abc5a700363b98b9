import { longestKey, mostAnnotations, readNote, type Note } from '#lib/schema/annotations.ts'
import { isSiteName } from '#lib/schema/site-name.ts'
import { Hono, type Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { authorize } from './access/authorize.ts'
import { networkOf } from './access/network.ts'
import { Rates } from './access/rates.ts'
import { directoryOf } from './access/reach.ts'
import { reader, sameOrigin } from './access/sessions.ts'
import { Failure, retryAfter } from './failure.ts'

type App = { Bindings: Env }

const mostBytes = 4_096
/** What a token may send: so many at once, then one in so many seconds. */
const burst = 60
const pause = 2
const rates = new Rates(1 / pause, burst)

/** What was noted at times of a site: programs send it with a token of its own, readers write it on the page. */
export const annotations = new Hono<App>()

annotations.use(
  '*',
  bodyLimit({
    maxSize: mostBytes,
    onError: () => {
      throw new Failure(413, 'too_large', `an annotation has at most ${mostBytes} bytes`)
    }
  })
)

/** Keeps what a program sends. One that comes again with its `Idempotency-Key` is the one that is kept already. */
annotations.post('/', async (c) => {
  const where = { address: c.req.header('CF-Connecting-IP') ?? '', network: networkOf(c) }
  const grant = await authorize(c.env, c.req.header('Authorization'), where, 'annotations')
  const site = siteOf(c)
  if (grant.site !== site)
    throw new Failure(403, 'other_site', `this token annotates ${grant.site}, not ${site}`)
  const wait = rates.take(grant.id, 1, Date.now())
  if (wait)
    throw new Failure(
      429,
      'too_many',
      `a token may send ${burst} annotations at once, then one every ${pause} seconds`,
      retryAfter(wait)
    )
  await checkSite(c.env, site)
  const note = noteOf(await bodyOf(c))
  const added = await directoryOf(c.env).addAnnotation(site, note, grant.id, keyOf(c))
  if (!added) throw full(site)
  return c.json(added, added.is_known ? 200 : 201)
})

annotations.use('*', sameOrigin, reader)

annotations.get('/', async (c) => c.json({ annotations: await directoryOf(c.env).annotations(siteOf(c)) }))

/** Keeps or changes one; the page names it, so that a call that is made twice makes one. */
annotations.put('/:id', async (c) => {
  const site = siteOf(c)
  const id = c.req.param('id')
  if (!/^[\w-]{1,40}$/.test(id))
    throw new Failure(400, 'annotation', 'the id of an annotation has letters, digits, _ and -')
  await checkSite(c.env, site)
  const annotation = await directoryOf(c.env).writeAnnotation(site, id, noteOf(await bodyOf(c)))
  if (!annotation) throw full(site)
  return c.json(annotation)
})

annotations.delete('/:id', async (c) => {
  const id = c.req.param('id')
  if (!(await directoryOf(c.env).removeAnnotation(siteOf(c), id)))
    throw new Failure(404, 'annotation_unknown', `there is no annotation ${id.slice(0, 40)}`)
  return c.json({ status: 'deleted' })
})

function siteOf(c: Context<App>): string {
  const site = c.req.param('site') ?? ''
  if (!isSiteName(site)) throw new Failure(404, 'site_unknown', `site ${site.slice(0, 64)} is not known`)
  return site
}

async function checkSite(env: Env, site: string): Promise<void> {
  const { state } = await directoryOf(env).settings(site)
  if (state === 'deleted') throw new Failure(410, 'site_deleted', `site ${site} was deleted`)
}

/** JSON, or the fields of a form: `curl --data-urlencode` needs no quoting. */
async function bodyOf(c: Context<App>): Promise<Record<string, unknown>> {
  const text = await c.req.text()
  if (!/^\s*[{[]/.test(text)) return Object.fromEntries(new URLSearchParams(text))
  try {
    const body: unknown = JSON.parse(text)
    if (typeof body === 'object' && body !== null && !Array.isArray(body))
      return body as Record<string, unknown>
  } catch {
    // Said below.
  }
  throw new Failure(400, 'json', 'the body is neither a JSON object nor the fields of a form')
}

function noteOf(body: Record<string, unknown>): Note {
  const note = readNote(body, Date.now())
  if (typeof note === 'string') throw new Failure(400, 'annotation', note)
  return note
}

function keyOf(c: Context<App>): string | null {
  const key = c.req.header('Idempotency-Key')?.trim() || null
  if (key !== null && key.length > longestKey)
    throw new Failure(
      400,
      'key',
      `Idempotency-Key has ${key.length} characters, and at most ${longestKey} are kept`
    )
  return key
}

const full = (site: string) =>
  new Failure(
    409,
    'full',
    `${site} has ${mostAnnotations} annotations that were written by hand, and no more are kept: delete some`
  )
