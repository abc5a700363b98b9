import { ownFormat } from '#lib/accept/own/own.ts'
import { describe, expect, it } from 'vitest'
import { acceptText, hitsOf, show } from './show.ts'

const ip = '203.0.113.7'

/** A request of each kind of record, and the keys that name what was asked for. */
const records: [string, Record<string, unknown>, string[]][] = [
  ['names', { method: 'GET', path: '/a', status: 200 }, ['path']],
  [
    'a request line',
    { method: 'GET', request: 'GET /a HTTP/1.1', status: 200, remote_addr: ip },
    ['request']
  ],
  ['camel case', { httpMethod: 'GET', requestPath: '/a', statusCode: 200 }, ['requestPath']],
  ['Ballcone', { generation_time_milli: 0.1, path: '/a', status: 200, ip }, ['path']],
  ['Ballcone, and more', { generation_time_milli: 0.1, path: '/a', status: 200, method: 'GET' }, ['path']],
  [
    'Logpush',
    { ClientRequestMethod: 'GET', ClientRequestURI: '/a', EdgeResponseStatus: 200, ClientIP: ip },
    ['ClientRequestURI']
  ],
  [
    'Traefik',
    { RequestMethod: 'GET', RequestPath: '/a', DownstreamStatus: 200, ClientHost: ip },
    ['RequestPath']
  ],
  ['Fluent Bit', { remote: ip, method: 'GET', path: '/a', code: 200 }, ['path']],
  [
    'semantic conventions',
    { 'http.request.method': 'GET', 'url.path': '/a', 'http.response.status_code': 200 },
    ['url.path']
  ],
  ['nginx', { remote_addr: ip, request_method: 'GET', request_uri: '/a', status: '200' }, ['request_uri']]
]

function reasonsOf(body: string, formats: string[] = []) {
  const { hits, refusals } = acceptText(body, { formats: formats.map(ownFormat) })
  expect(hits.size).toBe(0)
  return refusals.map(({ reason, message }) => [reason, message.split(':')[0]])
}

const without = (record: object, keys: string[]) =>
  JSON.stringify(Object.fromEntries(Object.entries(record).filter(([key]) => !keys.includes(key))))

describe('a method and a status alone are no request', () => {
  const refused = [['shape', 'record is not a request']]

  it.each(records)('by %s', (_, record, keys) => {
    expect(hitsOf(acceptText(JSON.stringify(record))).map(({ path }) => path)).toEqual(['/a'])
    expect(reasonsOf(without(record, keys))).toEqual(refused)
  })

  it.each([
    ['Caddy', { logger: 'http.log.access', request: { method: 'GET', uri: undefined, proto: 'HTTP/2.0' } }],
    ['Kong', { request: { method: 'GET' }, response: { status: 200 }, client_ip: ip }],
    ['Google', { httpRequest: { requestMethod: 'GET', status: 200, remoteIp: ip } }]
  ])('by %s', (_, record) => {
    expect(reasonsOf(JSON.stringify(record)).map(([reason]) => reason)).toEqual(['shape'])
  })

  it.each([
    ['logfmt', `method=GET status=200 remote_addr=${ip}`],
    ['LTSV', `method:GET\tstatus:200\thost:${ip}`],
    ['W3C', `#Fields: date time c-ip cs-method sc-status\n2026-01-15 10:11:12 ${ip} GET 200`]
  ])('by a line of %s', (_, line) => {
    expect(reasonsOf(line)).toEqual(refused)
  })

  it('by a format of the user', () => {
    expect(reasonsOf('GET|200', ['$request_method|$status'])).toEqual(refused)
  })
})

describe('a refusal names the keys that were sent', () => {
  const messageOf = (record: object) => acceptText(JSON.stringify(record)).refusals[0]?.message

  it.each([
    [
      'pino-http',
      { level: 30, req: { method: 'GET', url: '/a' }, res: { statusCode: 200 }, msg: 'request completed' },
      'level, req.method, req.url, res.statusCode, msg'
    ],
    [
      'Fastify',
      { level: 30, reqId: 'req-1', res: { statusCode: 200 }, responseTime: 1, msg: 'request completed' },
      'level, reqId, res.statusCode, responseTime, msg'
    ],
    ['winston', { level: 'info', message: 'request completed', meta: {} }, 'level, message, meta'],
    [
      'monolog',
      { message: 'request completed', context: [], level_name: 'INFO' },
      'message, context, level_name'
    ]
  ])('by %s, beside its text', (_, record, keys) => {
    expect(messageOf(record)).toBe(
      `record has no request in its keys, and its text is not an access log line. Its keys: ${keys}. Its text: request completed`
    )
  })

  it.each([
    ['Serilog', { '@t': '2026-01-15T10:11:12Z', RequestPath: '/a', Elapsed: 1 }, '@t, RequestPath, Elapsed'],
    [
      'chi',
      { level: 'info', httpRequest: { scheme: 'http', remoteIP: ip } },
      'level, httpRequest.scheme, httpRequest.remoteIP'
    ],
    [
      'Suricata',
      { event_type: 'http', src_ip: ip, http: { url: '/a', status: 200 } },
      'event_type, src_ip, http.url, http.status'
    ]
  ])('by %s', (_, record, keys) => {
    expect(messageOf(record)).toMatch(new RegExp(`: ${keys.replaceAll('.', '[.]')}$`))
  })

  it('but a line that a shipper wraps is judged as a line', () => {
    expect(messageOf({ log: 'started', stream: 'stdout' })).toBe('line is not an access log line: started')
  })
})

