import { Hono } from 'hono'
import { hostCheck } from './access/network.ts'
import { admin } from './admin.ts'
import { annotations } from './annotations.ts'
import { crawlers } from './crawlers.ts'
import { page } from './page.ts'
import { Failure } from './failure.ts'
import { elastic } from './ingest/elastic.ts'
import { ingest } from './ingest/ingest.ts'
import { loki, lokiReady } from './ingest/loki.ts'
import { otlp } from './ingest/otlp.ts'
import { sites } from './sites.ts'
import { usage } from './usage.ts'
import { away } from './watch/away.ts'

export { Directory } from './access/directory.ts'
export { HitBuffer } from './store/hit-buffer.ts'
export { Watcher } from './watch/watcher.ts'

type App = { Bindings: Env }

/** `//api/ingest` and `/api/ingest/` are the plain route: forwarders join addresses carelessly. */
function getPath(request: Request): string {
  const path = new URL(request.url).pathname.replace(/\/{2,}/g, '/')
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path
}

const app = new Hono<App>({ getPath })

app.use('/api/*', async function headers(c, next) {
  await next()
  if (c.res.status === 101) return
  c.header('X-Content-Type-Options', 'nosniff')
  c.header('Cross-Origin-Resource-Policy', 'same-origin')
  c.header('X-Request-Id', crypto.randomUUID())
  if (!c.res.headers.has('Cache-Control')) c.header('Cache-Control', 'no-store')
  // Of this host alone: its neighbors may be somebody else's. On a machine of one's own, HTTPS is the proxy's to promise.
  if (!c.env.LOGGIA_EMBEDDED && new URL(c.req.url).protocol === 'https:')
    c.header('Strict-Transport-Security', 'max-age=31536000')
})

app.use('*', hostCheck)

app.get('/api/health', (c) => c.json({ status: 'ok' }))
app.route('/api/ingest', ingest)
// Clients append their own path to the address they are given, be it /api or longer.
for (const path of ['loki/loki/api/v1/push', 'loki/api/v1/push']) app.route(`/api/${path}`, loki)
for (const path of ['loki', 'loki/ready', 'ready']) app.route(`/api/${path}`, lokiReady)
for (const path of ['otlp/v1/logs', 'otlp', 'v1/logs']) app.route(`/api/${path}`, otlp)
app.route('/api/es', elastic)
app.route('/api/sites/:site/away', away)
app.route('/api/sites/:site/annotations', annotations)
app.route('/api/sites', sites)
app.route('/api/usage', usage)
app.route('/api/crawlers', crawlers)
app.route('/api', admin)
app.all('/api/*', (c) => {
  throw new Failure(404, 'route_unknown', `there is no ${c.req.method} ${new URL(c.req.url).pathname}`)
})
app.route('/', page)

app.onError((error, c) => {
  if (error instanceof Failure)
    return c.json(
      { error: { code: error.code, message: error.message, ...error.details } },
      error.status,
      error.headers
    )
  console.error(JSON.stringify({ route: c.req.routePath, error: String(error), stack: error.stack }))
  // 503, not 500: the forwarders that matter send the batch again.
  return c.json({ error: { code: 'unavailable', message: 'Loggia could not do this now' } }, 503, {
    'Retry-After': '5'
  })
})

export default app
