import { describe, expect, it } from 'vitest'
import { acceptText, good, only } from './show.ts'

const ip = '203.0.113.7'
const browser = 'Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0'
const tail = '[15/Jan/2026:10:11:12 +0000] "GET /a HTTP/1.1" 200 5 "-" "curl/8"'

describe('what stands before the time', () => {
  const cases: [string, string, object][] = [
    ['a host and a dash', `shop.example - ${ip} - alice`, { host: 'shop.example', remote_user: 'alice' }],
    ['a level', `INFO ${ip} - -`, {}],
    ['a pod and its container', `web-7d9 nginx ${ip} - -`, {}],
    ['a machine and a host', `lb1 shop.example ${ip} - -`, { host: 'shop.example' }],
    ['X-Forwarded-For in the place of the user', `10.0.0.1 - ${ip} - -`, {}],
    ['a list in the place of the user', `10.0.0.1 - ${ip}, 10.0.0.2 - alice`, { remote_user: 'alice' }],
    ['X-Forwarded-For behind the user', `10.0.0.1 - - ${ip}`, {}],
    ['an unknown proxy', `unknown, ${ip} - -`, {}],
    ['a socket', `unix: ${ip} - -`, {}],
    ['syslog without a program', `<134>Jan 15 10:11:12 web1 ${ip} - -`, { server: 'web1' }],
    ['syslog from an address', `<134>Jan 15 10:11:12 10.0.0.9 ${ip} - -`, { server: '10.0.0.9' }],
    ['syslog without a machine', `<134>Jan 15 10:11:12 ${ip} - -`, {}]
  ]

  it.each(cases)('%s', (_, start, more) => {
    const {
      host = null,
      remote_user = null,
      server = null,
      client_name = null,
      ...hit
    } = only(`${start} ${tail}`)
    expect(hit).toMatchObject({ ip, path: '/a', time: '2026-01-15T10:11:12.000Z' })
    const none = { host: null, remote_user: null, server: null, client_name: null }
    expect({ host, remote_user, server, client_name }).toEqual({ ...none, ...more })
  })

  it('JSON behind syslog without a program is read', () => {
    expect(only(`Jan 15 10:11:12 web1 ${good}`)).toMatchObject({ path: '/good', server: 'web1' })
  })

  it.each([`15 Jan x - ${ip} - - ${tail}`, `nov 15 web1 ${ip} - - ${tail}`])('%s is refused', (line) => {
    expect(acceptText(`${line}\n`).refusals).toMatchObject([{ reason: 'line' }])
  })
})

describe('the time', () => {
  it.each([
    ['15/Jan/2026 10:11:12 +0000', {}],
    ['15/JAN/2026:10:11:12 +0000', {}],
    ['Thu, 15 Jan 2026 10:11:12 GMT', {}],
    ['Thu Jan 15 10:11:12 UTC 2026', {}],
    ['2026-01-15 10:11:12 +0000 UTC', {}],
    ['1768471872000', { flags: 'epoch' }],
    ['Thu Jan 15 10:11:12 2026', { flags: 'site_zone' }],
    ['2026/01/15 10:11:12', { flags: 'site_zone' }]
  ])('may be written as [%s]', (time, more) => {
    const line = `${ip} - - [${time}] "GET /a HTTP/1.1" 200 5 "-" "curl/8"`
    const hit = only(line, { utc_offset: 0 })
    expect(hit).toMatchObject({ ip, path: '/a', time: '2026-01-15T10:11:12.000Z', ...more })
    if (!('flags' in more)) expect(hit.flags).toBeUndefined()
  })
})

