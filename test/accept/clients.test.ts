import { describe, expect, it } from 'vitest'
import { only, record } from './show.ts'

const haproxy = (client: string) =>
  `${client} [30/Nov/2026:06:10:11.123] fe be/srv1 0/0/1/12/13 200 2750 - - ---- 1/1/0/0/0 0/0 "GET /a HTTP/1.1"`
const elb = (client: string) =>
  `2026-11-30T06:10:11.945958Z lb ${client} 10.0.0.1:80 0.1 0.1 0.1 200 200 0 29 "GET http://a.example:80/a HTTP/1.1" "curl/8" - -`
const alb = (client: string) => `https ${elb(client)} arn "Root=1-a" "a.example"`
const uvicorn = (client: string) => `INFO:     ${client} - "GET /a HTTP/1.1" 200 OK`
const apacheError = (client: string) =>
  `[Mon Nov 30 06:10:11.123456 2026] [core:error] [pid 1:tid 2] [client ${client}] AH00126: Invalid URI`
const combined = (client: string) =>
  `${client} - - [30/Nov/2026:06:10:11 +0000] "GET /a HTTP/1.1" 200 12 "-" "curl/8"`

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
  expect(only(line)).toMatchObject({ ip: '203.0.113.7', time: '2026-11-30T06:10:11.945Z' })
})

it('a socket of HAProxy is no address', () => {
  expect(only(haproxy('unix:1'))).not.toHaveProperty('ip')
})

it('a client of Apache 2.2 has no port', () => {
  const line = '[Mon Nov 30 06:10:11 2026] [error] [client 2001:db8::1:5432] File does not exist'
  expect(only(line)).toMatchObject({ ip: '2001:db8::1:5432' })
})
