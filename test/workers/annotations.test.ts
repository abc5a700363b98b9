import { env, SELF } from 'cloudflare:test'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { mostAnnotations, type Annotation } from '#lib/schema/annotations.ts'
import { directoryOf } from '../../workers/access/reach.ts'
import { post, record } from './reach.ts'
import { call, freshDirectory, signIn } from './signed-in.ts'

const path = '/api/sites/shop/annotations'
const now = Date.parse('2026-11-21T13:40:00Z')

freshDirectory()

async function tokenOf(site: string): Promise<string> {
  const made = await call('POST', '/api/tokens', { site, scope: 'annotations', name: 'Deploys' })
  return (made as unknown as { token: string }).token
}

/** Sends as a deploy hook does: no cookie, no header of the page. */
function send(token: string, body: BodyInit, headers: Record<string, string> = {}, to = path) {
  return SELF.fetch(`http://localhost${to}`, {
    method: 'POST',
    body,
    headers: { Authorization: `Bearer ${token}`, ...headers }
  })
}
const codeOf = async (answer: Response) => (await refusalOf(answer)).slice(0, 2)
const refusalOf = async (answer: Response) => {
  const { error } = await answer.json<{ error: { code: string; message: string } }>()
  return [answer.status, error.code, error.message]
}
const listed = async () => (await directoryOf(env).annotations('shop')) as Annotation[]

