import { env, reset, SELF } from 'cloudflare:test'
import { gzipSync } from 'node:zlib'
import { beforeEach, describe, expect, it } from 'vitest'
import { bufferOf } from '../../workers/access/reach.ts'
import { unsnap } from '../../workers/ingest/snappy.ts'
import { bytes, good, json, kept, record } from './bad-rows.ts'
import { logged, records, tokenFor } from './reach.ts'
import { field, fixed64, message, snap, varint } from './wire.ts'

const site = 'example'
let token: string

beforeEach(async () => {
  await reset()
  token = await tokenFor(site)
})

type Named = Record<string, string>

function call(
  path: string,
  body?: BodyInit,
  headers: Named = {},
  method = body === undefined ? 'GET' : 'POST'
) {
  const init = { method, body, headers: { Authorization: `Bearer ${token}`, ...headers } }
  return SELF.fetch(`http://localhost/api/${path}`, init)
}

async function told(response: Promise<Response>): Promise<Record<string, unknown>> {
  const { status } = await response
  return { http: status, ...((await (await response).json()) as object) }
}

const reasons = async () => (await bufferOf(env, site).quarantine(100)).map(({ reason }) => reason)
const protobuf = { 'Content-Type': 'application/x-protobuf' }
const line = (path: string) =>
  `203.0.113.7 - - [15/Jan/2026:10:11:24 +0000] "GET ${path} HTTP/1.1" 200 615 "-" "curl/8.5.0"`
const basic = (scheme: string, text: string) => ({ Authorization: `${scheme} ${btoa(text)}` })

describe('every endpoint', () => {
  const paths = ['ingest', 'loki/loki/api/v1/push', 'otlp/v1/logs', 'es/_bulk']

  it.each(paths)('%s refuses a batch without a token, and one of pages', async (path) => {
    expect((await call(path, good, { Authorization: '' })).status).toBe(401)
    expect(await logged(site)).toEqual([])
  })

  it.each(paths)('%s takes a token as password, and gzip', async (path) => {
    const body = bytes(gzipSync(good))
    for (const [scheme, user] of [
      ['Basic', 'loggia'],
      ['ApiKey', 'id']
    ] as const)
      expect((await call(path, body, basic(scheme, `${user}:${token}`))).ok).toBe(true)
    expect(await logged(site)).toMatchObject([kept, kept])
  })

  it.each(paths)('%s refuses a body that is too large', async (path) => {
    const answer = await told(call(path, new Uint8Array((20 << 20) + 1)))
    expect(answer).toMatchObject({ http: 413, error: { code: 'batch_too_large' } })
    expect(await reasons()).toEqual(['batch_too_large'])
  })

  it.each(paths)('%s counts a batch that is sent again once', async (path) => {
    const body = records(20)
      .map((one) => (path === 'es/_bulk' ? `{"create":{}}\n${json(one)}` : json(one)))
      .join('\n')
    for (let i = 0; i < 2; i++) expect((await call(path, body)).ok).toBe(true)
    expect(await logged(site)).toHaveLength(20)
  })
})

