import { Hono } from 'hono'

/**
 * The engine's worker runs under a policy of its own: it compiles WebAssembly and reads its own file, nothing else.
 * The page's policy is in `static/_headers`.
 */
const enginePolicy = `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'`

const engineHeaders = {
  'Cache-Control': 'public, max-age=31536000, immutable',
  'Content-Security-Policy': enginePolicy,
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'X-Content-Type-Options': 'nosniff'
}

export const page = new Hono<{ Bindings: Env }>()

/** 34 MB, and an asset may have 25: it is stored compressed and sent as it is stored. */
page.get('/engine/:version/duckdb-eh.wasm', async (c) => {
  const accepted = c.req.header('Accept-Encoding') ?? ''
  const encoding = /\bbr\b/.test(accepted) ? 'br' : 'gzip'
  const suffix = encoding === 'br' ? 'br' : 'gz'
  const file = await c.env.ASSETS.fetch(new URL(`${new URL(c.req.url).pathname}.${suffix}`, c.req.url))
  if (!file.ok) return c.notFound()
  return new Response(file.body, {
    encodeBody: 'manual',
    headers: {
      ...engineHeaders,
      'Content-Type': 'application/wasm',
      'Content-Encoding': encoding,
      Vary: 'Accept-Encoding'
    }
  })
})

page.get('/engine/*', async (c) => {
  const file = await c.env.ASSETS.fetch(c.req.raw)
  if (!file.ok) return c.notFound()
  const headers = new Headers(file.headers)
  for (const [name, value] of Object.entries(engineHeaders)) headers.set(name, value)
  return new Response(file.body, { headers })
})

/** Assets that exist never come here. A navigation gets the shell; a missing file is missing. */
page.get('*', async (c) => {
  const isNavigation =
    c.req.header('Sec-Fetch-Mode') === 'navigate' || (c.req.header('Accept') ?? '').includes('text/html')
  return isNavigation ? c.env.ASSETS.fetch(new URL('/spa', c.req.url)) : c.notFound()
})

page.notFound((c) => c.json({ error: { code: 'not_found', message: `there is no ${c.req.path}` } }, 404, { 'Cache-Control': 'no-store' }))