describe('annotations', () => {
  beforeEach(signIn)

  it('are kept as a deploy hook sends them, now unless it says when', async () => {
    const token = await tokenOf('shop')
    expect(token).toMatch(/^lga_/)
    vi.setSystemTime(now)
    const form = new URLSearchParams({ text: 'Deploy “v1.2” & more ' }).toString()
    const first = await send(token, form, { 'Content-Type': 'application/x-www-form-urlencoded' })
    expect(first.status).toBe(201)
    const json = { text: 'Backfill', at: '2026-11-20T10:00:00+01:00', until: 1_763_632_800 + 31_536_000 }
    expect((await send(token, JSON.stringify(json))).status).toBe(201)
    expect(await call('GET', path)).toMatchObject({
      http: 200,
      annotations: [
        { text: 'Backfill', at: Date.parse('2026-11-20T09:00Z'), until: Date.parse('2026-11-20T10:00Z') },
        { text: 'Deploy “v1.2” & more', at: now, until: null, token: token.slice(4, 12) }
      ]
    })
  })

  it('are one for each key, however often it comes', async () => {
    const token = await tokenOf('shop')
    const key = { 'Idempotency-Key': 'deploy-17' }
    const answers = await Promise.all([1, 2, 3].map((i) => send(token, `text=Try+${i}`, key)))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 200, 201])
    expect(await listed()).toHaveLength(1)
    expect(await refusalOf(await send(token, 'text=a', { 'Idempotency-Key': 'k'.repeat(201) }))).toEqual([
      400,
      'key',
      'Idempotency-Key has 201 characters, and at most 200 are kept'
    ])
  })

  it('are all that their token can send, and no other token sends them', async () => {
    const token = await tokenOf('shop')
    expect(await codeOf(await post(token, JSON.stringify(record(1))))).toEqual([403, 'wrong_scope'])
    const { token: ingest } = await directoryOf(env).createToken('shop')
    expect(await codeOf(await send(ingest, 'text=a'))).toEqual([403, 'wrong_scope'])
    // The prefix is part of what is hashed: a token does not pass for one of another scope.
    expect((await post(token.replace('lga_', 'lgi_'), JSON.stringify(record(1)))).status).toBe(401)
    expect(
      (await SELF.fetch(`http://localhost${path}`, { headers: { Authorization: `Bearer ${token}` } })).status
    ).toBe(401)
    const remove = { method: 'DELETE', headers: { Authorization: `Bearer ${token}`, 'X-Loggia': '1' } }
    expect((await SELF.fetch(`http://localhost${path}/a`, remove)).status).toBe(401)
    expect(await listed()).toEqual([])
  })

  it('are refused from a token of another site, one that is revoked, and a session', async () => {
    const token = await tokenOf('blog')
    expect(await refusalOf(await send(token, 'text=a'))).toEqual([
      403,
      'other_site',
      'this token annotates blog, not shop'
    ])
    expect(await call('POST', path, { text: 'a' })).toMatchObject({
      http: 401,
      error: { code: 'token_missing' }
    })
    await directoryOf(env).revokeToken(token.slice(4, 12))
    vi.setSystemTime(Date.now() + 60_001)
    const own = '/api/sites/blog/annotations'
    expect(await codeOf(await send(token, 'text=a', {}, own))).toEqual([401, 'token_revoked'])
    expect(await call('POST', '/api/tokens', { site: '*', scope: 'annotations' })).toMatchObject({
      http: 400
    })
    expect(await call('POST', '/api/tokens', { site: 'shop', scope: 'admin' })).toMatchObject({ http: 400 })
  })

  it('keep the scope of a token that is rotated', async () => {
    const old = await tokenOf('shop')
    const made = await call('POST', `/api/tokens/${old.slice(4, 12)}/rotate`)
    const { token } = made as unknown as { token: string }
    expect((await send(token, 'text=a')).status).toBe(201)
    expect(await call('GET', '/api/tokens')).toMatchObject({
      tokens: [{ scope: 'annotations' }, { scope: 'annotations', prefix: `${old.slice(0, 13)}…` }]
    })
  })

  it.each([
    [{}, 'text is missing'],
    [{ text: ' \n ' }, 'text is missing'],
    [{ text: 7 }, 'text is missing'],
    [{ text: 'é'.repeat(201) }, 'text has 201 characters, and at most 200 are kept'],
    [{ text: 'a', at: '2026-11-21' }, /^at "2026-11-21" is no time since 2000/],
    [{ text: 'a', at: '2026-11-21T13:40:00' }, /^at "2026-11-21T13:40:00" is no time/],
    [{ text: 'a', at: 12 }, /^at 12 is no time/],
    [{ text: 'a', at: -1 }, /^at -1 is no time/],
    [{ text: 'a', at: 1e300 }, /^at 1e\+300 is no time/],
    [{ text: 'a', at: null }, /^at null is no time/],
    [{ text: 'a', at: '2028-11-21T13:40:00Z' }, 'at 2028-11-21T13:40:00.000Z is more than a year ahead'],
    [
      { text: 'a', at: '2026-11-21T13:40:00Z', until: '2026-11-21T13:39:59Z' },
      'until 2026-11-21T13:39:59.000Z is before at 2026-11-21T13:40:00.000Z'
    ],
    [{ text: 'a', tags: [] }, 'there is nothing called tags in an annotation']
  ])('are refused with the reason: %j', async (body, why) => {
    const token = await tokenOf('shop')
    vi.setSystemTime(now)
    const [status, code, message] = await refusalOf(await send(token, JSON.stringify(body)))
    expect([status, code]).toEqual([400, 'annotation'])
    expect(message).toMatch(why)
    expect(await listed()).toEqual([])
  })

  it.each(['[1]', '{"text":', '{"text": "a"', `{"text": "${'a'.repeat(5_000)}"}`, ''])(
    'are refused as a body that is none: %.20s',
    async (body) => {
      const answer = await send(await tokenOf('shop'), body)
      expect([400, 413]).toContain(answer.status)
      expect(await listed()).toEqual([])
    }
  )

  it.each(['<img src=x onerror=alert(1)>', 'a\nb', '\u202Eevil', 'a\u0000b', '\ud800'])(
    'keep a text as it came: %j',
    async (text) => {
      expect((await send(await tokenOf('shop'), JSON.stringify({ text }))).status).toBe(201)
      expect((await listed()).map((one) => one.text)).toEqual([text.toWellFormed()])
    }
  )

  it('are bounded by rate, with the number', async () => {
    const token = await tokenOf('shop')
    vi.setSystemTime(now)
    const statuses: number[] = []
    for (let i = 0; i < 61; i++) statuses.push((await send(token, `text=${i}`)).status)
    expect(statuses.filter((status) => status === 201)).toHaveLength(60)
    const refused = await send(token, 'text=more')
    expect(refused.headers.get('Retry-After')).toMatch(/^[1-5]$/)
    expect(await refusalOf(refused)).toEqual([
      429,
      'too_many',
      'a token may send 60 annotations at once, then one every 2 seconds'
    ])
  })

  it('are bounded by number: the oldest of a token goes, none that was written by hand', async () => {
    const directory = directoryOf(env)
    const token = await tokenOf('shop')
    const note = (at: number) => ({ at, until: null, text: `At ${at}` })
    await directory.writeAnnotation('shop', 'first', note(1))
    for (let i = 1; i < mostAnnotations; i++)
      await directory.addAnnotation('shop', note(i + 1), 'token', null)
    expect((await send(token, 'text=new')).status).toBe(201)
    const kept = await listed()
    expect([kept.length, kept[0]!.id, kept[1]!.at]).toEqual([mostAnnotations, 'first', 3])
    for (let i = 1; i < mostAnnotations; i++) await directory.writeAnnotation('shop', `own-${i}`, note(i))
    expect(await refusalOf(await send(token, 'text=more'))).toEqual([
      409,
      'full',
      'shop has 1000 annotations that were written by hand, and no more are kept: delete some'
    ])
    expect(await call('PUT', `${path}/another`, { text: 'a' })).toMatchObject({ http: 409 })
    expect(await call('PUT', `${path}/first`, { text: 'changed' })).toMatchObject({ http: 200 })
  })

  it('are written, changed and deleted by a reader', async () => {
    const at = '2026-11-21T13:40:00Z'
    expect(await call('PUT', `${path}/one`, { text: 'Launch', at })).toMatchObject({ http: 200, token: null })
    expect(await call('PUT', `${path}/one`, { text: 'Launch of 2.0', at })).toMatchObject({ http: 200 })
    expect((await listed()).map(({ text }) => text)).toEqual(['Launch of 2.0'])
    expect(await call('PUT', `${path}/a.b`, { text: 'a' })).toMatchObject({ http: 400 })
    expect(await call('DELETE', `${path}/one`)).toMatchObject({ http: 200 })
    expect(await call('DELETE', `${path}/one`)).toMatchObject({ http: 404 })
    expect(await call('PUT', `${path}/one`, { text: 'a' }, {}, { Cookie: '' })).toMatchObject({ http: 401 })
    expect(await call('PUT', `${path}/one`, { text: 'a' }, {}, { 'X-Loggia': '' })).toMatchObject({
      http: 403
    })
  })

  it('are not taken for a site that was deleted', async () => {
    const token = await tokenOf('shop')
    await call('PUT', '/api/sites/shop/settings', { state: 'deleted' })
    expect(await refusalOf(await send(token, 'text=a'))).toEqual([
      410,
      'site_deleted',
      'site shop was deleted'
    ])
    expect(await call('PUT', `${path}/one`, { text: 'a' })).toMatchObject({ http: 410 })
  })
})
