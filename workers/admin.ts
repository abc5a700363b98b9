import { recognize } from '#lib/accept/recognize.ts'
import { longestTokenName, tokenScopes, type TokenChanges, type TokenScope } from '#lib/schema/access.ts'
import { isSiteName, readSiteName, siteNameRule } from '#lib/schema/site-name.ts'
import { Hono } from 'hono'
import { hashPassword } from './access/password.ts'
import { readNetwork } from './access/network.ts'
import { bufferOf, directoryOf } from './access/reach.ts'
import * as sessions from './access/sessions.ts'
import {
  forgetSettings,
  readChanges,
  readFormat,
  readFormats,
  readingBy,
  type SiteSettings
} from './access/settings.ts'
import { readLimitChanges } from './access/site-limits.ts'
import { checkNew, setUp, setupOpenUntil } from './access/setup.ts'
import { allSites } from './access/tokens.ts'
import { Failure } from './failure.ts'
import { checkAway, watchAway, watchedBy } from './watch/away-rules.ts'

const { reader, sameOrigin } = sessions
/** A token that is to last longer has no end. */
const mostHours = 8_760
/** Of a text that shows whether a format fits. */
const longestTrial = 16_384

/** Set-up, signing in and out, sessions, ingest tokens, settings of sites. */
export const admin = new Hono<{ Bindings: Env }>()

for (const path of ['/session/*', '/setup', '/password']) admin.use(path, sameOrigin)
for (const path of ['/sessions/*', '/tokens/*', '/settings', '/sites/:site/settings', '/sites/:site/formats'])
  admin.use(path, sameOrigin, reader)

/** 404 unless a password can still be chosen for the first time. */
admin.get('/setup', async (c) => c.json({ open_until: await setupOpenUntil(c.env) }))

admin.post('/setup', async (c) => {
  await setUp(c, await bodyOf(c.req.raw))
  return c.json({ status: 'signed in' })
})

admin.post('/session', async (c) => {
  await sessions.signIn(c, await bodyOf(c.req.raw))
  return c.json({ status: 'signed in' })
})

admin.delete('/session', async (c) => {
  await sessions.signOut(c)
  return c.json({ status: 'signed out' }, 200, { 'Clear-Site-Data': '"cache", "storage"' })
})

/** Makes a link that signs in once, within a day. */
admin.post('/session/link', reader, async (c) => {
  const { secret, expires } = await directoryOf(c.env).open('link')
  return c.json({ key: secret, expires })
})

/** Whether the password is a secret of the Worker, which the page can't change. */
admin.get('/password', reader, (c) => c.json({ is_secret: Boolean(c.env.LOGGIA_PASSWORD) }))

/** Another password; every session ends and this one starts anew. Not where a secret of the Worker is the password. */
admin.post('/password', reader, async (c) => {
  const { password, chosen } = await bodyOf(c.req.raw)
  if (c.env.LOGGIA_PASSWORD)
    throw new Failure(409, 'password', 'the password is the secret LOGGIA_PASSWORD: change it there')
  const fresh = checkNew(chosen)
  await sessions.checkPassword(c, typeof password === 'string' ? password : '')
  await directoryOf(c.env).changePassword(await hashPassword(fresh))
  sessions.forgetSessions()
  await sessions.startSession(c)
  return c.json({ status: 'changed' })
})

admin.get('/sessions', async (c) => {
  const own = (await sessions.sessionOf(c))?.slice(0, 16)
  const all = await directoryOf(c.env).sessions()
  return c.json({ sessions: all.map((session) => ({ ...session, current: session.id === own })) })
})

admin.delete('/sessions/:id', async (c) => {
  const id = c.req.param('id')
  if (!(await directoryOf(c.env).close(id)))
    throw new Failure(404, 'session_unknown', `session ${id.slice(0, 16)} is not known`)
  sessions.forgetSessions()
  return c.json({ status: 'ended' })
})

/** Ends all sessions but the one that asks. */
admin.delete('/sessions', async (c) => {
  await directoryOf(c.env).closeOthers((await sessions.sessionOf(c)) ?? '')
  sessions.forgetSessions()
  return c.json({ status: 'ended' })
})

admin.get('/tokens', async (c) => c.json({ tokens: await directoryOf(c.env).tokens() }))

/** Makes a token; with `expires_hours` it writes for so long, with the scope `annotations` it sends these alone. */
admin.post('/tokens', async (c) => {
  const {
    site: asked,
    networks: named = [],
    name = '',
    expires_hours: hours,
    scope: wanted = 'ingest'
  } = await bodyOf(c.req.raw)
  const site = asked === allSites ? asked : typeof asked === 'string' ? readSiteName(asked) : null
  if (site === null)
    throw new Failure(400, 'site', `site ${JSON.stringify(asked)} is neither * nor a name (${siteNameRule})`)
  const scope = scopeOf(wanted, site)
  const expires = hours === undefined ? null : Date.now() + hoursOf(hours) * 3_600_000
  const made = await directoryOf(c.env).createToken(site, networksOf(named), tokenName(name), expires, scope)
  return c.json({ site, ...made })
})

function scopeOf(wanted: unknown, site: string): TokenScope {
  const scope = tokenScopes.find((one) => one === wanted)
  if (!scope) throw new Failure(400, 'scope', `scope wants one of ${tokenScopes.join(', ')}`)
  if (scope === 'annotations' && site === allSites)
    throw new Failure(400, 'scope', 'a token for annotations is for one site')
  return scope
}

function hoursOf(hours: unknown): number {
  if (typeof hours === 'number' && hours > 0 && hours <= mostHours) return hours
  throw new Failure(
    400,
    'expires_hours',
    `expires_hours ${JSON.stringify(hours)} is not above 0 and at most ${mostHours}`
  )
}

