import { outputKinds } from '#lib/schema/away.ts'
import { Hono, type Context } from 'hono'
import { directoryOf } from '../access/reach.ts'
import { reader, sameOrigin } from '../access/sessions.ts'
import { Failure } from '../failure.ts'
import { addressProblem } from './address.ts'
import { watcherOf } from './reach.ts'
import { keysProblem, publicKeyOf, type PushKeys } from './web-push.ts'

type App = { Bindings: Env }

/** What the server watches for a site while no page is open, and where it sends what fires. */
export const away = new Hono<App>()

away.use('*', sameOrigin, reader)

const siteOf = (c: Context<App>): string => c.req.param('site') ?? ''

away.get('/', async (c) => c.json(await watcherOf(c.env, siteOf(c)).status()))

/** The public key by which a browser subscribes to pushes of this installation. */
away.get('/push-key', async (c) => c.json({ key: publicKeyOf(await directoryOf(c.env).pushKey()) }))

/** Adds an output, or a browser by its subscription. Its address is never sent back whole. */
away.post('/outputs', async (c) => {
  const {
    kind: named,
    url,
    keys: given
  } = await c.req
    .json<{ kind?: unknown; url?: unknown; keys?: unknown }>()
    .catch(() => ({ kind: null, url: null, keys: null }))
  const kind = [...outputKinds, 'push' as const].find((one) => one === named)
  if (!kind) throw new Failure(400, 'output', `kind wants one of ${outputKinds.join(', ')}`)
  if (typeof url !== 'string') throw new Failure(400, 'output', 'url wants an address like https://…')
  const problem = addressProblem(url.trim(), Boolean(c.env.LOGGIA_EMBEDDED))
  if (problem !== null) throw new Failure(400, 'output', `Loggia can't send there: ${problem}`)
  const wrong = kind === 'push' ? keysProblem(given) : null
  if (wrong !== null) throw new Failure(400, 'output', wrong)
  const keys = kind === 'push' ? (given as PushKeys) : null
  const { origin } = new URL(c.req.url)
  const id = await watcherOf(c.env, siteOf(c)).addOutput(siteOf(c), origin, { kind, url: url.trim(), keys })
  if (id === null)
    throw new Failure(409, 'output', 'this site has as many outputs as it may: remove one first')
  return c.json({ id })
})

away.delete('/outputs/:id', async (c) => {
  const id = c.req.param('id')
  if (!(await watcherOf(c.env, siteOf(c)).removeOutput(id))) throw unknown(id)
  return c.json({ status: 'removed' })
})

/** Sends a test, and says what the output answered. */
away.post('/outputs/:id/test', async (c) => {
  const id = c.req.param('id')
  const answer = await watcherOf(c.env, siteOf(c)).sendTest(id)
  if (answer === null) throw unknown(id)
  return c.json(answer)
})

const unknown = (id: string) => new Failure(404, 'output_unknown', `output ${id.slice(0, 16)} is not known`)
