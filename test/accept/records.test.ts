import { describe, expect, it } from 'vitest'
import { agentField } from '#lib/accept/fields.ts'
import { acceptText, hitsOf, only } from './show.ts'

const ip = '203.0.113.7'
const time = '2026-01-15T10:11:12Z'
const hitOf = (record: object) => only(JSON.stringify(record))

describe('a record of', () => {
  const request = { RequestMethod: 'GET', RequestPath: '/a?b=c', StatusCode: 404, Elapsed: 12.5 }
  const whole = { method: 'GET', path: '/a', query: 'b=c', status: 404, duration: 12.5 }
  const cases: [string, object, object][] = [
    ['Serilog', { '@t': time, '@mt': 'HTTP', ...request, ClientIp: ip }, { ...whole, ip, shape: 'serilog' }],
    ['Serilog, with properties', { Timestamp: time, Level: 'Information', Properties: request }, whole],
    [
      'chi',
      {
        time,
        httpRequest: {
          url: 'http://e.org/a?b=c',
          path: '/a',
          method: 'GET',
          remoteIP: `${ip}:5`,
          header: {}
        },
        httpResponse: { status: 404, bytes: 5, elapsed: 12.5 }
      },
      { ...whole, ip, host: 'e.org', bytes: 5, flags: 'no_agent' }
    ],
    [
      'Echo',
      { time, remote_ip: ip, uri: '/a', status: 200, latency_human: '1.5ms', bytes_in: 3, bytes_out: 5 },
      { ip, duration: 1.5, bytes: 5, request_bytes: 3 }
    ],
    [
      'slog',
      { time, level: 'INFO', msg: 'a', path: '/a', status: 200, duration: 1_500_000 },
      { duration: 1.5 }
    ],
    [
      'Railway',
      {
        timestamp: time,
        method: 'GET',
        path: '/a',
        httpStatus: 200,
        totalDuration: 5,
        srcIp: ip,
        clientUa: 'curl/8'
      },
      { ip, duration: 5, user_agent: 'curl/8' }
    ],
    [
      'a Worker, beside an empty list of logs',
      {
        event: { request: { url: 'https://e.org/a' }, response: { status: 200 } },
        eventTimestamp: 1768471872000,
        logs: []
      },
      { host: 'e.org', path: '/a', status: 200 }
    ],
    [
      'Cribl',
      { _raw: `${ip} - - [15/Jan/2026:10:11:12 +0000] "GET /a HTTP/1.1" 200 5`, cribl: 1 },
      { ip, path: '/a' }
    ],
    ['a parser', { time, ip, request: 'GET /a HTTP/1.1', response: '200' }, { path: '/a', status: 200 }],
    [
      'an object of the request',
      { time, ip, request: { method: 'GET', path: '/a' }, status: 200 },
      { path: '/a', ip }
    ],
    [
      'an object of the URL',
      { time, ip, url: { path: '/a', query: 'b=c' }, status: 200 },
      { path: '/a', query: 'b=c' }
    ],
    [
      'Envoy, without an agent',
      { start_time: time, method: 'GET', path: '/a', response_code: 200, user_agent: null },
      { path: '/a', flags: 'no_agent' }
    ]
  ]

  it.each(cases)('%s', (_, record, hit) => {
    expect(hitOf(record)).toMatchObject({ time: '2026-01-15T10:11:12.000Z', ...hit })
  })
})

it.each([
  { Time: time, ClientIP: ip, Method: 'GET', Path: '/a', Status: 200 },
  { asctime: `${time}`, clientIP: ip, method: 'GET', requestURI: '/a', status: 200 },
  { created_at: time, clientAddress: ip, method: 'GET', url: '/a', status: 200 }
])('names are spelled as in %j', (record) => {
  expect(hitOf(record)).toMatchObject({
    time: '2026-01-15T10:11:12.000Z',
    ip,
    method: 'GET',
    path: '/a',
    status: 200
  })
})

it.each(['http_fastly_client_ip', 'fly-client-ip', 'x_client_ip'])(
  '%s names the client behind a proxy',
  (name) => {
    expect(hitOf({ time, path: '/a', status: 200, remote_addr: '10.0.0.1', [name]: ip }).ip).toBe(ip)
    expect(hitOf({ time, path: '/a', status: 200, remote_addr: '203.0.113.9', [name]: ip }).ip).toBe(
      '203.0.113.9'
    )
  }
)

it.each([
  { action: 'query', path: 'SELECT 1', status: 0 },
  { code: 0, message: 'ok', path: 'C:\\Windows' },
  { time, ip, path: { raw: '/a' }, status: 200 }
])('%j is no request', (record) => {
  expect(acceptText(JSON.stringify(record)).refusals).toMatchObject([{ reason: 'shape' }])
})

it('numbers of cards, accounts and one-time passwords are no fields to keep', () => {
  const { extra } = hitOf({
    time,
    path: '/a',
    status: 200,
    otp: 'geheim',
    iban: 'geheim',
    form: { passcode: 'geheim' }
  })
  expect(extra).not.toContain('geheim')
})

describe('a hit that is read again from its JSON', () => {
  const line = `203.0.113.7 - - [15/Jan/2026:10:11:12 +0000] "GET /a HTTP/1.1" 200 5`
  it.each([
    ['of a format without agents', `${line} "-" "-" 1 "r@docker" "http://10.0.0.1" 3ms`, undefined],
    ['without an agent', `${line} "-" "-"`, 'no_agent']
  ])('%s', (_, text, mark) => {
    const [hit] = hitsOf(acceptText(`${text}\n`))
    const again = only(JSON.stringify({ ...hit, ...agentField(hit!) }))
    expect(String(again.flags).includes('no_agent')).toBe(mark === 'no_agent')
  })
})
