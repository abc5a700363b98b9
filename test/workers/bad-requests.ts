import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { eventTime, join, pack } from '../accept/packed.ts'
import { bytes, containing, error, fine, good, json, kept, type Row } from './bad-rows.ts'

const gzip = (text: string) => bytes(gzipSync(text))
const encoded = (encoding: string) => ({ 'Content-Encoding': encoding })

const event = pack([[eventTime(1_768_471_872), {}], JSON.parse(good)])
const gzipped = new Uint8Array(gzipSync(event))
const msgpack = { 'Content-Type': 'application/msgpack' }

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
    reply: error('token_in_url', { message: containing('Authorization: Bearer') })
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
    reply: error('unsupported_type', { message: containing('NDJSON') }),
    gives: { Accept: /json/ },
    reasons: ['unsupported_type']
  })),
  fine('10 MessagePack', join(event, event), [kept, kept], { headers: msgpack }),
  fine('10 MessagePack that nobody announced', join(event, event), [kept, kept]),
  fine(
    '10 packed events that are compressed',
    bytes(pack(['nginx', join(Uint8Array.of(0xc4, gzipped.length), gzipped), { compressed: 'gzip' }])),
    [kept],
    { headers: msgpack }
  ),
  fine('10 JSON called MessagePack', good, [kept], { headers: msgpack }),
  {
    name: '10 MessagePack that breaks off',
    headers: msgpack,
    body: join(event, event, event.slice(0, -3)),
    http: 200,
    reply: {
      status: 'partial',
      received: 3,
      accepted: 2,
      rejected: 1,
      errors: [{ index: 2, reason: 'msgpack' }]
    },
    hits: [kept, kept],
    reasons: ['msgpack']
  },
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
    reply: error('bad_encoding', { message: containing('6a756e6b') }),
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
  {
    name: '19 too many names',
    body: Array.from({ length: 60_000 }, (_, i) => `{"k${i}":1}`).join('\n'),
    http: 413,
    reply: error('too_many_names', { max_names: 50_000 }),
    reasons: ['too_many_names']
  },
  {
    name: '19 too many names of attributes',
    body: json({ attributes: Array.from({ length: 60_000 }, (_, i) => ({ key: `k${i}` })) }),
    http: 413,
    reply: error('too_many_names', { max_names: 50_000 }),
    reasons: ['too_many_names']
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
