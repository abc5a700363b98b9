/** What is sent, what is answered, what is then in the log and in quarantine. */
export interface Row {
  /** Its number in BADINPUT.md, and what it is about. */
  name: string
  method?: string
  /** The good token unless said; null for none. */
  authorization?: string | null
  headers?: Record<string, string>
  query?: string
  path?: string
  body?: string | Uint8Array<ArrayBuffer>
  http: number
  /** Part of the answer. */
  reply?: object
  /** Headers of the answer. */
  gives?: Record<string, string | RegExp>
  /** Part of each hit in the log, in order; nothing unless said. */
  hits?: object[]
  /** Reasons in quarantine, newest first. */
  reasons?: string[]
}

const time = '2026-11-20T12:00:00Z'
export const json = JSON.stringify
export const record = (fields: object = {}) => json({ path: '/', status: 200, date: time, ...fields })
export const good = record({ path: '/good' })
export const kept = { path: '/good', flags: null }

export const bytes = (...parts: (string | number[] | Uint8Array)[]) =>
  new Uint8Array(Buffer.concat(parts.map((part) => Buffer.from(part as string))))
export const error = (code: string, more: object = {}) => ({ error: { code, ...more } })

/** A record alone: it is stored with these values. */
const field = (name: string, fields: object | string, hit: object): Row => ({
  name,
  body: `${good}\n${typeof fields === 'string' ? fields : record(fields)}`,
  http: 200,
  reply: { status: 'ok', received: 2, accepted: 2 },
  hits: [kept, hit]
})

/** Good lines around a bad one: they are stored, it is refused. */
const bad = (name: string, body: string | Uint8Array<ArrayBuffer>, reason: string, goods = 2): Row => ({
  name,
  body,
  http: 200,
  reply: { status: 'partial', accepted: goods, rejected: 1, errors: [{ reason }] },
  hits: Array<object>(goods).fill(kept),
  reasons: [reason]
})

export const fine = (
  name: string,
  body: string | Uint8Array<ArrayBuffer>,
  hits: object[],
  more = {}
): Row => ({
  name,
  body,
  http: 200,
  reply: { status: 'ok', received: hits.length, accepted: hits.length, rejected: 0 },
  hits,
  ...more
})

