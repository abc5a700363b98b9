import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'

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
export const record = (fields: object = {}) => json({ path: '/', date: time, ...fields })
export const good = record({ path: '/good' })
const kept = { path: '/good', flags: null }

const bytes = (...parts: (string | number[] | Uint8Array)[]) =>
  new Uint8Array(Buffer.concat(parts.map((part) => Buffer.from(part as string))))
const gzip = (text: string) => bytes(gzipSync(text))
const encoded = (encoding: string) => ({ 'Content-Encoding': encoding })
const error = (code: string, more: object = {}) => ({ error: { code, ...more } })

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

const fine = (name: string, body: string | Uint8Array<ArrayBuffer>, hits: object[], more = {}): Row => ({
  name,
  body,
  http: 200,
  reply: { status: 'ok', received: hits.length, accepted: hits.length, rejected: 0 },
  hits,
  ...more
})

export const requests: Row[] = [
  { name: '1 GET', method: 'GET', http: 200, reply: { status: 'ok' } },
  { name: '1 HEAD', method: 'HEAD', http: 200 },
  { name: '1 PUT', method: 'PUT', body: good, http: 405, gives: { Allow: 'POST, GET, HEAD' } },
  { name: '1 DELETE', method: 'DELETE', http: 405, gives: { Allow: 'POST, GET, HEAD' } },
  ...['', ' ', 'Bearer', 'Bearer  ', 'Digest x'].map((authorization) => ({
    name: `2 Authorization "${authorization}"`,
    authorization,
    body: good,
    http: 401,
    reply: error('token_missing'),
    gives: { 'WWW-Authenticate': /^Bearer/ }
  })),
  {
    name: '3 an unknown token',
    authorization: 'Bearer lgi_abcdefgh_unknown',
    body: good,
    http: 401,
    reply: error('token_unknown', { message: 'token lgi_ab… is not known' }),
    gives: { 'WWW-Authenticate': /^Bearer/ }
  },
  {
    name: '5 a session',
    authorization: null,
    headers: { Cookie: 'loggia=x' },
    body: good,
    http: 403,
    reply: error('wrong_scope')
  },
  {
    name: '5 a read token',
    authorization: 'Bearer lgr_x',
    body: good,
    http: 403,
    reply: error('wrong_scope')
  },
  { name: '6 another site', query: '?site=other', body: good, http: 403, reply: error('other_site') },
  {
    name: '8 a token in the URL',
    authorization: null,
    query: '?token=lgi_x',
    body: good,
    http: 400,
    reply: error('token_in_url', { message: expect_('Authorization: Bearer') })
  },
  fine('9 no Content-Type', bytes(good), [kept]),
  fine('9 an odd Content-Type', good, [kept], {
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' }
  }),
  ...['multipart/form-data; boundary=x', 'application/x-protobuf', 'application/x-snappy'].map((type) => ({
    name: `10 ${type}`,
    headers: { 'Content-Type': type },
    body: good,
    http: 415,
    reply: error('unsupported_type', { message: expect_('NDJSON') }),
    gives: { Accept: /json/ },
    reasons: ['unsupported_type']
  })),
  {
    name: '10 a form',
    body: 'a=1&b=2',
    http: 415,
    reply: error('unsupported_type'),
    reasons: ['unsupported_type']
  },
  fine('11 JSON called gzip', `[${good}]`, [kept], { headers: encoded('gzip') }),
  {
    name: '11 junk called gzip',
    headers: encoded('gzip'),
    body: 'junk',
    http: 400,
    reply: error('bad_encoding', { message: expect_('6a756e6b') }),
    reasons: ['bad_encoding']
  },
  fine('12 gzip that nobody announced', gzip(good), [kept]),
  fine('13 zstd', bytes(zstdCompressSync(good)), [kept], { headers: encoded('zstd') }),
  fine('13 br', bytes(brotliCompressSync(good)), [kept], { headers: encoded('br') }),
  fine('13 deflate', bytes(deflateSync(good)), [kept], { headers: encoded('deflate') }),
  {
    name: '13 an unknown encoding',
    headers: encoded('snappy'),
    body: good,
    http: 415,
    reply: error('unsupported_encoding'),
    gives: { 'Accept-Encoding': 'gzip, deflate, zstd, br' },
    reasons: ['unsupported_encoding']
  },
  {
    name: '14 truncated gzip',
    headers: encoded('gzip'),
    body: gzip(`${good}\n`.repeat(50)).slice(0, -12),
    http: 400,
    reply: error('truncated'),
    reasons: ['truncated']
  },
  fine('15 two members', bytes(gzip(`${good}\n`), gzip(good)), [kept, kept], { headers: encoded('gzip') }),
  {
    name: '16 gzip and junk',
    headers: encoded('gzip'),
    body: bytes(gzip(good), 'junk'),
    http: 400,
    reply: error('trailing_bytes'),
    reasons: ['trailing_bytes']
  },
  {
    name: '17 a bomb',
    headers: encoded('gzip'),
    body: bytes(gzipSync(Buffer.alloc(64 << 20))),
    http: 413,
    reply: error('decoded_too_large', { max_bytes: 20 << 20 }),
    reasons: ['decoded_too_large']
  },
  {
    name: '18 more than 10 MiB compressed',
    headers: encoded('gzip'),
    body: new Uint8Array((10 << 20) + 1),
    http: 413,
    reply: error('batch_too_large', { max_bytes: 10 << 20 }),
    reasons: ['batch_too_large']
  },
  {
    name: '19 more than 100 MB: the edge answers and we never see it; what we see is refused from 20 MiB on',
    body: new Uint8Array((20 << 20) + 1),
    http: 413,
    reply: error('batch_too_large', { max_bytes: 20 << 20 }),
    reasons: ['batch_too_large']
  },
  {
    name: '19 more than 1,000 zstd frames',
    headers: encoded('zstd'),
    body: bytes(...Array<Uint8Array>(1_001).fill(zstdCompressSync(''))),
    http: 413,
    reply: error('too_many_frames', { max_frames: 1_000 }),
    reasons: ['too_many_frames']
  },
  ...(
    [
      ['lines', '\n1'.repeat(500_001)],
      ['objects in a list', `[{}${',{}'.repeat(500_000)}]`],
      ['objects with nothing between', '{}'.repeat(500_001)],
      ['records in a wrapper', `{"records":[\n1${',1'.repeat(500_000)}]}`],
      ['records in lists in text', `{"message":"[1${',1'.repeat(30_000)}]"}\n`.repeat(17)]
    ] as const
  ).map(([what, body]) => ({
    name: `19 too many ${what}`,
    body,
    http: 413,
    reply: error('too_many_records', { max_records: 500_000 }),
    reasons: ['too_many_records']
  })),
  {
    name: '19 too many values',
    body: `[1${',1'.repeat(4_000_001)}]`,
    http: 413,
    reply: error('too_many_values', { max_values: 4_000_000 }),
    reasons: ['too_many_values']
  },
  ...['[', '[[[', '[[{'].map((body) => ({
    name: `37 only brackets: ${body}`,
    body,
    http: 200,
    reply: { status: 'rejected', received: 1, rejected: 1 },
    reasons: [body.includes('{') ? 'truncated_line' : 'json']
  })),
  ...['', '[]', '\r\n\n', ' '].map((body) => fine(`21 nothing: ${json(body)}`, body, [])),
  ...['null', '42', '"str"'].map((body) => ({
    name: `22 ${body}`,
    body,
    http: 200,
    reply: { status: 'rejected', received: 1, rejected: 1, errors: [{ index: 0, reason: 'not_a_record' }] },
    reasons: ['not_a_record']
  })),
  fine('23 one object', good, [kept])
]