function tokenName(name: unknown): string {
  const text = typeof name === 'string' ? name.trim() : null
  if (text === null || text.length > longestTokenName)
    throw new Failure(
      400,
      'token_name',
      `the name of a token is a text of at most ${longestTokenName} characters`
    )
  return text
}

function networksOf(named: unknown): string[] {
  const texts = Array.isArray(named) ? named.slice(0, 32) : [null]
  return texts.map((text: unknown) => {
    const network = typeof text === 'string' ? readNetwork(text) : null
    if (network === null)
      throw new Failure(
        400,
        'networks',
        `${(JSON.stringify(text) ?? '').slice(0, 64)} is not a network like 203.0.113.0/24`
      )
    return network
  })
}

/** Makes the successor of a token; the old one goes on writing for `grace_hours`, a day unless said. */
admin.post('/tokens/:id/rotate', async (c) => {
  const { grace_hours: hours = 24 } = await bodyOf(c.req.raw, {})
  if (typeof hours !== 'number' || !(hours >= 0 && hours <= 720))
    throw new Failure(400, 'grace_hours', `grace_hours ${JSON.stringify(hours)} is not from 0 to 720`)
  const rotate_by = Date.now() + hours * 3_600_000
  const made = await directoryOf(c.env).rotateToken(c.req.param('id'), rotate_by)
  if (!made) throw tokenUnknown(c.req.param('id'))
  return c.json({ ...made, rotate_by })
})

/** Changes what a token is called, where it may be used and how its lines are read, within a minute. */
admin.put('/tokens/:id', async (c) => {
  const { name, networks, line_formats } = await bodyOf(c.req.raw)
  if (name === undefined && networks === undefined && line_formats === undefined)
    throw new Failure(400, 'token', 'the body has no name, no networks and no line_formats')
  const changes: TokenChanges = {
    ...(name !== undefined && { name: tokenName(name) }),
    ...(networks !== undefined && { networks: networksOf(networks) }),
    ...(line_formats !== undefined && { line_formats: readFormats(line_formats) })
  }
  if (!(await directoryOf(c.env).changeToken(c.req.param('id'), changes)))
    throw tokenUnknown(c.req.param('id'))
  return c.json(changes)
})

/** What the lines of a text become by a format that the token does not have yet. */
admin.post('/tokens/:id/formats', async (c) => {
  const id = c.req.param('id')
  const token = (await directoryOf(c.env).tokens()).find((token) => token.id === id)
  if (!token) throw tokenUnknown(id)
  const settings = token.site === allSites ? null : await directoryOf(c.env).settings(token.site)
  return c.json(tryFormat(await bodyOf(c.req.raw), settings))
})

/** Ends a token within a minute, wherever it is believed. */
admin.delete('/tokens/:id', async (c) => {
  if (!(await directoryOf(c.env).revokeToken(c.req.param('id')))) throw tokenUnknown(c.req.param('id'))
  return c.json({ status: 'revoked' })
})

admin.get('/sites/:site/settings', async (c) =>
  c.json(await directoryOf(c.env).settings(known(c.req.param('site'))))
)

/** Changes the settings that the body names. */
admin.put('/sites/:site/settings', async (c) => {
  const site = known(c.req.param('site'))
  const changes = readChanges(await bodyOf(c.req.raw))
  checkAway(changes.alerts ?? [])
  if (changes.retention_days !== undefined) await bufferOf(c.env, site).retain(changes.retention_days)
  const settings = await directoryOf(c.env).changeSettings(site, changes)
  forgetSettings(site)
  if (watchedBy.some((name) => changes[name] !== undefined))
    await watchAway(c.env, site, settings, new URL(c.req.url).origin)
  return c.json(settings)
})

/** Changes of the alert rules of a site, the newest first. */
admin.get('/sites/:site/alert-edits', async (c) =>
  c.json(await directoryOf(c.env).alertEdits(known(c.req.param('site'))))
)

/** What the lines of a text become by a format that the site does not have yet. */
admin.post('/sites/:site/formats', async (c) => {
  const settings = await directoryOf(c.env).settings(known(c.req.param('site')))
  return c.json(tryFormat(await bodyOf(c.req.raw), settings))
})

function tryFormat({ format, lines }: Record<string, unknown>, settings: SiteSettings | null) {
  if (typeof format !== 'string' || typeof lines !== 'string')
    throw new Failure(400, 'line_format', 'format and lines want a text each')
  const own = readFormat(format)
  const context = { received: Date.now(), token: null, ...readingBy(settings), formats: [own] }
  return { dialect: own.dialect, lines: recognize(lines.slice(0, longestTrial), context) }
}

/** Settings of the whole installation: how many sites records may make. */
admin.get('/settings', async (c) => c.json(await directoryOf(c.env).limits()))

/** Changes those that the body names, at once. */
admin.put('/settings', async (c) => {
  const changes = readLimitChanges(await bodyOf(c.req.raw))
  return c.json(await directoryOf(c.env).changeLimits(changes))
})

function known(site: string): string {
  if (!isSiteName(site)) throw new Failure(404, 'site_unknown', `site ${site.slice(0, 64)} is not known`)
  return site
}

function tokenUnknown(id: string): Failure {
  return new Failure(404, 'token_unknown', `there is no active token ${id.slice(0, 16)}`)
}

async function bodyOf(request: Request, missing: unknown = null): Promise<Record<string, unknown>> {
  const body: unknown = await request.json().catch(() => missing)
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new Failure(400, 'json', 'the body is not a JSON object')
  return body as Record<string, unknown>
}
