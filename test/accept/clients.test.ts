import { describe, expect, it } from 'vitest'
import { only, record } from './show.ts'

const haproxy = (client: string) =>
  `${client} [30/Oct/2026:06:10:11.123] fe be/srv1 0/0/1/12/13 200 2750 - - ---- 1/1/0/0/0 0/0 "GET /a HTTP/1.1"`
const elb = (client: string) =>
  `2026-10-30T06:10:11.945958Z lb ${client} 10.0.0.1:80 0.1 0.1 0.1 200 200 0 29 "GET http://a.example:80/a HTTP/1.1" "curl/8" - -`
const alb = (client: string) => `https ${elb(client)} arn "Root=1-a" "a.example"`
const uvicorn = (client: string) => `INFO:     ${client} - "GET /a HTTP/1.1" 200 OK`
const apacheError = (client: string) =>
  `[Fri Oct 30 06:10:11.123456 2026] [core:error] [pid 1:tid 2] [client ${client}] AH00126: Invalid URI`
const combined = (client: string) =>
  `${client} - - [30/Oct/2026:06:10:11 +0000] "GET /a HTTP/1.1" 200 12 "-" "curl/8"`

const always = { haproxy, elb, alb, uvicorn, apacheError }

describe.each(Object.entries(always))('a client of %s, which always has a port', (_, line) => {
  it.each([
    ['203.0.113.7:5432', '203.0.113.7'],
    ['2001:db8::1:5432', '2001:db8::1'],
    ['2001:db8::1:54321', '2001:db8::1'],
    ['::1:80', '::1'],
    ['[2001:db8::1]:5432', '2001:db8::1'],
    ['::ffff:203.0.113.7:5432', '203.0.113.7'],
    ['2601:240:4002:5883:b5f3:aaaa:bbbb:64ec:53016', '2601:240:4002:5883:b5f3:aaaa:bbbb:64ec'],
    ['2601:240:4002:5883:b5f3:aaaa:bbbb:64ec:80', '2601:240:4002:5883:b5f3:aaaa:bbbb:64ec']
  ])('%s', (client, ip) => {
    const hit = only(line(client))
    expect(hit).toMatchObject({ ip })
    expect(hit.flags ?? '').not.toMatch(/\bip\b/)
  })
})

it.each([
  ['::ffff:203.0.113.7:54241', '203.0.113.7'],
  ['2001:db8::1:5432', '2001:db8::1:5432'],
  ['2001:db8::1:54321', '2001:db8::1']
])('a client of a format without ports loses only what can be nothing but one: %s', (client, ip) => {
  expect(only(combined(client))).toMatchObject({ ip })
  expect(only(record({ remote_addr: client }))).toMatchObject({ ip })
})

it('brackets in a line of a Classic load balancer do not end its time', () => {
  const line = elb('203.0.113.7:5432').replace('curl/8', 'Mozilla/5.0 (iPhone) [FBAN/FBIOS;FBAV/450.0]')
  expect(only(line)).toMatchObject({ ip: '203.0.113.7', time: '2026-10-30T06:10:11.945Z' })
})

it('a socket of HAProxy is no address', () => {
  expect(only(haproxy('unix:1'))).not.toHaveProperty('ip')
})

it('a client of Apache 2.2 has no port', () => {
  const line = '[Fri Oct 30 06:10:11 2026] [error] [client 2001:db8::1:5432] File does not exist'
  expect(only(line)).toMatchObject({ ip: '2001:db8::1:5432' })
})