export const bodies: Row[] = [
  ...['17', 'null', '"text"'].map((element) =>
    bad(`24 ${element} in a list`, `[${good},${element},${good}]`, 'not_a_record')
  ),
  bad('25 an error in a list', `[${good},{"path":oops},${good}]`, 'json'),
  bad('26 a broken line', `${good}\n{"path":"/x"\n${good}\n`, 'json'),
  bad('27 a cut last line', `${good}\n${good}\n{"path":"/x","sta`, 'truncated_line'),
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
  bad('31 no line in message', json([JSON.parse(good), { message: 'no line' }]), 'shape', 1),
  fine('32 bytes that are no UTF-8', bytes(`${good}\n`, '{"path":"/', [0xff], `","date":"${time}"}`), [
    kept,
    { path: '/\ufffd', flags: 'utf8' }
  ]),
  field('33 half a pair and NUL', `{"path":"/\\ud800\\u0000","date":"${time}"}`, { path: '/\ufffd␀' }),
  field('34 escapes of bytes', `{"path":"/\\xD0\\xBF","date":"${time}"}`, { path: '/п', flags: 'repaired' }),
  bad('34 escapes beyond repair', `${good}\n{"path":"\\xZZ"}\n${good}`, 'json'),
  field('35 a name twice', `{"path":"/a","path":"/b","date":"${time}"}`, { path: '/b', flags: 'twin_keys' }),
  field('36 names of the prototype', `{"__proto__":{"path":"/x"},"path":"/","date":"${time}"}`, {
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
  field('39 an empty number', `{"path":"/","rt":,"date":"${time}"}`, { duration: null, flags: 'repaired' }),
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
  ...['abc', 0, -1, 99999, 200.5].map((status) =>
    field(`42 status ${status}`, { status }, { status: null, flags: 'status' })
  ),
  ...[-1, 1e308, 'NaN', 2 ** 53].map((size) =>
    field(`43 bytes ${size}`, { bytes: size }, { bytes: null, flags: 'bytes' })
  ),
  field('44 no time', { date: undefined }, { flags: 'no_time' }),
  field('45 a time that is none', { date: 'soon' }, { flags: 'no_time', extra: '{"time":"soon"}' }),
  field('45 a time without zone', { date: '2026-11-20 12:00:00' }, { flags: 'no_zone' }),
  field('46 the first second', { date: 0 }, { time: 0, flags: 'old' }),
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
    ['1.2.3.4, 5.6.7.8', '1.2.3.4', null],
    ['fe80::1%eth0', 'fe80::1', null],
    ['::ffff:1.2.3.4', '1.2.3.4', null],
    ['9'.repeat(300), null, 'ip'],
    ['host.example', null, 'ip']
  ].map(([ip, want, flags]) => field(`50 address ${ip!.slice(0, 20)}`, { ip }, { ip: want, flags })),
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
function expect_(text: string) {
  return matching_(new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')))
}

function matching_(pattern: RegExp) {
  return { asymmetricMatch: (value: unknown) => typeof value === 'string' && pattern.test(value) }
}
