import { describe, expect, it } from 'vitest'
import { readAddress } from '#lib/accept/address.ts'
import { scrub, scrubText } from '#lib/accept/scrub.ts'
import { readTime } from '#lib/accept/time.ts'
import { only } from './show.ts'

const times: [string | number, string | null, number | null][] = [
  ['2026-01-15T10:11:12+03:30', '2026-01-15T06:41:12.000Z', 210],
  ['2026-01-15T10:11:12.5Z', '2026-01-15T10:11:12.500Z', 0],
  ['2026-01-15 10:11:12,123456+0000', '2026-01-15T10:11:12.123Z', 0],
  ['2026-01-15T10:11:27.773360139+01:00', '2026-01-15T09:11:27.773Z', 60],
  ['10/Oct/2000:13:55:36 -0700', '2000-10-10T20:55:36.000Z', -420],
  ['15/Jan/2026: 9:11:12 +0000', '2026-01-15T09:11:12.000Z', 0],
  ['29/Feb/2024:00:00:00 +0000', '2024-02-29T00:00:00.000Z', 0],
  ['29/Feb/2026:00:00:00 +0000', null, null],
  ['15/Foo/2026:00:00:00 +0000', null, null],
  ['2026/01/15 10:11:36', '2026-01-15T10:11:36.000Z', null],
  ['2026-13-15T10:11:12Z', null, null],
  ['2026-01-15T25:11:12Z', null, null],
  ['2026-01-15T10:11:12+99:00', null, null],
  ['1768471874.123', '2026-01-15T10:11:14.123Z', 0],
  [1768471874, '2026-01-15T10:11:14.000Z', 0],
  [12.5, null, null],
  ['1234', null, null],
  [1768471885433000200, '2026-01-15T10:11:25.433Z', 0],
  [' 3/Nov/2026:06:10:11 +0000', '2026-11-03T06:10:11.000Z', 0],
  ['[ 3/Nov/2026:06:10:11 +0100]', '2026-11-03T05:10:11.000Z', 60],
  ['[30/Nov/2026:06:10:11 +0000]', '2026-11-30T06:10:11.000Z', 0],
  ['[[30/Nov/2026:06:10:11 +0000', null, null],
  ['['.repeat(60_000) + ']'.repeat(60_000), null, null],
  ['Mon, 30 Nov 2026 06:10:11 GMT', '2026-11-30T06:10:11.000Z', 0],
  ['Tue, 3 Nov 2026 06:10:11 +0100', '2026-11-03T05:10:11.000Z', 60],
  ['Mon, 31 Nov 2026 06:10:11 GMT', null, null],
  ['Mon, 30 Nov 2026', null, null],
  ['', null, null]
]

it.each(times)('the time %s', (text, want, offset) => {
  const moment = readTime(text)
  expect(moment && new Date(moment.time).toISOString()).toBe(want)
  expect(moment && moment.offset).toBe(offset)
})