describe('`httplog clf` of HAProxy', () => {
  const line = (headers: string, timers = '0 0 1 12 13') =>
    `198.51.100.1 - - [30/Oct/2026:06:10:11 +0000] "GET /a HTTP/1.1" 200 12 "" "" 5432 123 "fe~" "be" "srv1" ${timers} ---- 1 1 0 0 0 0 0 "" ""${headers}`

  it('has no agent, and its client is no bot for that', () => {
    const hit = only(line(''))
    expect(hit).toMatchObject({ ip: '198.51.100.1', path: '/a', status: 200, bytes: 12, shape: 'haproxy' })
    expect(hit).toMatchObject({ duration: 13, upstream_duration: 12 })
    expect(JSON.parse(String(hit.extra))).toEqual({ frontend: 'fe~', backend: 'be', upstream: 'srv1' })
    expect(hit).not.toHaveProperty('flags')
  })

  it('has the agent and the host of captured headers', () => {
    const agent = 'Mozilla/5.0 (X11; Linux x86_64)'
    const hit = only(line(` "shop.example" "${agent}" ""`))
    expect(hit).toMatchObject({ host: 'shop.example', user_agent: agent })
  })

  it('has no duration for a phase that was never reached', () => {
    const hit = only(line('', '0 0 -1 -1 +3000'))
    expect(hit).toMatchObject({ duration: 3000 })
    expect(hit).not.toHaveProperty('upstream_duration')
  })

  it('keeps no cookie', () => {
    const hit = only(line('').replace(/"" ""$/, '"sid=geheim" "sid=geheim2"'))
    expect(JSON.stringify(hit)).not.toContain('geheim')
  })
})

it('a client of a combined line without an agent still has none', () => {
  expect(only(combined('198.51.100.1').replace('"curl/8"', '"" 5432 123'))).toMatchObject({
    flags: 'no_agent'
  })
})

describe('the columns of a W3C log behind a proxy', () => {
  const w3c = (column: string, value: string) =>
    only(
      `#Fields: date time c-ip cs-method cs-uri-stem cs-uri-query sc-status ${column}\n` +
        `2026-10-30 06:10:11 10.0.0.5 GET /a+b q=a+b 200 ${value}\n`
    )

  it.each([
    ['X-Forwarded-For', '203.0.113.8,+10.0.0.7'],
    ['x-forwarded-for', '203.0.113.8:5432,+10.0.0.7'],
    ['cs(X-Forwarded-For)', '198.51.100.1,+203.0.113.8,+10.0.0.7'],
    ['X_FORWARDED_FOR', '203.0.113.8'],
    ['Forwarded', 'for=203.0.113.8;+proto=https,+for=10.0.0.7']
  ])('name the client: %s', (column, value) => {
    expect(w3c(column, value)).toMatchObject({ ip: '203.0.113.8', path: '/a+b', query: 'q=a+b' })
  })

  it('have the agent in a column that somebody named', () => {
    expect(w3c('User-Agent', 'Mozilla/5.0+(X11;+Linux)')).toMatchObject({
      user_agent: 'Mozilla/5.0 (X11; Linux)'
    })
  })

  it('keep the plus of other columns', () => {
    expect(w3c('cs-username', 'jo+x')).toMatchObject({ remote_user: 'jo+x' })
  })
})

it.each([
  ['www.e.org.', 'www.e.org'],
  ['WWW.e.org.:443', 'www.e.org'],
  ['[2001:db8::1]:443', '[2001:db8::1]'],
  ['2001:db8::1', '2001:db8::1'],
  ['.', undefined]
])('the host %s has no dot of the root', (host, want) => {
  expect(only(record({ host })).host).toBe(want)
})

it.each([
  ['e.org/path?x=1', 'e.org', '/path'],
  ['Shop.e.org:8080/', 'shop.e.org', '/'],
  ['e.org./a', 'e.org', '/a'],
  ['xn--bcher-kva.example/a', 'xn--bcher-kva.example', '/a'],
  ['index.php/path', undefined, 'index.php/path'],
  ['v1.0/users', undefined, 'v1.0/users'],
  ['assets/e.org/a', undefined, 'assets/e.org/a'],
  ['/e.org/a', undefined, '/e.org/a'],
  ['e.org:443', undefined, 'e.org:443']
])('the address %s without a scheme', (url, host, path) => {
  const hit = only(record({ path: undefined, url }))
  expect([hit.host, hit.path]).toEqual([host, path])
})

it('a request line has no address without a scheme', () => {
  expect(only(combined('203.0.113.7').replace('/a', 'e.org/a'))).toMatchObject({ path: 'e.org/a' })
})

it.each([
  [[200], 200, undefined],
  [['404'], 404, undefined],
  [[200, 500], undefined, 'status'],
  [[20], undefined, 'status']
])('the status %j is read, or flagged', (status, want, flags) => {
  const hit = only(record({ status }))
  expect([hit.status, hit.flags]).toEqual([want, flags])
})
