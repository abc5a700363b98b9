import { env, reset, SELF } from 'cloudflare:test'
import { beforeEach, describe, expect, it } from 'vitest'
import { gzipSync, brotliCompressSync, deflateSync, zstdCompressSync } from 'node:zlib'
import { bufferOf } from '../../workers/access/reach.ts'
import { post, record, records, settle, tokenFor } from './reach.ts'

let token: string

beforeEach(async () => {
  await reset()
  token = await tokenFor('example')
})

const json = (value: unknown) => JSON.stringify(value)
const ndjson = (values: unknown[]) => values.map(json).join('\n')
const reply = async (response: Promise<Response>): Promise<Record<string, unknown>> => {
  const { status } = await response
  return { http: status, ...((await (await response).json()) as Record<string, unknown>) }
}

describe('a body', () => {
  const two = records(2)
  it.each([
    ['a JSON array', json(two)],
    ['NDJSON', ndjson(two)],
    ['NDJSON with CRLF, BOM and blank lines', `\uFEFF${json(two[0])}\r\n\r\n${json(two[1])}\r\n`],
    ['concatenated objects', two.map(json).join('')],
    [
      'raw lines as text',
      '203.0.113.7 - - [15/Jan/2026:10:11:28 +0000] "GET / HTTP/1.1" 200 615 "-" "curl/8.5.0"\n'.repeat(2)
    ],
    [
      'raw lines under message and log',
      json([
        { message: '203.0.113.7 - - [15/Jan/2026:10:11:28 +0000] "GET /a HTTP/1.1" 200 615' },
        {
          log: 'www.example.com:443 203.0.113.7 - - [15/Jan/2026:10:11:28 +0000] "GET / HTTP/1.1" 200 615 "-" "-"'
        }
      ])
    ]
  ])('may be %s', async (_, body) => {
    expect(await reply(post(token, body))).toMatchObject({
      http: 200,
      status: 'ok',
      received: 2,
      accepted: 2
    })
  })

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
    ['zstd', zstdCompressSync]
  ])('may be compressed with %s', async (encoding, compress) => {
    const body = new Uint8Array(compress(json(two)))
    expect(await reply(post(token, body, { 'Content-Encoding': encoding }))).toMatchObject({
      http: 200,
      accepted: 2
    })
  })

  it('may be gzip of several members', async () => {
    const body = new Uint8Array(Buffer.concat(two.map((value) => gzipSync(`${json(value)}\n`))))
    expect(await reply(post(token, body, { 'Content-Encoding': 'gzip' }))).toMatchObject({ accepted: 2 })
  })

  it('may be empty', async () => {
    expect(await reply(post(token, ''))).toMatchObject({ http: 200, received: 0 })
  })
})

describe('a refused batch', () => {
  it.each([
    ['no token', null, '{}', {}, 401, 'token_missing'],
    ['an unknown token', 'lgi_x', '{}', {}, 401, 'token_unknown'],
    ['an unknown encoding', '', '{}', { 'Content-Encoding': 'snappy' }, 415, undefined],
    [
      'broken gzip',
      '',
      new Uint8Array([0x1f, 0x8b, 8, 0, 1, 2, 3]),
      { 'Content-Encoding': 'gzip' },
      400,
      undefined
    ],
    [
      'truncated gzip',
      '',
      new Uint8Array(gzipSync(ndjson(records(50)))).slice(0, -40),
      { 'Content-Encoding': 'gzip' },
      400,
      undefined
    ],
    [
      'a bomb',
      '',
      new Uint8Array(gzipSync(Buffer.alloc(30 << 20))),
      { 'Content-Encoding': 'gzip' },
      413,
      undefined
    ],
    ['too many bytes', '', new Uint8Array((20 << 20) + 1), {}, 413, undefined]
  ])('%s is answered as an error in JSON', async (_, given, body, headers, status, code) => {
    const answer = await reply(post(given === '' ? token : given, body, headers as Record<string, string>))
    expect(answer.http).toBe(status)
    expect(answer.error).toMatchObject({ message: expect.any(String), ...(code ? { code } : {}) })
    expect((await bufferOf(env, 'example').status()).unflushed_rows).toBe(0)
  })

  it('names the token by its first letters only', async () => {
    const wrong = await tokenFor('other').then((text) => text.slice(0, -9))
    expect(await reply(post(wrong, '{}'))).toMatchObject({
      error: { message: `token ${wrong.slice(0, 6)}… is not known` }
    })
  })

  it('refuses methods, foreign sites, tokens in the URL and sessions', async () => {
    const url = 'http://localhost/api/ingest'
    const headers = { Authorization: `Bearer ${token}` }
    expect((await SELF.fetch(url, { method: 'PUT', headers })).status).toBe(405)
    expect((await SELF.fetch(url, { method: 'HEAD', headers })).status).toBe(200)
    expect((await SELF.fetch(url, { method: 'OPTIONS' })).status).toBe(403)
    expect(await reply(post(token, '{}', {}, '?site=other'))).toMatchObject({ http: 403 })
    expect(await reply(post(null, '{}', {}, `?token=${token}`))).toMatchObject({
      error: { code: 'token_in_url' }
    })
    expect(await reply(post(null, '{}', { Cookie: 'loggia=x' }))).toMatchObject({
      error: { code: 'wrong_scope' }
    })
  })
})

