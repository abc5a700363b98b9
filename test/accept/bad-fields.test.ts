import { describe, expect, it } from 'vitest'
import { acceptText, good, hitsOf, only, record, show } from './show.ts'

const fields: [string, object, object][] = [
  [
    '36 names of the prototype',
    JSON.parse('{"__proto__":{"status":500},"constructor":{"prototype":1}}'),
    { extra: '{"__proto__":{"status":500},"constructor":{"prototype":1}}' }
  ],
  [
    '40 numbers as text',
    { status: '200', bytes: '12', referer: '-', ua: '' },
    { status: 200, bytes: 12, flags: 'no_agent' }
  ],
  [
    '41 a list of upstream times',
    { upstream_response_time: '0.1, 0.2 : -', upstream_status: '502, 200 : -' },
    { upstream_duration: 300, upstream_status: 200, extra: '{"upstream_response_time":"0.1, 0.2 : -"}' }
  ],
  ...['2xx', 0, '000', -1, 99999, 200.5].map((status): [string, object, object] => [
    `42 status ${status}`,
    { status },
    { status: undefined, flags: 'status' }
  ]),
  ['42 a status with its text', { status: '200 OK' }, { status: 200 }],
  ...[-1, 1e308, 'NaN', 2 ** 53, '9999999999999999', 1.5].map((bytes): [string, object, object] => [
    `43 bytes ${bytes}`,
    { bytes },
    { flags: 'bytes' }
  ]),
  [
    '43 more than 32 bits',
    { bytes: 5_000_000_000, request_length: '5000000000' },
    { bytes: 5e9, request_bytes: 5e9 }
  ],
  [
    '44 no time',
    { date: undefined },
    { time: '2026-11-22T08:00:00.000Z', utc_offset: undefined, flags: 'no_time' }
  ],
  [
    '45 a time that is none',
    { date: 'soon' },
    { time: '2026-11-22T08:00:00.000Z', utc_offset: undefined, flags: 'no_time', extra: '{"time":"soon"}' }
  ],
  [
    '45 a time without zone',
    { date: '2026-01-15 10:11:12' },
    {
      time: '2026-11-22T08:00:00.000Z',
      utc_offset: undefined,
      flags: 'no_zone',
      extra: '{"time":"2026-01-15 10:11:12"}'
    }
  ],
  [
    '46 the first second',
    { date: '1970-01-01T00:00:00Z' },
    { time: '1970-01-01T00:00:00.000Z', flags: 'old' }
  ],
  ...[0, 12.5, 1234, '1234', 99_999_999].map((date): [string, object, object] => [
    `46 a number too small for a date: ${date}`,
    { date },
    {
      time: '2026-11-22T08:00:00.000Z',
      utc_offset: undefined,
      flags: 'no_time',
      extra: JSON.stringify({ time: date })
    }
  ]),
  [
    '47 two days ahead',
    { date: '2026-11-24T08:00:00+01:00' },
    { time: '2026-11-24T07:00:00.000Z', utc_offset: 60, flags: 'skew' }
  ],
  [
    '47 a year in which nothing was logged',
    { date: '2100-01-01T00:00:00Z' },
    {
      time: '2026-11-22T08:00:00.000Z',
      utc_offset: undefined,
      flags: 'no_time',
      extra: '{"time":"2100-01-01T00:00:00Z"}'
    }
  ],
  ['48 milliseconds', { date: 1768471872123 }, { time: '2026-01-15T10:11:12.123Z', flags: 'epoch' }],
  [
    '49 a leap second east of UTC',
    { date: '2016-12-31T23:59:60+05:45' },
    { time: '2016-12-31T18:15:00.000Z', utc_offset: 345 }
  ],
  ['50 no address', { ip: 'unknown' }, { flags: 'ip', extra: '{"ip":"unknown"}' }],
  ['50 a list of addresses', { ip: '1.2.3.4, 5.6.7.8' }, { ip: '5.6.7.8' }],
  ['50 a socket', { ip: 'unix:' }, {}],
  [
    '51 a method of bytes',
    { method: '\x16\x03\x01' },
    { method: 'OTHER', extra: '{"method":"\\u0016\\u0003\\u0001"}' }
  ],
  [
    '51 a method of 4 KB',
    { method: 'A'.repeat(4096) },
    { method: 'OTHER', flags: 'cut', extra: `{"method":"${'A'.repeat(1022)}"}` }
  ],
  [
    '52 a path of 10 KB',
    { path: `/${'a'.repeat(10_000)}` },
    { path: `/${'a'.repeat(8191)}`, extra: '{"path_hash":"d5518dc6c6fa179e"}', flags: 'cut' }
  ],
  ['52 a path of dots and NUL', { path: '/%2e%2e/../%00' }, { path: '/../../%00' }],
  [
    '53 an agent with code',
    { ua: '<script>${jndi:ldap://x}\x1b[31m=cmd|' },
    { user_agent: '<script>${jndi:ldap://x}\x1b[31m=cmd|' }
  ],
  ['53 an agent of 64 KB', { ua: 'a'.repeat(60_000) }, { user_agent: 'a'.repeat(2048), flags: 'cut' }],
  ['62 other fields', { a: 1, b: 'x', c: null, d: [1] }, { extra: '{"a":1,"b":"x","d":[1]}' }],
  [
    '62 more than fits',
    { a: 'x'.repeat(2041), b: 1, c: 'y'.repeat(100) },
    { extra: `{"a":"${'x'.repeat(1022)}","b":1,"c":"${'y'.repeat(100)}"}`, flags: 'cut' }
  ],
  [
    'secrets among other fields',
    { api_token: 'x', cookie: 'y', note: 'jo@example.org' },
    { extra: '{"api_token":"REDACTED","cookie":"REDACTED","note":"REDACTED"}' }
  ]
]

