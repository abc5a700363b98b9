import { describe, expect, it } from 'vitest'
import { only } from './show.ts'

const ip = '198.51.100.4'
const time = '2026-11-30T06:10:11.000Z'

describe('a server that calls the client its host', () => {
  const parts = { method: 'GET', path: '/app', protocol: 'HTTP/1.1', status: 200, timestamp: time }
  const tomcat = {
    host: ip,
    logicalUserName: '-',
    user: '-',
    time: '[30/Nov/2026:06:10:11 +0000]',
    request: 'GET /app HTTP/1.1',
    statusCode: '200',
    size: '15677'
  }

  it.each([
    ['Tomcat', tomcat, { bytes: 15677, shape: 'tomcat' }],
    [
      'Tomcat with headers',
      {
        ...tomcat,
        localServerName: 'e.org',
        elapsedTime: '12',
        requestHeaders: { 'user-agent': 'curl/8', Referer: 'https://a.example/', Accept: '*/*' }
      },
      {
        host: 'e.org',
        duration: 12,
        user_agent: 'curl/8',
        referrer: 'https://a.example/',
        extra: '{"requestHeaders":{"Accept":"*/*"}}'
      }
    ],
    ['Vector', { ...parts, host: ip, size: 12, agent: 'curl/8' }, { user_agent: 'curl/8', shape: 'vector' }],
    ['Vector, of a common line', { ...parts, host: ip, identity: 'ada' }, { extra: '{"ident":"ada"}' }]
  ])('is read: %s', (_, record, want) => {
    const hit = only(JSON.stringify(record))
    expect(hit).toMatchObject({ ip, method: 'GET', path: '/app', status: 200, time, ...want })
    expect(hit.host).toBe((want as { host?: string }).host)
    expect(hit.server).toBeUndefined()
  })

  it('keeps its host where another key names the client', () => {
    const hit = only(JSON.stringify({ ...parts, host: '203.0.113.5', client_ip: ip }))
    expect(hit).toMatchObject({ ip, host: '203.0.113.5', shape: 'generic' })
  })
})

describe('a name in another spelling has its column', () => {
  const base = { path: '/a', method: 'GET', time }
  const want = { ip, path: '/a', status: 200, user_agent: 'curl/8' }
  const datadog = {
    http: { url: '/a', method: 'GET', status_code: 200, useragent: 'curl/8', referer: 'https://a.example/' },
    network: { client: { ip }, bytes_written: 12 },
    duration: 250_000_000,
    date: time
  }
  const waf = {
    timestamp: Date.parse(time),
    action: 'ALLOW',
    httpRequest: {
      clientIp: ip,
      uri: '/a',
      args: 'x=1',
      httpVersion: 'HTTP/2.0',
      httpMethod: 'GET',
      headers: [
        { name: 'Host', value: 'e.org' },
        { name: 'user-agent', value: 'curl/8' },
        { name: 'Cookie', value: 'geheim' }
      ]
    }
  }

  it.each([
    [
      'with hyphens',
      { ...base, 'client-ip': ip, 'status-code': 200, 'User-Agent': 'curl/8', 'response-time': '12.5 ms' },
      { ...want, duration: 12.5 }
    ],
    [
      'with the request or the response in front',
      { ...base, ip, status: 200, request_user_agent: 'curl/8', response_body_size: 5 },
      { ...want, bytes: 5 }
    ],
    [
      'in an object of the client',
      { ...base, client: { ip, port: 5 }, status: 200, user_agent: { original: 'curl/8' } },
      { ...want, extra: '{"client":{"port":5}}' }
    ],
    ['of Datadog', datadog, { ...want, referrer: 'https://a.example/', bytes: 12, duration: 250, time }],
    [
      'of Datadog with dots',
      {
        'http.url': '/a',
        'http.method': 'GET',
        'http.status_code': '200',
        'http.useragent': 'curl/8',
        'network.client.ip': ip,
        duration: 250_000_000
      },
      { ...want, duration: 250 }
    ],
    [
      'of AWS WAF',
      waf,
      { ip, path: '/a', query: 'x=1', user_agent: 'curl/8', host: 'e.org', extra: '{"action":"ALLOW"}' }
    ]
  ])('%s', (_, record, want) => {
    expect(only(JSON.stringify(record))).toMatchObject(want)
  })

  it.each(['user_agent', 'user-agent', 'userAgent'])('and says with %s that no agent was sent', (name) => {
    const hit = only(JSON.stringify({ ...base, ip, status: 200, [name]: '-' }))
    expect(hit.flags).toContain('no_agent')
  })
})