describe("Loki's push", () => {
  const stream = { job: 'nginx', host: 'web1' }
  const push = (...lines: string[]) =>
    json({ streams: [{ stream, values: lines.map((text) => ['1768471884000000000', text]) }] })
  const entry = (text: string, ...more: Uint8Array[]) =>
    message(2, message(1, field(1, 1_768_471_884), field(2, 5)), field(2, text), ...more)
  const packed = (labels: string, ...entries: Uint8Array[]) => message(1, field(1, labels), ...entries)

  it.each(['loki/loki/api/v1/push', 'loki/api/v1/push', 'loki/api/v1/push/'])(
    'of JSON to %s is answered 204',
    async (path) => {
      const response = await call(path, push(line('/a')), { 'X-Scope-OrgID': 'other' })
      expect([response.status, await response.text()]).toEqual([204, ''])
      expect(await logged(site)).toMatchObject([{ path: '/a', ip: '203.0.113.7', server: 'web1' }])
    }
  )

  it.each(['loki', 'loki/', 'loki/ready', 'ready'])(
    'is ready by %s, with the right token or none',
    async (path) => {
      const ask = async (headers: Named) => {
        const response = await SELF.fetch(`http://localhost/api/${path}`, { headers })
        return [response.status, await response.text()]
      }
      expect(await ask({})).toEqual([200, 'ready\n'])
      expect(await ask({ Authorization: `Bearer ${token}` })).toEqual([200, 'ready\n'])
      expect((await ask({ Authorization: 'Bearer lgi_wrong' }))[0]).toBe(401)
    }
  )

  it('with bad lines keeps the good ones', async () => {
    expect((await call('loki/api/v1/push', push(line('/a'), '[no "line', line('/b')))).status).toBe(204)
    expect(await logged(site)).toMatchObject([{ path: '/a' }, { path: '/b' }])
    expect(await reasons()).toEqual(['line'])
  })

  it.each<Named>([{}, { 'Content-Encoding': 'snappy' }])(
    'of protobuf in Snappy is read: %j',
    async (more) => {
      const labels = '{job="nginx", host="web\\"1"}'
      const body = snap(
        packed(labels, entry(line('/a')), entry('{"path":"/b","status":200}', field(9, 'unknown')))
      )
      const response = await call('loki/api/v1/push', body, { ...protobuf, ...more })
      expect(response.status).toBe(204)
      expect(await logged(site)).toMatchObject([
        { path: '/a', server: 'web"1', time: Date.parse('2026-01-15T10:11:24Z') },
        { path: '/b', time: 1_768_471_884_000, flags: null }
      ])
    }
  )

  it('names its site by a label, where the token is for all', async () => {
    token = await tokenFor('*')
    const meta = message(3, field(1, 'service'), field(2, 'shop'))
    const body = packed('{service_name="blog"}', entry(line('/a')), entry(line('/b'), meta))
    expect((await call('loki/api/v1/push', snap(body), protobuf)).status).toBe(204)
    expect(await logged('blog')).toMatchObject([{ path: '/a' }])
    expect(await logged('shop')).toMatchObject([{ path: '/b' }])
  })

  it.each([
    ['no Snappy', bytes('junk junk junk'), 400, 'bad_encoding'],
    ['no protobuf', snap(bytes([0xff, 0xff])), 400, 'bad_protobuf'],
    ['cut off', snap(packed('{}', entry(line('/a'))).slice(0, -5)), 400, 'bad_protobuf'],
    ['a bomb', Uint8Array.from([...varint(2 ** 31), 0xfe, 1, 0]), 413, 'decoded_too_large']
  ])('of protobuf that is %s is refused', async (_, body, http, code) => {
    expect(await told(call('loki/api/v1/push', body, protobuf))).toMatchObject({ http, error: { code } })
    expect(await reasons()).toEqual([code])
  })
})

describe('Snappy', () => {
  it.each([
    ['copies of one byte', [8, 0, 0x61, 0x0d, 1], 'aaaaaaaa'],
    ['copies of two bytes', [6, 4, 0x61, 0x62, 0x0e, 2, 0], 'ababab'],
    ['copies of four bytes', [4, 4, 0x61, 0x62, 0x07, 2, 0, 0, 0], 'abab'],
    ['long literals', [3, 0xf0, 2, 0x61, 0x62, 0x63], 'abc']
  ])('of %s is decoded', (_, body, text) => {
    expect(new TextDecoder().decode(unsnap(Uint8Array.from(body), 100))).toBe(text)
  })

  it.each([
    [],
    [5],
    [4, 4, 0x61, 0x62],
    [4, 0x0d, 1],
    [4, 4, 0x61, 0x62, 0x0e, 9, 0],
    [1, 8, 0x61, 0x61, 0x61],
    [255, 255, 255, 255, 255, 255]
  ])('that is broken is refused: %j', (...body) => {
    expect(() => unsnap(Uint8Array.from(body as number[]), 100)).toThrow(/not Snappy|decodes to more/)
  })
})