describe('a field', () => {
  it.each(fields)('%s', (_, given, want) => {
    const base = { time: '2026-01-15T10:11:12.000Z', utc_offset: 0, path: '/', status: 200, shape: 'generic' }
    expect(only(record(given))).toEqual(
      JSON.parse(JSON.stringify({ ...base, ...want, utc_offset: 'utc_offset' in want ? want.utc_offset : 0 }))
    )
  })

  it('38 beyond the 64th is dropped', () => {
    const many = Object.fromEntries(Array.from({ length: 4000 }, (_, i) => [`k${i}`, i]))
    const hit = only(record(many))
    expect(Object.keys(JSON.parse(String(hit.extra)))).toHaveLength(61)
    expect(hit.flags).toBe('keys')
  })

  it('45 without zone takes the zone of the token', () => {
    const hit = only(record({ date: '2026-01-15 10:11:12' }), { utc_offset: 210 })
    expect(hit).toMatchObject({ time: '2026-01-15T06:41:12.000Z', utc_offset: 210, flags: 'site_zone' })
  })

  it('that Ballcone does not know is kept, whatever the number of those it knows', () => {
    const matomo =
      '{"ip":"::1","path":"/","generation_time_milli":0.0421,"date":"2026-01-15T10:11:12Z","method":"GET","x":1}'
    expect(only(matomo)).toMatchObject({
      shape: 'ballcone',
      method: 'GET',
      duration: 42.1,
      extra: '{"x":1}',
      ip: '::1'
    })
  })

  it('of a wrapper is a fall-back for the time and names the machine', () => {
    const wrapped = { timestamp: '2026-01-15T11:00:00Z', host: 'web1', service: 'shop' }
    const accepted = acceptText(
      JSON.stringify([
        { ...wrapped, message: '{"path":"/","status":200}' },
        { ...wrapped, message: good }
      ])
    )
    expect(hitsOf(accepted).map(show)).toMatchObject([
      { time: '2026-01-15T11:00:00.000Z', server: 'web1' },
      { time: '2026-01-15T10:11:12.000Z', server: 'web1' }
    ])
    expect([...accepted.hits.keys()]).toEqual(['shop'])
  })

  it.each([
    ['LTSV', 'time:[15/Jan/2026:10:11:12 +0000]\treq:GET / HTTP/1.1\tstatus:200\t$:1'],
    ['logfmt', 'time=2026-01-15T10:11:12Z method=GET path=/ status=200 $=1'],
    ['W3C', '#Fields: date time cs-method cs-uri-stem sc-status $\n2026-01-15 10:11:12 GET / 200 1'],
    ['ECS', record({ 'http.request.method': 'GET', 'http.response.status_code': 200, $: '1' })],
    ['JSON', record({ $: '1' })]
  ])('36 may be called what a prototype calls its own, in %s', (_, line) => {
    for (const name of ['constructor', '__proto__']) {
      const { extra, status } = only(line.replaceAll('$', name))
      expect(status).toBe(200)
      expect(JSON.parse(String(extra)), name).toHaveProperty([name], '1')
    }
  })
})
