import { env, reset, runDurableObjectAlarm, runInDurableObject, SELF } from 'cloudflare:test'
import { generic } from '#lib/accept/formats/generic.ts'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { bufferOf, directoryOf } from '../../workers/access/reach.ts'
import { forgetSettings } from '../../workers/access/settings.ts'
import { deliverInCalls } from '../../workers/ingest/deliver.ts'
import app from '../../workers/index.ts'
import type { HitBuffer } from '../../workers/store/hit-buffer.ts'
import { requests } from './bad-requests.ts'
import { bodies, good, json, record, type Row } from './bad-rows.ts'
import { logged, post, records, tokenFor } from './reach.ts'

const site = 'example'
const address = 'http://localhost/api/ingest'
let token: string

beforeEach(async () => {
  await reset()
  forgetSettings(site)
  token = await tokenFor(site)
})

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

type Reply = Record<string, unknown> & { http: number; headers: Headers }

async function read(response: Response): Promise<Reply> {
  const text = await response.text()
  const body = text === '' ? {} : (JSON.parse(text) as object)
  return { http: response.status, headers: response.headers, ...body }
}

const send = async (body: BodyInit, headers: Record<string, string> = {}, query = '') =>
  read(await post(token, body, headers, query))

/** The same route over other objects than the real ones. */
const sendTo = async (bindings: object, body: BodyInit | null, headers: Record<string, string> = {}) => {
  const init = { method: 'POST', body, headers: { Authorization: `Bearer ${token}`, ...headers } }
  return read(await app.request(address, init, { ...env, ...bindings }))
}

/** An object that fails so often with the given properties, and is then the real one. */
function failing(message: string, marks: object, times = Infinity) {
  const seen = { calls: 0 }
  const append: HitBuffer['append'] = async (...args) => {
    if (seen.calls++ < times) throw Object.assign(new Error(message), marks)
    return (await bufferOf(env, args[0]).append(...args)) as Awaited<ReturnType<HitBuffer['append']>>
  }
  return { HIT_BUFFER: { idFromName: String, get: () => ({ append }) }, seen }
}

async function expectRow({ http, reply = {}, gives = {}, hits = [], reasons = [], ...row }: Row) {
  const { method = 'POST', path = '/api/ingest', query = '', body, authorization = `Bearer ${token}` } = row
  const headers = new Headers(row.headers)
  if (authorization !== null) headers.set('Authorization', authorization)
  const response = await SELF.fetch(`http://localhost${path}${query}`, { method, headers, body })
  const answer = await read(response)
  expect({ ...answer, http: response.status }).toMatchObject({ ...reply, http })
  expect(response.headers.get('Content-Type')).toMatch(/^application\/json/)
  expect(response.headers.get('Cache-Control')).toBe('no-store')
  expect(response.headers.get('X-Request-Id')).toMatch(/^[0-9a-f-]{36}$/)
  expect(response.headers.get('Access-Control-Allow-Origin')).toBeNull()
  for (const [name, value] of Object.entries(gives)) expect(response.headers.get(name)).toMatch(value)
  if ('received' in answer) {
    const [accepted, duplicate, rejected] = [answer.accepted, answer.duplicate, answer.rejected] as number[]
    expect(accepted! + duplicate! + rejected!).toBe(answer.received)
  }
  expect(await logged(site)).toMatchObject(hits)
  const quarantined = await bufferOf(env, site).quarantine(100)
  expect(quarantined.map(({ reason }) => reason)).toEqual(reasons)
}

describe('a request', () => {
  it.each(requests)('$name', expectRow)
})

describe('a body', () => {
  it.each(bodies)('$name', expectRow)
})