describe("OpenTelemetry's logs", () => {
  const value = (value: unknown) =>
    typeof value === 'number' ? { intValue: String(value) } : { stringValue: value }
  const attributes = (of: object) => Object.entries(of).map(([key, one]) => ({ key, value: value(one) }))
  const logs = (...logRecords: object[]) => json({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] })
  const timed = { timeUnixNano: '1768471893000000000' }
  const common = {
    method: 'GET',
    path: '/a',
    query: 'b=1',
    status: 404,
    ip: '203.0.113.9',
    user_agent: 'curl/8',
    time: 1_768_471_893_000,
    flags: null
  }

  it.each([
    [
      'new names',
      {
        'http.request.method': 'GET',
        'url.path': '/a',
        'url.query': 'b=1',
        'http.response.status_code': 404,
        'client.address': '203.0.113.9',
        'user_agent.original': 'curl/8',
        'http.route': '/:id'
      }
    ],
    [
      'a whole address',
      {
        'http.request.method': 'GET',
        'url.full': 'https://www.example.com/a?b=1',
        'http.response.status_code': 404,
        'client.address': '203.0.113.9',
        'user_agent.original': 'curl/8'
      }
    ],
    [
      'old names',
      {
        'http.method': 'GET',
        'http.target': '/a?b=1',
        'http.status_code': 404,
        'net.peer.ip': '203.0.113.9',
        'http.user_agent': 'curl/8'
      }
    ],
    [
      "the client's old name",
      {
        'http.method': 'GET',
        'http.target': '/a?b=1',
        'http.status_code': 404,
        'http.client_ip': '203.0.113.9',
        'http.user_agent': 'curl/8'
      }
    ]
  ])('with attributes by %s are hits', async (_, of) => {
    const answer = await told(call('otlp/v1/logs', logs({ ...timed, attributes: attributes(of) })))
    expect(answer).toEqual({ http: 200, partialSuccess: {} })
    expect(await logged(site)).toMatchObject([common])
  })

  it.each(['otlp/v1/logs', 'otlp', 'v1/logs'])('are taken at %s', async (path) => {
    const body = logs({ ...timed, body: { stringValue: line('/a') } })
    expect(await told(call(path, body))).toEqual({ http: 200, partialSuccess: {} })
    expect(await logged(site)).toMatchObject([{ path: '/a' }])
  })

  it('that are refused are counted in the answer', async () => {
    const body = logs({ body: { stringValue: line('/a') } }, { body: { stringValue: 'started' } })
    expect(await told(call('otlp/v1/logs', body))).toEqual({
      http: 200,
      partialSuccess: { rejectedLogRecords: '1', errorMessage: expect.stringContaining('not an access log') }
    })
    expect(await reasons()).toEqual(['line'])
  })

  const any = (number: number, text: string) => message(number, field(1, text))
  const pair = (number: number, key: string, own: Uint8Array) => message(number, field(1, key), own)
  const packedRecord = message(
    2,
    fixed64(1, 1_768_471_893_000_000_000n),
    pair(6, 'http.request.method', any(2, 'GET')),
    pair(6, 'url.path', any(2, '/a')),
    pair(6, 'http.response.status_code', message(2, field(3, 404))),
    pair(
      6,
      'list',
      message(
        2,
        message(5, any(1, 'x'), message(1, Uint8Array.from([0x18, ...Array<number>(9).fill(0xff), 1])))
      )
    )
  )
  const packedLogs = (...own: Uint8Array[]) =>
    message(1, message(1, pair(1, 'host.name', any(2, 'web1'))), message(2, ...own))

  it('of protobuf are read and answered in it', async () => {
    const response = await call('otlp/v1/logs', packedLogs(packedRecord), protobuf)
    expect([response.status, response.headers.get('Content-Type')]).toEqual([200, 'application/x-protobuf'])
    expect((await response.arrayBuffer()).byteLength).toBe(0)
    expect(await logged(site)).toMatchObject([
      {
        method: 'GET',
        path: '/a',
        status: 404,
        server: 'web1',
        time: 1_768_471_893_000,
        extra: '{"list":["x",-1]}'
      }
    ])
  })

  it('of protobuf that are refused are counted in the answer', async () => {
    const body = packedLogs(packedRecord, message(2, any(5, 'started')))
    const answer = bytes(new Uint8Array(await (await call('otlp/v1/logs', body, protobuf)).arrayBuffer()))
    expect([...answer.slice(0, 5)]).toEqual([0x0a, answer.length - 2, 0x08, 1, 0x12])
    expect(await logged(site)).toHaveLength(1)
  })

  it('of protobuf may name too many attributes', async () => {
    const pairs = Array.from({ length: 60_000 }, (_, i) => message(6, field(1, `k${i}`)))
    const answer = await told(call('otlp/v1/logs', bytes(packedLogs(message(2, ...pairs))), protobuf))
    expect(answer).toMatchObject({ http: 413, error: { code: 'too_many_names' } })
  })

  it.each([
    ['cut off', packedLogs(packedRecord).slice(0, -3)],
    [
      'too deep',
      Array.from({ length: 200 }).reduce<Uint8Array>((inner) => message(1, message(5, inner)), any(1, 'x'))
    ]
  ])('of protobuf that is %s are refused', async (what, body) => {
    const whole = what === 'cut off' ? body : packedLogs(message(2, message(5, message(5, body))))
    expect(await told(call('otlp/v1/logs', bytes(whole), protobuf))).toMatchObject({
      http: 400,
      error: { code: 'bad_protobuf' }
    })
  })
})