describe('what stands behind the size', () => {
  const line = (rest: string) => `${ip} - - [15/Jan/2026:10:11:12 +0000] "GET /a HTTP/1.1" 200 5 ${rest}`
  const referrer = 'https://other.example/'

  it.each([
    ['the agent first', `"${browser}" "${referrer}"`, { user_agent: browser, referrer }],
    ['the agent first, without a referrer', '"curl/8.5.0" "-"', { user_agent: 'curl/8.5.0' }],
    ['only the agent', `"${browser}"`, { user_agent: browser }],
    ['only the referrer', `"${referrer}"`, { referrer }],
    ['both by name', `user_agent="${browser}" referer="${referrer}"`, { user_agent: browser, referrer }],
    ['times in quotes', '"-" "curl/8" "0.012" "0.010"', { duration: 12, upstream_duration: 10 }],
    [
      "nginx Amplify's names",
      '"-" "curl/8" "-" "e.org" sn="e.org" rt=0.100 ua="10.0.0.1:80" us="200" ut="0.090" cs=HIT',
      { host: 'e.org', duration: 100, upstream_duration: 90, upstream_status: 200, user_agent: 'curl/8' }
    ],
    ['a name for the proxy', '"-" "curl/8" x_real_ip="203.0.113.9"', { ip }]
  ])('%s', (_, rest, hit) => {
    expect(only(line(rest))).toMatchObject(hit)
  })

  it('a client by its name counts behind a proxy', () => {
    expect(only(line('"-" "curl/8" x_real_ip="203.0.113.9"').replace(ip, '10.0.0.1')).ip).toBe('203.0.113.9')
  })

  it('a referrer is no agent', () => {
    for (const text of ['example.org/2024/01', 'https://e.org/', 'android-app://com.example/', '/2024/1'])
      expect(only(line(`"${text}" "-"`))).toMatchObject({ referrer: text, flags: 'no_agent' })
  })
})

it.each(['"e.org" "GET /a HTTP/1.1"', '"GET" "/a" "HTTP/1.1"'])('%s is no request', (request) => {
  const line = `${ip} - - [15/Jan/2026:10:11:12 +0000] ${request} 200 5 "-" "curl/8"`
  expect(acceptText(`${line}\n`).refusals).toMatchObject([{ reason: 'line' }])
})

it('a request that HAProxy cut is flagged', () => {
  const line = `${ip}:5 [15/Jan/2026:10:11:12.584] ft bk/s1 0/0/1/12/13 200 27 - - ---- 1/1/0/0/0 0/0 {https://e.org/} "GET /a`
  expect(only(line, { utc_offset: 0 })).toMatchObject({
    path: '/a',
    referrer: 'https://e.org/',
    flags: 'site_zone,cut'
  })
})

it('a WebSocket of a load balancer has its host and path', () => {
  const line = `wss 2026-01-15T10:11:12.1Z app/lb/a ${ip}:2 10.0.0.1:80 0.001 0.003 0.000 101 101 2 5 "GET wss://e.org:443/ws HTTP/1.1" "-" - - a "Root=1" "-" "-"`
  expect(only(line)).toMatchObject({ host: 'e.org', path: '/ws', scheme: 'wss' })
})

it('S3 makes no request when an object expires', () => {
  const line = `${'0'.repeat(64)} bucket [15/Jan/2026:10:11:12 +0000] - AmazonS3 3E57427F3EXAMPLE S3.EXPIRE.OBJECT k "-" - - - 10 - - "-" "-"`
  expect(acceptText(`${line}\n`).refusals).toMatchObject([{ reason: 'shape' }])
})

it.each([
  [
    'all fields',
    `W3SVC1 WEB1 10.0.0.1 GET /a - 443 - ${ip} HTTP/1.1 curl/8 - - e.org 200 0 0 5 6 15`,
    'WEB1'
  ],
  ['the fields of App Service', `SHOP GET /a - 443 - ${ip} curl/8 a=b - e.org 200 0 0 5 6 15`, undefined]
])('IIS with %s is read without #Fields', (_, values, server) => {
  const hit = only(`2026-01-15 10:11:12 ${values}`)
  expect(hit).toMatchObject({ ip, path: '/a', host: 'e.org', status: 200, bytes: 5, duration: 15 })
  expect(hit.server).toBe(server)
})