describe('a token', () => {
  it('4 that was revoked is told so', async () => {
    const { id } = (await directoryOf(env).tokens())[0]!
    await directoryOf(env).revokeToken(id)
    expect(await send(good)).toMatchObject({ http: 401, error: { code: 'token_revoked' } })
    expect(await logged(site)).toEqual([])
  })

  it('4 in its grace writes and is told its end', async () => {
    const { id } = (await directoryOf(env).tokens())[0]!
    const until = Date.now() + 3_600_000
    await directoryOf(env).rotateToken(id, until)
    const reply = await send(good)
    expect(reply).toMatchObject({ http: 200, accepted: 1 })
    expect(reply.headers.get('X-Token-Rotate-By')).toBe(new Date(until).toISOString())
  })

  it('3 with a wrong secret cannot be told from one that never was', async () => {
    const wrong = await tokenFor('other').then((text) => text.slice(0, -9))
    const replies = await Promise.all(
      [wrong, `lgi_zzzzzzzz_${'a'.repeat(43)}_00000000`].map((text) => read2(post(text, good)))
    )
    expect(replies.map(({ http, error }) => [http, (error as { code: string }).code])).toEqual([
      [401, 'token_unknown'],
      [401, 'token_unknown']
    ])
  })

  it('7 that cannot be looked up is a 503', async () => {
    const grant = () => Promise.reject(new Error('gone'))
    const DIRECTORY = { idFromName: String, get: () => ({ grant }) }
    const reply = await sendTo({ DIRECTORY }, good)
    expect(reply).toMatchObject({ http: 503, error: { code: 'unavailable' } })
    expect(Number(reply.headers.get('Retry-After'))).toBeGreaterThan(0)
  })

  it('8 in the URL writes where that is allowed', async () => {
    const init = { method: 'POST', body: good }
    const allowed = { ...env, LOGGIA_URL_TOKENS: 'yes' }
    const response = await app.request(`${address}?token=${token}`, init, allowed)
    expect(await read(response)).toMatchObject({ http: 200, accepted: 1 })
  })

  it('65 that sends too fast is told to wait', async () => {
    const big = { 'Content-Length': String(150 << 20) }
    const codes: number[] = []
    for (let i = 0; i < 3; i++) codes.push((await sendTo({}, good, big)).http)
    expect(codes).toEqual([200, 200, 429])
    const reply = await sendTo({}, good, big)
    expect(Number(reply.headers.get('Retry-After'))).toBeGreaterThan(0)
  })
})

describe('a body that', () => {
  it('20 never ends is given up after 30 s', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const body = new ReadableStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode('['))
    })
    const waiting = sendTo({}, body)
    await scheduler.wait(200)
    await vi.advanceTimersByTimeAsync(30_000)
    expect(await waiting).toMatchObject({ http: 503, error: { code: 'too_slow' } })
  })

  it('46 is older than the site keeps is counted and not kept', async () => {
    await directoryOf(env).changeSettings(site, { retention_days: 30 })
    const old = record({ date: '2020-01-01T00:00:00Z' })
    const body = `${record({ date: new Date().toISOString(), path: '/good' })}\n${old}`
    expect(await send(body)).toMatchObject({
      status: 'partial',
      accepted: 1,
      errors: [{ reason: 'late_expired' }]
    })
    expect((await bufferOf(env, site).status()).outcomes).toMatchObject({ late_expired: 1 })
    expect(await logged(site)).toMatchObject([{ path: '/good' }])
  })

  it('45 names no zone gets that of the site', async () => {
    await directoryOf(env).changeSettings(site, { utc_offset: 210 })
    await send(record({ date: '2026-11-20 12:00:00' }))
    expect(await logged(site)).toMatchObject([{ time: Date.parse('2026-11-20T08:30:00Z'), utc_offset: 210 }])
  })

  it('55 has 50,001 lines is stored', async () => {
    const body = Array.from({ length: 50_001 }, (_, i) => `{"path":"/${i}","status":200}`).join('\n')
    expect(await send(body)).toMatchObject({ http: 200, status: 'ok', accepted: 50_001 })
  })
})

