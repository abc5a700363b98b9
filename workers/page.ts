import { Hono, type Context } from 'hono'

/**
 * The engine's worker runs under a policy of its own: it compiles WebAssembly and reads its own file, nothing else.
 * The page's policy is in `static/_headers`.
 */
const enginePolicy = `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'`

const engineHeaders = {
  'Content-Security-Policy': enginePolicy,
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'X-Content-Type-Options': 'nosniff'
}

export const page = new Hono<{ Bindings: Env }>()

/** 34 MB, and an asset may have 25: it is stored compressed and sent as it is stored. */
page.get('/engine/duckdb-eh.wasm', async (c) => {
  const isBrotli = /\bbr\b/.test(c.req.header('Accept-Encoding') ?? '')
  const file = await asset(c, `${c.req.path}.${isBrotli ? 'br' : 'gz'}`)
  if (file.status !== 200) return file
  file.headers.set('Content-Type', 'application/wasm')
  file.headers.set('Content-Encoding', isBrotli ? 'br' : 'gzip')
  file.headers.set('Vary', 'Accept-Encoding')
  return new Response(file.body, { headers: file.headers, encodeBody: 'manual' })
})

page.get('/engine/*', (c) => asset(c, c.req.path))

/** An engine file under the engine's policy; 304 where the browser has it, 404 as JSON. */
async function asset(c: Context<{ Bindings: Env }>, path: string): Promise<Response> {
  const headers = new Headers(c.req.raw.headers)
  headers.delete('Accept-Encoding')
  const file = await c.env.ASSETS.fetch(new URL(path, c.req.url), { headers })
  if (file.status >= 400) return c.notFound()
  const answer = new Response(file.body, file)
  for (const [name, value] of Object.entries(engineHeaders)) answer.headers.set(name, value)
  return answer
}

/** Assets that exist never come here. A navigation gets the shell, and so does `/` by curl; a missing file is missing. */
page.get('*', async (c) => {
  const isNavigation =
    c.req.path === '/' ||
    c.req.header('Sec-Fetch-Mode') === 'navigate' ||
    (c.req.header('Accept') ?? '').includes('text/html')
  if (!isNavigation) return c.notFound()
  const { pathname, search } = new URL(c.req.url)
  // The shell can't read such an address and would stay blank.
  if (!canDecode(pathname)) return c.redirect(escaped(pathname) + search)
  return c.env.ASSETS.fetch(new URL('/spa', c.req.url))
})

/** Two slashes at the start would name another host. */
const escaped = (path: string) => path.replace(/^\/+/, '/').replaceAll('%', '%25')

/** False for a `%` that no two hex digits follow, and for bytes that are no UTF-8. */
function canDecode(path: string): boolean {
  try {
    return decodeURIComponent(path) !== ''
  } catch {
    return false
  }
}

page.notFound((c) =>
  c.json({ error: { code: 'not_found', message: `there is no ${c.req.path}` } }, 404, {
    'Cache-Control': 'no-store'
  })
)