describe('a span without a unit', () => {
  const nginx = { remote_addr: ip, request_uri: '/a', status: 200, time_iso8601: time }
  const zap = { level: 'info', ts: 1768471874.123, msg: 'handled', path: '/a', status: 200 }

  it.each([
    ['is seconds in a text of nginx', { ...nginx, duration: '0.250' }, 250],
    ['is seconds in a number of nginx', { ...nginx, duration: 0.25 }, 250],
    ['is seconds by another name', { ...nginx, responseTime: '0.250' }, 250],
    ['is seconds with three decimals', { remote_addr: ip, path: '/a', status: 200, duration: '0.250' }, 250],
    ['is milliseconds with two', { remote_addr: ip, path: '/a', status: 200, duration: '58.33' }, 58.33],
    ['has the unit it names', { ...nginx, duration: '12.5ms' }, 12.5],
    ['is not the one that names a unit', { ...nginx, duration_ms: '0.250' }, 0.25],
    ['gives way to the time of nginx', { ...nginx, request_time: '0.100', duration: '0.250' }, 100],
    ['is milliseconds if it is whole', { ...nginx, duration: 250 }, 250],
    ['is seconds of zap', { ...zap, duration: 0.0012 }, 1.2],
    ['is seconds of zap with an address', { ...zap, remote_addr: ip, duration: 0.0012 }, 1.2],
    ['is milliseconds elsewhere', { path: '/a', status: 200, ip, duration: 0.25 }, 0.25]
  ])('%s', (_, record, want) => {
    expect(only(JSON.stringify(record)).duration).toBe(want)
  })
})

describe('of several times', () => {
  const line = '30/Nov/2026:06:10:11 +0000'
  const arrived = '2026-11-30T07:00:00.000Z'
  const base = { ip, path: '/a', status: 200 }
  const grok = { clientip: ip, verb: 'GET', request: '/a', response: '200' }
  const ecs = { source: { address: ip }, url: { original: '/a' }, http: { request: { method: 'GET' } } }

  it.each([
    ['a small number is a span', { ...base, requestTime: '0.123', timeLocal: line }, time, 123],
    ['a small number is a span anywhere', { ...base, timestamp: time, requestTime: 0.123 }, time, 123],
    ['a small number is no date', { ...base, time: 0.123, timestamp: time }, time, undefined],
    ["AWS' is that of the request", { ...base, requestTime: line, timestamp: arrived }, time, undefined],
    ["AWS' epoch is that of the request", { ...base, requestTime: Date.parse(time) / 1000 }, time, undefined],
    ['that of the line counts', { ...grok, timestamp: line, '@timestamp': arrived }, time, undefined],
    ['that of the line counts in ECS', { ...ecs, timestamp: line, '@timestamp': arrived }, time, undefined],
    [
      'that of the line needs a zone',
      { ...grok, timestamp: line.slice(0, -6), '@timestamp': time },
      time,
      undefined
    ],
    ["Elastic's counts before others", { ...grok, timestamp: arrived, '@timestamp': time }, time, undefined]
  ])('%s', (_, record, want, duration) => {
    const hit = only(JSON.stringify(record))
    expect([hit.time, hit.duration]).toEqual([want, duration])
  })
})

it("an event of Cloudflare's firewall has its time and query", () => {
  const event = {
    Action: 'block',
    ClientIP: ip,
    ClientRequestHost: 'e.org',
    ClientRequestMethod: 'GET',
    ClientRequestPath: '/a',
    ClientRequestQuery: '?x=1',
    Datetime: time,
    EdgeResponseStatus: 403
  }
  const want = { time, path: '/a', query: 'x=1', status: 403, extra: '{"Action":"block"}' }
  expect(only(JSON.stringify(event))).toMatchObject(want)
})
