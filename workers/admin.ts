import { siteName } from '#lib/schema/manifest.ts'
import { Hono } from 'hono'
import { directoryOf } from './access/reach.ts'
import { reader, sameOrigin, signIn, signOut } from './access/sessions.ts'
import { allSites } from './access/tokens.ts'
import { Failure } from './failure.ts'

/** Signing in and out, one-time links, ingest tokens. */
export const admin = new Hono<{ Bindings: Env }>()

admin.use('/session/*', sameOrigin)
admin.use('/tokens/*', sameOrigin, reader)

admin.post('/session', async (c) => {
  await signIn(c, await bodyOf(c.req.raw))
  return c.json({ status: 'signed in' })
})

admin.delete('/session', async (c) => {
  await signOut(c)
  return c.json({ status: 'signed out' }, 200, { 'Clear-Site-Data': '"cache", "storage"' })
})

/** Makes a link that signs in once, within a day. */
admin.post('/session/link', reader, async (c) => {
  const { secret, expires } = await directoryOf(c.env).open('link')
  return c.json({ key: secret, expires })
})

admin.post('/tokens', async (c) => {
  const { site } = await bodyOf(c.req.raw)
  if (typeof site !== 'string' || (site !== allSites && !siteName.test(site)))
    throw new Failure(
      400,
      'site',
      `site ${JSON.stringify(site)} is neither * nor a name out of a-z 0-9 _ . -`
    )
  return c.json({ site, ...(await directoryOf(c.env).createToken(site)) })
})

async function bodyOf(request: Request): Promise<Record<string, unknown>> {
  const body: unknown = await request.json().catch(() => null)
  if (typeof body !== 'object' || body === null)
    throw new Failure(400, 'json', 'the body is not a JSON object')
  return body as Record<string, unknown>
}