export const bodies: Row[] = [
  ...['17', 'null', '"text"'].map((element) =>
    bad(`24 ${element} in a list`, `[${good},${element},${good}]`, 'not_a_record')
  ),
  bad('25 an error in a list', `[${good},{"path":oops},${good}]`, 'json'),
  bad('26 a broken line', `${good}\n{"path":"/x"\n${good}\n`, 'json'),
  bad('27 a cut last line', `${good}\n${good}\n{"path":"/x","sta`, 'truncated_line'),
  bad('27 a cut list', `[${good},${good}`, 'truncated_list'),
  fine('28 BOM, CRLF, blank lines, a list', bytes([0xef, 0xbb, 0xbf], `${good}\r\n\r\n[${good}]\r\n`), [
    kept,
    kept
  ]),
  fine('29 nothing between objects', good + good, [kept, kept]),
  fine(
    '30 wrappers',
    [
      json({ date: 1, log: good }),
      json({ message: good }),
      json({ log: `${good}\n`, stream: 'stdout' })
    ].join('\n'),
    [kept, kept, kept]
  ),
  fine(
    '31 a line in message',
    json({ message: '192.0.2.1 - - [20/Nov/2026:12:00:00 +0000] "GET /a HTTP/1.1" 200 1' }),
    [{ path: '/a', shape: 'common' }]
  ),
  bad('31 no line in message', json([JSON.parse(good), { message: 'no line' }]), 'line', 1),
  fine(
    '32 bytes that are no UTF-8',
    bytes(`${good}\n`, '{"status":200,"path":"/', [0xff], `","date":"${time}"}`),
    [kept, { path: '/\ufffd', flags: 'utf8' }]
  ),
  field('33 half a pair and NUL', `{"status":200,"path":"/\\ud800\\u0000","date":"${time}"}`, {
    path: '/\ufffd␀'
  }),
  field('34 escapes of bytes', `{"status":200,"path":"/\\xD0\\xBF","date":"${time}"}`, {
    path: '/п',
    flags: 'repaired'
  }),
  bad('34 escapes beyond repair', `${good}\n{"path":"\\xZZ"}\n${good}`, 'json'),
  field('35 a name twice', `{"status":200,"path":"/a","path":"/b","date":"${time}"}`, {
    path: '/b',
    flags: 'twin_keys'
  }),
  field('36 names of the prototype', `{"__proto__":{"path":"/x"},"status":200,"path":"/","date":"${time}"}`, {
    path: '/',
    extra: '{"__proto__":{"path":"/x"}}'
  }),
  bad(
    '37 brackets to the bottom',
    `${good}\n{"path":"/","x":${'['.repeat(9000)}${']'.repeat(9000)}}\n${good}`,
    'too_deep'
  ),
  field(
    '38 7,000 keys, since 10,000 do not fit into a line of 64 KiB',
    Object.fromEntries(Array.from({ length: 7000 }, (_, i) => [`k${i.toString(36)}`, 1])),
    {
      path: '/',
      flags: 'keys'
    }
  ),
  field('39 an empty number', `{"status":200,"path":"/","rt":,"date":"${time}"}`, {
    duration: null,
    flags: 'repaired'
  }),
  field(
    '40 numbers as text',
    { status: '200', bytes: '12', request_length: '-', ua: '' },
    {
      status: 200,
      bytes: 12,
      request_bytes: null,
      user_agent: null
    }
  ),
  field(
    '41 a list of upstreams',
    { upstream_response_time: '0.1, 0.2 : -' },
    {
      upstream_duration: 300,
      extra: '{"upstream_response_time":"0.1, 0.2 : -"}'
    }
  ),
  ...['2xx', 0, -1, 99999, 200.5].map((status) =>
    field(`42 status ${status}`, { status }, { status: null, flags: 'status' })
  ),
  ...[-1, 1e308, 'NaN', 2 ** 53].map((size) =>
    field(`43 bytes ${size}`, { bytes: size }, { bytes: null, flags: 'bytes' })
  ),
  field('44 no time', { date: undefined }, { flags: 'no_time' }),
  field('45 a time that is none', { date: 'soon' }, { flags: 'no_time', extra: '{"time":"soon"}' }),
  field('45 a time without zone', { date: '2026-11-20 12:00:00' }, { flags: 'no_zone' }),
  field('46 the first second', { date: '1970-01-01T00:00:00Z' }, { time: 0, flags: 'old' }),
  field(
    '47 years ahead',
    { date: '2036-01-01T00:00:00Z' },
    { flags: 'skew', time: Date.parse('2036-01-01T00:00:00Z'), extra: null }
  ),
  ...[1, 1e3, 1e6, 1e9].map((unit) =>
    field(
      `48 seconds × ${unit}`,
      { date: 1768471872 * unit },
      {
        time: 1768471872000,
        flags: unit === 1 ? null : 'epoch'
      }
    )
  ),
  field(
    '49 a leap second at +05:45',
    { date: '2016-12-31T23:59:60+05:45' },
    {
      time: Date.parse('2016-12-31T18:15:00Z'),
      utc_offset: 345
    }
  ),
  ...[
    ['unknown', null, 'ip'],
    // From the right: whoever sends the header writes its left.
    ['1.2.3.4, 5.6.7.8', '5.6.7.8', null],
    ['fe80::1%eth0', 'fe80::1', null],
    ['::ffff:1.2.3.4', '1.2.3.4', null],
    ['9'.repeat(300), null, 'ip'],
    ['host', null, 'ip']
  ].map(([ip, want, flags]) => field(`50 address ${ip!.slice(0, 20)}`, { ip }, { ip: want, flags })),
  field('50 address host.example', { ip: 'host.example' }, { client_name: 'host.example' }),
  field('51 a method of TLS', { method: '\x16\x03\x01' }, { method: 'OTHER' }),
  field('51 a method of 4 KB', { method: 'A'.repeat(4096) }, { method: 'OTHER' }),
  field(
    '52 a path of 40 KB',
    { path: `/${'a'.repeat(40_000)}` },
    {
      path: `/${'a'.repeat(8191)}`,
      flags: 'cut',
      extra: matching_(/^\{"path_hash":"[0-9a-f]{16}"\}$/)
    }
  ),
  field('52 a path of dots and NUL', { path: '/%00/../../%2e%2e' }, { path: '/%00/../../..' }),
  ...[
    '<script>alert(1)</script>',
    '\x1b[31mred',
    '\u202eright',
    '${jndi:ldap://x/y}',
    "=cmd|' /C calc'!A0"
  ].map((ua) => field(`53 an agent of ${json(ua)}`, { ua }, { user_agent: ua })),
  field('53 an agent of 60 KB', { ua: 'a'.repeat(60_000) }, { user_agent: 'a'.repeat(2048), flags: 'cut' }),
  bad('54 a line of 70 KB', `${good}\n${record({ x: 'x'.repeat(70_000) })}\n${good}`, 'line_too_long'),
  {
    name: '61 nothing but bad lines',
    body: '{"a":1}\nno line\n17',
    http: 200,
    reply: { status: 'rejected', received: 3, accepted: 0, rejected: 3 },
    reasons: ['not_a_record', 'line', 'shape']
  },
  field('62 unknown fields', { a: 1, b: { c: 'x' } }, { extra: '{"a":1,"b":{"c":"x"}}' }),
  field('a service that is no site, where the token names the site', { service: '../x' }, { path: '/' }),
  {
    name: '73 a preflight',
    method: 'OPTIONS',
    headers: { Origin: 'https://shop.example', 'Access-Control-Request-Method': 'POST' },
    http: 403,
    reply: error('no_browser')
  },
  fine(
    "74 Expect: 100-continue; that HTTP/1.0 is taken is the runtime's doing, and no test can send it from inside",
    good,
    [kept],
    {
      headers: { Expect: '100-continue' }
    }
  ),
  fine('75 two slashes and one at the end', good, [kept], { path: '//api/ingest/' }),
  fine('75 names of headers in lower case', good, [kept], { headers: { 'content-type': 'application/json' } })
]

/** `expect.stringContaining` without Vitest in a table. */
export function containing(text: string) {
  return matching_(new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')))
}

function matching_(pattern: RegExp) {
  return { asymmetricMatch: (value: unknown) => typeof value === 'string' && pattern.test(value) }
}