const addresses: [string, string | null][] = [
  ['203.0.113.7', '203.0.113.7'],
  ['203.0.113.7:4711', '203.0.113.7'],
  ['[2001:DB8::7]:443', '2001:db8::7'],
  ['2001:0db8:0000:0000:0000:0000:0000:0007', '2001:db8::7'],
  ['fe80::1%eth0', 'fe80::1'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['::ffff:203.0.113.7:54241', '203.0.113.7'],
  ['::ffff:203.0.113.7:80', '203.0.113.7'],
  ['0:0:0:0:0:ffff:203.0.113.7:80', '203.0.113.7'],
  ['2601:240:4002:5883:b5f3:aaaa:bbbb:64ec:53016', '2601:240:4002:5883:b5f3:aaaa:bbbb:64ec'],
  ['1:2:3:4:5:6:7:8:9', '1:2:3:4:5:6:7:8'],
  ['2001:db8::7:54321', '2001:db8::7'],
  ['2001:db8::7:5432', '2001:db8::7:5432'],
  ['fe80::1%eth0:54321', 'fe80::1'],
  ['2001:db8::7:65536', null],
  ['2001:db8::54321', null],
  ['2001:db8::7:', null],
  ['1:2:3:4:5:6:7:8:9:10', null],
  ['10:11:12', null],
  ['::1', '::1'],
  ['::', '::'],
  ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
  ['256.0.0.1', null],
  ['010.0.0.1', null],
  ['1.2.3', null],
  ['1::2::3', null],
  ['example.com', null],
  ['x'.repeat(300), null]
]

it.each(addresses)('the address %s', (text, want) => {
  expect(readAddress(text)).toBe(want)
})

const secrets: [string, string][] = [
  ['/plain/path', '/plain/path'],
  ['q=shoes&page=2', 'q=shoes&page=2'],
  ['country_code=DE&keyword=x&monkey=1', 'country_code=DE&keyword=x&monkey=1'],
  ['a=1&token=abc&b=2', 'a=1&token=REDACTED&b=2'],
  ['code=xyz&X-Amz-Signature=1f&csrf_token=9', 'code=REDACTED&X-Amz-Signature=REDACTED&csrf_token=REDACTED'],
  [
    'accessToken=1&API_KEY=2&user[password]=3',
    'accessToken=REDACTED&API_KEY=REDACTED&user[password]=REDACTED'
  ],
  ['https://a.example/cb#access_token=1&x=2', 'https://a.example/cb#access_token=REDACTED&x=2'],
  ['https://jo:secret@example.org/', 'https://REDACTED@example.org/'],
  ['/unsubscribe/jo.doe@example.org/now', '/unsubscribe/REDACTED/now'],
  ['to=jo%40example.org', 'to=REDACTED'],
  ['/npm/jquery@3.6.0.min.js', '/npm/jquery@3.6.0.min.js'],
  ['/icon@2x.png', '/icon@2x.png'],
  ['/@jo/post', '/@jo/post'],
  ['wordpress_logged_in_ab=geheim sess=geheim', 'wordpress_logged_in_ab=REDACTED sess=REDACTED'],
  ['a="b" x-api-key="geheim" c="d"', 'a="b" x-api-key="REDACTED" c="d"'],
  ['x-api-key="ge heim" note="token=geheim"', 'x-api-key="REDACTED" note="token=REDACTED"'],
  ["sess='geheim'", "sess='REDACTED'"],
  ['next=https://x?a%3D1%26token%3Dabc%26z%3D2&y=3', 'next=https://x?a%3D1%26token%3DREDACTED%26z%3D2&y=3'],
  ['next=https%253A%252F%252Fx%253Ftoken%253Dabc', 'next=https%253A%252F%252Fx%253Ftoken%253DREDACTED'],
  [
    'u=%2F%3Fn%3Dx%253Fuser%255Bpassword%255D%253Dabc%2526q%253D1%26w%3D2',
    'u=%2F%3Fn%3Dx%253Fuser%255Bpassword%255D%253DREDACTED%2526q%253D1%26w%3D2'
  ],
  ['/w%253ftoken%253dabc', '/w%253ftoken%253dREDACTED'],
  ['a%3Fcountry_code%3Dde', 'a%3Fcountry_code%3Dde'],
  ['to=jo%2540example.org', 'to=REDACTED'],
  ['Authorization=Token 1f2e x=1', 'Authorization=REDACTED x=1'],
  ['logged_in=yes&possession=5', 'logged_in=yes&possession=5'],
  [`/v/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc-_d?x`, '/v/REDACTED?x']
]

it.each(secrets)('what is secret in %s', (text, want) => {
  expect(scrub(text)).toBe(want)
})

const messages: [string, string][] = [
  ['GET /m?token=geheim', 'GET /m?token=REDACTED'],
  ['GET https://bob:geheim@e.org/', 'GET https://REDACTED@e.org/'],
  [
    'Authorization: Token geheim8 Cookie: a=geheim; b=geheim Host: e.org',
    'Authorization: REDACTED Cookie: REDACTED Host: e.org'
  ],
  ['sent "Set-Cookie: a=geheim; Path=/" twice', 'sent "Set-Cookie: REDACTED" twice'],
  ['sent Token 1f2e3d4c5b6a', 'sent Token REDACTED'],
  ['sent ApiKey aGVpbW8x==', 'sent ApiKey REDACTED'],
  ['an invalid token received', 'an invalid token received'],
  ['X-Api-Key: geheim, Host: e.org', 'X-Api-Key: REDACTED, Host: e.org'],
  ['body {"password":"geheim","n":1} read', 'body {"password":"REDACTED","n":1} read'],
  ['body {"password": 123456}', 'body {"password": "REDACTED"}'],
  [String.raw`body "{\"password\":\"geheim\"}"`, String.raw`body "{\"password\":\"REDACTED\"}"`],
  ['handled request: 200 at 10:11:12', 'handled request: 200 at 10:11:12']
]

it.each(messages)('what is secret in the message %s', (message, want) => {
  expect(only(JSON.stringify({ path: '/', status: 200, message })).message).toBe(want)
})

it.each([
  [
    {
      list: [
        { name: 'X-Api-Key', value: 'geheim' },
        { name: 'Host', value: 'e.org' }
      ]
    }
  ],
  [
    {
      list: [
        { key: 'authorization', value: 'geheim' },
        { key: 'accept', value: '*/*' }
      ]
    }
  ],
  [{ attributes: [{ key: 'http.request.header.cookie', value: { stringValue: 'geheim' } }] }],
  [{ headers: [{ Name: 'Cookie', Values: ['geheim', 'geheim'] }] }],
  [{ note: 'Authorization: Token geheim' }],
  [{ csrf: 'geheim', deep: { xsrf: 'geheim' } }],
  [{ sess: 'geheim' }]
])('no secret is in the fields of %j', (fields) => {
  const { extra } = only(JSON.stringify({ path: '/', status: 200, ...fields }))
  expect(extra).toContain('REDACTED')
  expect(extra).not.toContain('geheim')
})

it('no secret is behind a line', () => {
  const line = '198.51.100.4 - - [15/Jan/2026:10:11:12 +0000] "GET / HTTP/1.1" 200 12 "-" "curl/8"'
  const { extra } = only(
    `${line} wordpress_logged_in_ab=geheim sess=geheim x-api-key="geheim" "token=geheim"`
  )
  expect(extra).not.toContain('geheim')
})

it('the common log that Caddy 2.0 adds does not name the user', () => {
  const common_log = '198.51.100.4 - bob [15/Jan/2026:10:11:12 +0000] "GET / HTTP/1.1" 200 12'
  const request = { method: 'GET', uri: '/', proto: 'HTTP/1.1', remote_addr: '198.51.100.4:5' }
  const { extra } = only(
    JSON.stringify({ logger: 'http.log.access', request, common_log, status: 200, ts: 1768471872 })
  )
  expect(extra).toBeUndefined()
})

it('a hostile text is scrubbed in time that grows with its length', () => {
  for (const unit of [
    'eyJ',
    'a@',
    '&token',
    '://',
    'token=&',
    '%3Dtoken',
    'token%3D',
    '%252525',
    '&%5Ba',
    '%40',
    'a.',
    '"a"',
    'cookie: ',
    'a-',
    '\\\\"a',
    '"a":1'
  ]) {
    const began = performance.now()
    scrub(`@=eyJ${unit.repeat(20_000)}`)
    scrubText(unit.repeat(20_000))
    expect(performance.now() - began).toBeLessThan(1000)
  }
})

describe('a path', () => {
  const paths: [string, string | null, string | null][] = [
    ['/shop?q=%D8%A7&page=2', '/shop', 'q=ا&page=2'],
    ['/a%20b/%FF%20', '/a b/%FF%20', null],
    ['/%2e%2E/%25%32%65', '/../%252e', null],
    ['/a%3Fb?x=%26%3D%2B&y', '/a%3Fb', 'x=%26%3D%2B&y'],
    ['/%0a%00', '/%0A%00', null],
    ['?only=query', null, 'only=query'],
    ['http://azenv.net/x?y', '/x', 'y'],
    ['*', '*', null],
    ['/?%74oken=abc', '/', 'token=REDACTED']
  ]

  it.each(paths)('%s', (path, want, query) => {
    const hit = only(JSON.stringify({ path, status: 200 }))
    expect([hit.path ?? null, hit.query ?? null]).toEqual([want, query])
  })
})