describe('a batch of more than one call takes', () => {
  const refused = 215_000
  const lines = Array.from({ length: refused }, (_, i) => `{"a":${i}}\n`)

  it('all its good lines and counts each of 215,000 refused ones', async () => {
    const body = `${good}\n${lines.join('')}${good}`
    const counts = { received: refused + 2, accepted: 2, rejected: refused }
    expect(await send(body)).toMatchObject({ http: 200, status: 'partial', ...counts })
    const again = { received: refused + 2, accepted: 0, duplicate: refused + 2, rejected: 0 }
    expect(await send(body)).toMatchObject({ http: 200, status: 'duplicate', ...again })
    expect(await logged(site)).toHaveLength(2)
    const buffer = bufferOf(env, site)
    const { outcomes, quarantined } = await buffer.status()
    expect(outcomes).toEqual({ accepted: 2, shape: refused, duplicate: refused + 2 })
    expect(quarantined).toBe(4_096)
    expect(await buffer.quarantine(1)).toMatchObject([{ raw: '{"a":4095}', is_cut: false }])
  })

  it('its hits once, although one of the calls failed at first', async () => {
    const rows = Array.from({ length: 20 }, (_, i) => ({
      rows: 10 + i,
      hits: new Uint8Array(1 << 20),
      lines: null
    }))
    const refusals = [{ index: 0, reason: 'json', message: 'text is not JSON', sample: '{', raw: '{' }]
    const batch = { key: 'k', received: Date.now(), token: null, rows, refusals, more: { shape: 7 } }
    const calls: number[] = []
    const append: HitBuffer['append'] = async (name, batch) => {
      calls.push(batch.rows.length)
      if (calls.length === 2) throw new Error('internal error; reference = x')
      return (await bufferOf(env, name).append(name, batch)) as Awaited<ReturnType<HitBuffer['append']>>
    }
    const lying = { ...env, HIT_BUFFER: { idFromName: String, get: () => ({ append }) } } as unknown as Env
    await expect(deliverInCalls(lying, site, batch)).rejects.toMatchObject({ status: 503 })
    expect(await deliverInCalls(lying, site, batch)).toEqual({
      ...{ received: 398, accepted: 282, duplicate: 108, rejected: 8, unkept: 7 },
      known: false
    })
    expect(await deliverInCalls(lying, site, batch)).toEqual({
      ...{ received: 398, accepted: 0, duplicate: 398, rejected: 0, unkept: 7 },
      known: true
    })
    expect(calls).toEqual([8, 8, 8, 8, 4, 8, 8, 4])
    const { unflushed_rows, outcomes } = await bufferOf(env, site).status()
    expect([unflushed_rows, outcomes]).toEqual([390, { accepted: 390, duplicate: 506, json: 1, shape: 7 }])
  })
})

describe('the same again', () => {
  const ten = records(10)

  it('56 is not stored again, and each of its records counts as a duplicate', async () => {
    const body = json([...ten, 17])
    const first = await send(body)
    expect(first).toMatchObject({ status: 'partial', received: 11, accepted: 10, rejected: 1 })
    const counts = { received: 11, accepted: 0, duplicate: 11, rejected: 0 }
    expect(await send(body)).toMatchObject({ http: 200, status: 'duplicate', ...counts, batch: first.batch })
    expect(await logged(site)).toHaveLength(10)
    const { outcomes } = await bufferOf(env, site).status()
    expect(outcomes).toEqual({ accepted: 10, duplicate: 11, not_a_record: 1 })
  })

  it('57 under the same key with another body keeps what is new; no flag tells of the conflict', async () => {
    const key = { 'Idempotency-Key': 'k' }
    const line = (id: number) => record({ request_id: `id-${id}` })
    expect(await send([1, 2].map(line).join('\n'), key)).toMatchObject({ accepted: 2 })
    const again = await send([2, 3].map(line).join('\n'), key)
    expect(again).toMatchObject({ http: 200, received: 2, accepted: 1, duplicate: 1 })
    expect(await logged(site)).toHaveLength(3)
  })

  it('58 cut in another way counts each line with an id once', async () => {
    const lines = Array.from({ length: 20 }, (_, i) => record({ request_id: `id-${i}`, path: `/${i}` }))
    await send(lines.slice(0, 12).join('\n'))
    expect(await send(lines.slice(5).join('\n'))).toMatchObject({ http: 200, accepted: 8, duplicate: 7 })
    expect((await logged(site)).map(({ path }) => path)).toEqual(lines.map((_, i) => `/${i}`))
  })

  it('59 at the same time is stored once', async () => {
    const replies = await Promise.all([send(json(ten)), send(json(ten))])
    expect(replies.map(({ http, status }) => `${http} ${String(status)}`).sort()).toEqual([
      '200 duplicate',
      '200 ok'
    ])
    expect(await logged(site)).toHaveLength(10)
  })

  it('60 as equal lines without an id inside a batch are all kept', async () => {
    expect(await send(`${good}\n${good}`)).toMatchObject({ accepted: 2 })
    expect(await logged(site)).toHaveLength(2)
  })
})