describe('a good batch', () => {
  it('keeps the good records and quarantines the bad one', async () => {
    const body = ndjson(records(3)).replace('"/page/1"', '"/page/1')
    const answer = await reply(post(token, body))
    expect(answer).toMatchObject({ http: 200, status: 'partial', received: 3, accepted: 2, rejected: 1 })
    expect(answer.errors).toMatchObject([{ index: 1, reason: expect.any(String) }])
    const [quarantined] = await bufferOf(env, 'example').quarantine(10)
    expect(quarantined).toMatchObject({ reason: expect.any(String), raw: expect.stringContaining('/page/1') })
  })

  it('answers 200 also when all records are bad', async () => {
    expect(await reply(post(token, '[1, null, "x"]'))).toMatchObject({
      http: 200,
      status: 'rejected',
      rejected: 3
    })
  })

  it('is stored once, however often it comes', async () => {
    const body = ndjson(records(10))
    const answers = await Promise.all([1, 2, 3].map(() => reply(post(token, body))))
    expect(answers.map((answer) => answer.status).sort()).toEqual(['duplicate', 'duplicate', 'ok'])
    expect(answers.map(({ accepted, duplicate }) => `${accepted} ${duplicate}`).sort()).toEqual([
      '0 10',
      '0 10',
      '10 0'
    ])
    const { unflushed_rows, outcomes } = await bufferOf(env, 'example').status()
    expect([unflushed_rows, outcomes]).toEqual([10, { accepted: 10, duplicate: 20 }])
  })

  it('counts small equal batches apart unless they carry a key', async () => {
    for (let i = 0; i < 2; i++) await post(token, json(record(1)))
    for (let i = 0; i < 2; i++) await post(token, json(record(2)), { 'Idempotency-Key': 'k' })
    expect((await bufferOf(env, 'example').status()).unflushed_rows).toBe(3)
  })

  const combined = (path: string) =>
    `203.0.113.7 - - [20/Nov/2026:12:00:00 +0000] "GET ${path} HTTP/1.1" 200 615 "-" "hey/0.1"`
  const cycle = (paths: number, lines: number) =>
    Array.from({ length: lines }, (_, i) => combined(`/${i % paths}`)).join('\n')

  it.each([
    ['all equal', 1],
    ['of nine kinds', 9],
    ['a tenth of which differ', 100]
  ])('is counted each time it comes if its lines are %s, unless it carries a key', async (_, paths) => {
    const burst = cycle(paths, 1_000)
    for (let i = 0; i < 4; i++)
      expect(await reply(post(token, burst))).toMatchObject({ status: 'ok', accepted: 1_000, duplicate: 0 })
    const keyed = () => reply(post(token, burst, { 'Idempotency-Key': 'k' }))
    expect(await keyed()).toMatchObject({ status: 'ok', accepted: 1_000 })
    expect(await keyed()).toMatchObject({ status: 'duplicate', accepted: 0, duplicate: 1_000 })
    const { unflushed_rows, outcomes } = await bufferOf(env, 'example').status()
    expect([unflushed_rows, outcomes]).toEqual([5_000, { accepted: 5_000, duplicate: 1_000 }])
  })

  it('is known by its whole key, however long that is', async () => {
    const file = `/var/log/nginx/${'d/'.repeat(500)}access.log`
    const send = (place: number) =>
      reply(post(token, cycle(1, 50), { 'Idempotency-Key': `${file}:${place}` }))
    expect([await send(1), await send(2), await send(1)]).toMatchObject([
      { accepted: 50 },
      { accepted: 50 },
      { accepted: 0, duplicate: 50 }
    ])
  })

  it('is known by its body if half of its lines differ', async () => {
    const body = cycle(500, 1_000)
    expect(await reply(post(token, body))).toMatchObject({ status: 'ok', accepted: 1_000 })
    expect(await reply(post(token, body))).toMatchObject({ status: 'duplicate', duplicate: 1_000 })
  })

  it('goes to the sites its records name, with a token for all sites', async () => {
    const all = await tokenFor('*')
    const body = ndjson([record(1, { service: 'One' }), record(2, { service: 'two' }), record(3)])
    expect(await reply(post(all, body))).toMatchObject({ received: 3, accepted: 2, rejected: 1 })
    expect((await bufferOf(env, 'one').status()).unflushed_rows).toBe(1)
    expect((await bufferOf(env, 'two').status()).unflushed_rows).toBe(1)
    expect(await reply(post(all, json(record(4)), {}, '?site=three'))).toMatchObject({ accepted: 1 })
    expect(await reply(post(all, json(record(4))))).toMatchObject({ accepted: 0, rejected: 1 })
    expect((await bufferOf(env, '*').quarantine(10)).map(({ reason }) => reason)).toEqual(['site'])
  })

  it('takes markup, quotes and SQL as text', async () => {
    const nasty = `/<script>alert(1)</script>'";drop table hits;--`
    await post(token, json(record(1, { request_uri: nasty, http_user_agent: nasty })))
    await settle('example')
    expect((await bufferOf(env, 'example').status()).rows).toBe(1)
  })

  it('shows what it would become without storing it', async () => {
    const answer = await reply(post(token, json(records(2)), {}, '?dry_run=1'))
    expect(answer).toMatchObject({ status: 'dry_run', sites: [{ site: 'example', accepted: 2 }] })
    expect((await bufferOf(env, 'example').status()).unflushed_rows).toBe(0)
  })
})