describe("Elasticsearch's", () => {
  const ndjson = { 'Content-Type': 'application/x-ndjson' }
  const bulk = async (lines: string[], headers = ndjson as Named, path = 'es/_bulk') =>
    told(call(path, `${lines.join('\n')}\n`, headers))
  const create = '{"create":{"_index":"logs-nginx"}}'

  it.each([
    'es',
    'es/',
    'es/_license',
    'es/_xpack',
    'es/_cluster/health',
    'es/_index_template/x',
    'es/_ilm/policy/x'
  ])('probe of %s is answered', async (path) => {
    for (const method of ['GET', 'HEAD']) {
      const response = await call(path, undefined, {}, method)
      expect(response.status).toBe(200)
      expect(response.headers.get('X-Elastic-Product')).toBe('Elasticsearch')
    }
    expect((await call(path, undefined, { Authorization: 'Bearer x' })).status).toBe(401)
  })

  it('version is one of today', async () => {
    expect(await told(call('es/'))).toMatchObject({
      version: { number: expect.stringMatching(/^8\.\d+\.\d+$/) }
    })
    expect(await told(call('es/_license'))).toMatchObject({ license: { status: 'active' } })
  })

  it.each(['es/_bulk', 'es/logs-nginx/_bulk'])('%s is answered for each action, in order', async (path) => {
    const lines = [
      create,
      good,
      '{"index":{"_id":"7"}}',
      '{"a":1}',
      '{"delete":{"_id":"8"}}',
      '{"update":{"_id":"9"}}',
      '{"doc":{"path":"/x"}}',
      create,
      '{"path":"/broken',
      create,
      good
    ]
    expect(await bulk(lines, ndjson, path)).toEqual({
      http: 200,
      took: expect.any(Number),
      errors: true,
      items: [
        { create: { status: 201 } },
        {
          index: {
            _id: '7',
            status: 400,
            error: { type: 'shape', reason: expect.stringContaining('no request') }
          }
        },
        { delete: { _id: '8', status: 400, error: expect.any(Object) } },
        { update: { _id: '9', status: 400, error: expect.any(Object) } },
        { create: { status: 400, error: { type: 'json', reason: expect.any(String) } } },
        { create: { status: 201 } }
      ]
    })
    expect(await logged(site)).toMatchObject([kept, kept])
    expect(await reasons()).toEqual(['json', 'shape', 'shape'])
  })

  it('good batch has no errors, also when it comes again', async () => {
    const lines = records(20).flatMap((one) => [create, json(one)])
    const items = Array(20).fill({ create: { status: 201 } })
    for (let i = 0; i < 2; i++) expect(await bulk(lines)).toMatchObject({ errors: false, items })
    expect(await logged(site)).toHaveLength(20)
  })

  it('records that hold others are refused as one', async () => {
    const several = json({ records: [{ value: JSON.parse(good) as object }, { value: { a: 1 } }] })
    const { items } = await bulk([create, several, create, good])
    expect(items).toMatchObject([{ create: { status: 400 } }, { create: { status: 201 } }])
    expect(await logged(site)).toMatchObject([kept, kept])
  })

  it('refused records are told beyond those that are listed', async () => {
    const lines = Array.from({ length: 5_000 }, () => [create, '{"a":1}']).flat()
    const { items } = await bulk([...lines, create, good])
    const statuses = (items as { create: { status: number } }[]).map(({ create }) => create.status)
    expect(statuses).toEqual([...Array<number>(5_000).fill(400), 201])
  })

  it('hits that the site refuses are told', async () => {
    token = await tokenFor('*')
    expect(await bulk([create, good, create, record({ service: site })])).toMatchObject({
      items: [{ create: { status: 400, error: { type: 'site' } } }, { create: { status: 201 } }]
    })
  })

  it('lines out of step cost no good record', async () => {
    const { items } = await bulk([good, create, create, good, '{"create":{"_ind', create])
    expect(items).toMatchObject([
      { index: { status: 201 } },
      { create: { status: 400 } },
      { create: { status: 201 } },
      { index: { status: 400 } },
      { create: { status: 400, error: { type: 'truncated_line' } } }
    ])
    expect(await logged(site)).toMatchObject([kept, kept])
  })

  it('refused record is a conflict to Fluent Bit, which would send all of the batch again', async () => {
    const { items } = await bulk([create, good, create, '{"a":1}'], { ...ndjson, 'User-Agent': 'Fluent-Bit' })
    expect(items).toMatchObject([{ create: { status: 201 } }, { create: { status: 409 } }])
  })

  it('other routes are not there', async () => {
    expect((await call('es/_search', '{}')).status).toBe(404)
  })
})

describe("Logpush's", () => {
  it('validation upload makes no row', async () => {
    const body = bytes(gzipSync('{"content":"tests"}'))
    for (const headers of [{}, { 'Content-Encoding': 'gzip' }] as Named[])
      expect(await told(call('ingest', body, headers))).toMatchObject({ http: 200, received: 0, rejected: 0 })
    expect([await logged(site), await reasons()]).toEqual([[], []])
  })

  it.each([
    ['text with milliseconds', '"2026-01-15T10:11:25.433Z"', 433],
    ['text', '"2026-01-15T10:11:25Z"', 0],
    ['seconds', '1768471885', 0],
    ['nanoseconds', '1768471885433000200', 433],
    ['nanoseconds as text', '"1768471885433000200"', 433]
  ])('times may be %s', async (_, start, ms) => {
    const one = `{"ClientIP":"203.0.113.7","ClientRequestURI":"/a","EdgeResponseStatus":200,"EdgeStartTimestamp":${start}}`
    await call('ingest', bytes(gzipSync(`${one}\n`)))
    expect(await logged(site)).toMatchObject([{ path: '/a', time: 1_768_471_885_000 + ms, shape: 'logpush' }])
  })
})