it('a target alone is no request', () => {
  const ballcone = '{"generation_time_milli":0.1,"path":"/a","length":5}'
  expect(reasonsOf(ballcone)).toEqual([['shape', 'record is not a request']])
})

describe('what a server could not read as a request line stays a request', () => {
  it.each([
    ['nginx', { request: '', request_method: '', status: '400', remote_addr: ip }, {}],
    [
      "Fluent Bit's parser",
      { remote: ip, method: '\\x16\\x03\\x01', code: '400', size: '157' },
      { method: 'OTHER', extra: String.raw`{"request":"\\x16\\x03\\x01"}` }
    ],
    [
      "Logstash's parser",
      { clientip: ip, rawrequest: '\\x16\\x03\\x01', response: '400', bytes: '157' },
      { method: 'OTHER', extra: String.raw`{"request":"\\x16\\x03\\x01"}` }
    ]
  ])('by %s', (_, record, want) => {
    const [hit] = hitsOf(acceptText(JSON.stringify(record))).map(show)
    expect(hit).toMatchObject({ ip, status: 400, ...want })
    expect(hit).not.toHaveProperty('path')
  })
})

it("Logstash's parser may name no version of the protocol", () => {
  const record = { clientip: ip, verb: 'GET', request: '/a', response: '200', host: 'web1' }
  const [hit] = hitsOf(acceptText(JSON.stringify(record)))
  expect(hit).toMatchObject({ ip, method: 'GET', path: '/a', status: 200, server: 'web1', shape: 'grok' })
})

describe('an event with names of a request is none', () => {
  const time = '2026-01-15T10:11:12Z'
  const envoy = '[2026-01-15T10:11:12.123Z] "- - -" 0 - - - "-" 0 0 5 - "-" "-" "-" "-" "10.0.0.1:80"'
  const istio = `${envoy} inbound|80|| 127.0.0.6:1 10.0.0.1:80 10.0.0.2:5 - -`

  it.each([
    ['a check of health', JSON.stringify({ status: 'ok', path: '/health', time })],
    ['a check of health in capitals', JSON.stringify({ statusCode: 'UP', url: '/health', time })],
    ['an error of a database', JSON.stringify({ level: 'error', url: 'postgres://u:p@db/x', status: 500 })],
    ['an error of a queue', JSON.stringify({ level: 'error', url: 'amqps://mq/x', code: 500, msg: 'gone' })],
    [
      'a TCP connection of Envoy in JSON',
      JSON.stringify({ method: null, path: null, response_code: 0, downstream_remote_address: `${ip}:5` })
    ],
    ['a TCP connection of Envoy', envoy],
    ['a TCP connection of Istio', istio]
  ])('%s', (_, body) => {
    expect(reasonsOf(body)).toEqual([['shape', 'record is not a request']])
  })

  it.each([
    ['a status in words', { path: '/a', status: 'OK', ip }, { path: '/a', flags: 'status' }],
    ['a status in words and one in digits', { path: '/a', status: 'ok', status_code: 404 }, { status: 404 }],
    ['a status that names its reason', { path: '/a', status: '200 OK' }, { status: 200 }],
    ['an empty status', { path: '/a', status: '-' }, { path: '/a' }],
    ['an absolute target', { url: 'https://e.org/a', status: 200 }, { path: '/a', host: 'e.org' }],
    ['a proxy request', { url: 'ftp://e.org/a', method: 'GET', status: 200 }, { path: 'ftp://e.org/a' }],
    ['a request that was never read', { path: null, response_code: 400, ip }, { status: 400 }]
  ])('but one with %s is', (_, record, want) => {
    expect(hitsOf(acceptText(JSON.stringify({ time, ...record })))).toMatchObject([want])
  })

  it('but a request that Envoy could not read is', () => {
    const line = envoy.replace('" 0 -', '" 400 DPE')
    expect(hitsOf(acceptText(line))).toMatchObject([{ status: 400, path: null }])
  })
})