describe('a site', () => {
  const setState = async (state: 'paused' | 'deleted') => {
    await directoryOf(env).changeSettings(site, { state })
    forgetSettings(site)
  }

  it('63 that was deleted is gone', async () => {
    await setState('deleted')
    expect(await send(good)).toMatchObject({ http: 410, error: { code: 'site_deleted' } })
    expect(await directoryOf(env).sites()).not.toContain(site)
  })

  it('63 that pauses lets forwarders wait for an hour', async () => {
    await setState('paused')
    expect(await send(good)).toMatchObject({ http: 503, error: { code: 'site_paused' } })
    vi.setSystemTime(Date.now() + 3_700_000)
    expect(await send(good)).toMatchObject({ http: 403, error: { code: 'site_paused' } })
  })
})

describe('an object that', () => {
  const retry = (reply: Reply) => Number(reply.headers.get('Retry-After'))

  it('64 has a full log makes forwarders wait', async () => {
    const reply = await sendTo(failing('log is full: 600 MB wait', { remote: true }), good)
    expect(reply).toMatchObject({ http: 429, error: { code: 'log_full' } })
    expect(retry(reply)).toBeGreaterThanOrEqual(5)
    expect(retry(reply)).toBeLessThanOrEqual(60)
  })

  it('66 is overloaded is not asked again', async () => {
    const object = failing('too many', { overloaded: true, retryable: true })
    const reply = await sendTo(object, json(records(10)))
    expect([reply.http, object.seen.calls]).toEqual([503, 1])
    expect(retry(reply)).toBeGreaterThan(0)
  })

  it('67 was moved is asked twice more when the batch has a key', async () => {
    const moved = failing('moved', { retryable: true }, 2)
    expect(await sendTo(moved, json(records(10)))).toMatchObject({ http: 200, accepted: 10 })
    const gone = failing('moved', { retryable: true })
    expect([(await sendTo(gone, json(records(10, 50)))).http, gone.seen.calls]).toEqual([503, 3])
    const keyless = failing('moved', { retryable: true })
    expect([(await sendTo(keyless, good)).http, keyless.seen.calls]).toEqual([503, 1])
  })

  it('68 does not answer within 8 s is a 503', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const append = () => new Promise<never>(() => undefined)
    const waiting = sendTo({ HIT_BUFFER: { idFromName: String, get: () => ({ append }) } }, good)
    await scheduler.wait(200)
    await vi.advanceTimersByTimeAsync(8_000)
    expect(await waiting).toMatchObject({ http: 503, error: { code: 'timeout' } })
  })

  it('69 has no room left is a 503', async () => {
    const full = failing('database or disk is full: SQLITE_FULL', { remote: true })
    expect(await sendTo(full, good)).toMatchObject({ http: 503, error: { code: 'storage_full' } })
  })

  it.each([
    ['internal error; reference = x', {}],
    ['internal error; reference = x', { remote: true }],
    ['SQLITE_TOOBIG: string or blob too big', { remote: true }],
    ['TypeError: x is not a function', { remote: true }]
  ])('72 fails with "%s" (%j) is a 503 for as long as it does', async (message, marks) => {
    const object = failing(message, marks, 5)
    for (let i = 0; i < 5; i++) {
      const reply = await sendTo(object, json(records(10)))
      expect(reply).toMatchObject({ http: 503, error: { code: 'unavailable' } })
      expect(retry(reply)).toBeGreaterThan(0)
    }
    expect(await sendTo(object, json(records(10)))).toMatchObject({ http: 200, status: 'ok', accepted: 10 })
    expect(await bufferOf(env, site).quarantine(10)).toEqual([])
  })

  it('72 cannot write stores a batch once it can', async () => {
    await runInDurableObject(bufferOf(env, site), (_, { storage }) => {
      vi.spyOn(storage, 'transactionSync').mockImplementation(() => {
        throw new Error('internal error; reference = 0123456789abcdef')
      })
    })
    for (let i = 0; i < 5; i++) expect(await send(json(records(10)))).toMatchObject({ http: 503 })
    vi.restoreAllMocks()
    expect(await send(json(records(10)))).toMatchObject({ http: 200, status: 'ok', accepted: 10 })
    expect(await logged(site)).toHaveLength(10)
  })

  it('70 cannot reach R2 takes batches into its log', async () => {
    const buffer = bufferOf(env, site)
    await runInDurableObject(buffer, (instance: HitBuffer) => {
      const { PARTS } = (instance as unknown as { env: Env }).env
      vi.spyOn(PARTS, 'put').mockRejectedValue(new Error('R2 is away'))
    })
    expect(await send(good)).toMatchObject({ http: 200, accepted: 1 })
    vi.setSystemTime(Date.now() + 61_000)
    await runDurableObjectAlarm(buffer)
    expect(await send(good)).toMatchObject({ http: 200, accepted: 1 })
    expect(await logged(site)).toHaveLength(2)
  })
})

