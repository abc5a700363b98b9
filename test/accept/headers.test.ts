import { describe, expect, it } from 'vitest'
import { acceptText, good, hitsOf, only } from './show.ts'

const router =
  'at=info method=GET path="/hr" host=shop.example request_id=8601b555-6a83 fwd="198.51.100.4" dyno=web.1 connect=0ms service=12ms status=200 bytes=123 protocol=https'
const time = '2026-10-30T06:10:11.123456+00:00'
const syslog = `<158>1 ${time} host heroku router - ${router}`

const request = {
  ip: '198.51.100.4',
  path: '/hr',
  host: 'shop.example',
  status: 200,
  bytes: 123,
  duration: 12,
  scheme: 'https',
  time: '2026-10-30T06:10:11.123Z',
  shape: 'logfmt'
}

describe('a request of Heroku', () => {
  it.each([
    ['of a drain, without structured data', syslog],
    ['with its length in front', `${syslog.length + 1} ${syslog}`],
    ['of a drain with structured data', syslog.replace(' - at', ' - - at')],
    ['of `heroku logs`', `${time} heroku[router]: ${router}`],
    ['of `docker logs -t`', `2026-10-30T06:10:11.123456789Z ${router}`],
    ['of CRI', `2026-10-30T06:10:11.123456789Z stdout F ${router}`]
  ])('%s', (_, line) => {
    const hit = only(`${line}\n`)
    expect(hit).toMatchObject(request)
    expect(hit).not.toHaveProperty('flags')
  })

  it('is read from a batch with lengths', () => {
    const body = [syslog, syslog.replace('/hr', '/hr2')]
      .map((line) => `${line.length + 1} ${line}\n`)
      .join('')
    expect(hitsOf(acceptText(body)).map(({ path }) => path)).toEqual(['/hr', '/hr2'])
  })
})

const combined = '203.0.113.7 - - [30/Oct/2026:06:10:10 +0000] "GET /a HTTP/1.1" 200 12 "-" "curl/8"'

it.each([
  ["an app's line on Heroku", `${time} app[web.1]: ${combined}`],
  ["an app's line in a drain", `<190>1 ${time} d.73ea7440 app web.1 - ${combined}`],
  ['structured data', `<190>1 ${time} web1 nginx 12 - [meta seq="1" x="a b"][o@1 y="2"] ${combined}`],
  ['no structured data', `<190>1 ${time} web1 nginx 12 ID1 - ${combined}`]
])('%s is read without its header', (_, line) => {
  expect(only(line)).toMatchObject({ ip: '203.0.113.7', path: '/a', time: '2026-10-30T06:10:10.000Z' })
})

it('the first part of a line that a container runtime split is called so', () => {
  const start = '2026-10-30T06:10:11.5Z stdout P '
  const body = `${start}203.0.113.7 - - [30/Oct/2026:06:10:10 +0000] "GET /a?x=\n${start}{"path":"/a","x":"\n${good}\n`
  const { refusals, hits } = acceptText(body)
  expect(refusals.map(({ reason }) => reason)).toEqual(['truncated_line', 'truncated_line'])
  expect(refusals[0]!.message).toContain('split this line')
  expect(hits.get(null)).toHaveLength(1)
  const record = {
    log: `203.0.113.7 - - [30/Oct/2026:06:10:10 +0000] "GET /a?x=`,
    logtag: 'P',
    stream: 'stdout'
  }
  expect(acceptText(JSON.stringify(record)).refusals).toMatchObject([{ reason: 'truncated_line' }])
})

const stamp = '2026-10-30T06:10:11.5Z '

it.each([
  [
    'Gin in a drain',
    `<190>1 ${time} h app web.1 - [GIN] 2026/10/30 - 06:10:11 | 200 | 1ms | 203.0.113.7 | GET "/a"`
  ],
  ['Django', `${stamp}[30/Oct/2026 06:10:11] "GET /a HTTP/1.1" 200 5`],
  [
    'Squid',
    `${stamp}1793340611.123     12 203.0.113.7 TCP_MISS/200 345 GET http://e.example/a - HIER_DIRECT/1.2.3.4 text/html`
  ],
  ['LTSV', `${stamp}time:2026-10-30T06:10:11Z\thost:203.0.113.7\treq:GET /a HTTP/1.1\tstatus:200`]
])('a line of %s is read without its header', (_, line) => {
  expect(only(line)).toMatchObject({ path: '/a', status: 200 })
})

it.each([
  `165 <nothing> ${good}`,
  `${time} heroku[router]: State changed from starting to up`,
  `<158>1 ${time} host app web.1 - Starting process with command \`npm start\``
])('%s is refused', (line) => {
  expect(acceptText(`${line}\n${good}\n`).refusals).toMatchObject([{ reason: 'line' }])
})

it.each([
  ['<158>1 2026-10-30T06:10:11Z h a p ', '[a '],
  ['<158>1 2026-10-30T06:10:11Z h a p - ', '[a x="'],
  ['2026-10-30T06:10:11Z ', 'a.'],
  ['', '1 <']
])('a hostile header is refused in time: %s', (start, unit) => {
  const began = performance.now()
  expect(acceptText(`${start}${unit.repeat(60_000 / unit.length)}|\n`).hits.size).toBe(0)
  expect(performance.now() - began).toBeLessThan(1000)
})

describe('a time without a zone', () => {
  const line =
    '203.0.113.7:5432 [30/Oct/2026:07:10:11.123] fe be/srv1 0/0/1/12/13 200 2750 - - ---- 1/1/0/0/0 0/0 "GET /a HTTP/1.1"'
  const around = '2026-10-30T06:10:12.5Z'
  const wrapped: [string, string][] = [
    ['a header of RFC 5424', `<134>1 ${around} lb1 haproxy 12 - - ${line}`],
    ["rsyslog's ISO time", `<134>${around} lb1 haproxy[12]: ${line}`],
    ['`docker logs -t`', `${around} ${line}`],
    ['CRI', `${around} stdout F ${line}`],
    ["Docker's json-file", JSON.stringify({ log: `${line}\n`, stream: 'stdout', time: around })],
    ['Filebeat', JSON.stringify({ '@timestamp': around, message: line })],
    ['Fluent Bit', JSON.stringify({ date: 1_793_340_612.5, log: line })]
  ]

  it.each(wrapped)('is that of %s, nearer than arrival', (_, text) => {
    const hit = only(text)
    expect(hit).toMatchObject({ time: '2026-10-30T06:10:12.500Z', utc_offset: 0, flags: 'wrapper_time' })
    expect(JSON.parse(String(hit.extra))).toMatchObject({ time: '30/Oct/2026:07:10:11.123' })
  })

  it.each(wrapped)("is the line's own in the zone of the site, whatever %s says", (_, text) => {
    const hit = only(text, { utc_offset: 60 })
    expect(hit).toMatchObject({ time: '2026-10-30T06:10:11.123Z', utc_offset: 60, flags: 'site_zone' })
  })

  it('is that of the wrapper in a record, too', () => {
    const record = JSON.stringify({ path: '/a', status: 200, time: '2026-10-30 07:10:11' })
    expect(only(`${around} ${record}`)).toMatchObject({
      time: '2026-10-30T06:10:12.500Z',
      flags: 'wrapper_time'
    })
  })

  it.each([
    ['a header that names none', `Oct 30 06:10:12 lb1 haproxy[12]: ${line}`],
    ['no header', line]
  ])('is not known behind %s', (_, text) => {
    expect(only(text)).toMatchObject({ time: '2026-11-22T08:00:00.000Z', flags: 'no_zone' })
  })
})