describe('an error of ours', () => {
  it('71 on one line puts this line into quarantine', async () => {
    const real = generic.read
    vi.spyOn(generic, 'read').mockImplementation((hit, fields, source) => {
      if (fields.path === '/poison') throw new Error('oops')
      real(hit, fields, source)
    })
    const body = [good, record({ path: '/poison' }), good].join('\n')
    expect(await send(body)).toMatchObject({
      status: 'partial',
      accepted: 2,
      errors: [{ index: 1, reason: 'internal' }]
    })
    expect(await bufferOf(env, site).quarantine(10)).toMatchObject([
      { reason: 'internal', raw: record({ path: '/poison' }) }
    ])
  })

  it('72 on a line that no step of its own catches keeps the others', async () => {
    const { stringify } = JSON
    vi.spyOn(JSON, 'stringify').mockImplementation((value, ...rest) => {
      const text = stringify(value, ...(rest as []))
      if (/^(?:\[|\{"all":).*\/poison/.test(text)) throw new Error('oops')
      return text
    })
    const lines = Array.from(
      { length: 9 },
      (_, i) => `{"status":200,"path":"/${i === 4 ? 'poison' : i}","date":"2026-11-20T12:00:00Z"}`
    )
    expect(await send(lines.join('\n'))).toMatchObject({
      http: 200,
      status: 'partial',
      received: 9,
      accepted: 8,
      errors: [{ index: 4, reason: 'internal' }]
    })
    const [kept] = await bufferOf(env, site).quarantine(10)
    expect(kept).toMatchObject({ reason: 'internal', is_cut: false })
    expect(JSON.parse(kept!.raw)).toMatchObject({ path: '/poison' })
    vi.restoreAllMocks()
    expect((await logged(site)).map(({ path }) => path)).toEqual(lines.map((_, i) => `/${i}`).toSpliced(4, 1))
  })

  it('72 on every line is no fault of the batch', async () => {
    const { stringify } = JSON
    vi.spyOn(JSON, 'stringify').mockImplementation((value, ...rest) => {
      const text = stringify(value, ...(rest as []))
      if (/^(?:\[|\{"all":)/.test(text)) throw new Error('oops')
      return text
    })
    for (let i = 0; i < 4; i++)
      expect(
        await send(
          records(200)
            .map((row) => json(row))
            .join('\n')
        )
      ).toMatchObject({ http: 503 })
    vi.restoreAllMocks()
    expect(await bufferOf(env, site).quarantine(10)).toEqual([])
    expect(
      await send(
        records(200)
          .map((row) => json(row))
          .join('\n')
      )
    ).toMatchObject({ http: 200, accepted: 200 })
  })

  it('72 on a record that is too long for quarantine is not acknowledged', async () => {
    const real = generic.read
    vi.spyOn(generic, 'read').mockImplementation((hit, fields, source) => {
      if (fields.path === '/poison') throw new Error('oops')
      real(hit, fields, source)
    })
    const long = record({ path: '/poison', ua: 'x'.repeat(20_000) })
    expect(await send([good, long].join('\n'))).toMatchObject({ accepted: 1, rejected: 1 })
    expect(await bufferOf(env, site).quarantined([1])).toMatchObject([{ raw: long, is_cut: false }])
    const many = [good, ...Array<string>(14).fill(long)].join('\n')
    expect(await send(many)).toMatchObject({ http: 503 })
    expect(await logged(site)).toHaveLength(1)
  })
})

async function read2(response: Promise<Response>): Promise<Reply> {
  return read(await response)
}
