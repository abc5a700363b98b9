import { describe, expect, it } from 'vitest'
import { ownFormat, FormatError } from '#lib/accept/own/own.ts'
import { acceptText, hitsOf, show } from './show.ts'

/** A description, a line, and what of the hit is looked at. */
const cases: [string, string, string, Record<string, unknown>][] = [
  [
    'nginx with the directive',
    `log_format main '$remote_addr - $remote_user [$time_local] '
       '"$request" $status $body_bytes_sent "$http_referer" '
       '"$http_user_agent" rt=$request_time us=$upstream_status ua=$upstream_addr;';`,
    String.raw`203.0.113.7 - - [15/Jan/2026:10:11:12 +0000] "GET /a\x22b?c=d HTTP/1.1" 200 5 "-" "x \"y\" z" rt=0.250 us=502, 200 ua=10.0.0.1:80, 10.0.0.2:80;`,
    {
      ip: '203.0.113.7',
      path: '/a"b',
      query: 'c=d',
      status: 200,
      duration: 250,
      upstream_status: 200,
      user_agent: 'x "y" z',
      time: '2026-01-15T10:11:12.000Z'
    }
  ],
  [
    'nginx, bars between fields',
    '$msec|$host|${remote_addr}|$request_method|$request_uri|$status|$request_time|$http_user_agent',
    '1768471874.123|example.com|2001:db8::7|POST|/x?y=1|301|1.5|curl/8 (a|b)',
    {
      time: '2026-01-15T10:11:14.123Z',
      host: 'example.com',
      ip: '2001:db8::7',
      method: 'POST',
      path: '/x',
      status: 301,
      duration: 1500,
      user_agent: 'curl/8 (a|b)'
    }
  ],
  [
    'nginx, the request without quotes',
    '$time_local $request $status $remote_addr',
    '15/Jan/2026:10:11:12 +0330 GET /a HTTP/2.0 200 203.0.113.7',
    { time: '2026-01-15T06:41:12.000Z', path: '/a', protocol: 'HTTP/2.0', status: 200, ip: '203.0.113.7' }
  ],
  [
    'nginx, a target in parts behind the host',
    '$remote_addr [$time_local] $scheme://$host$uri$is_args$args $status',
    '203.0.113.7 [15/Jan/2026:10:11:12 +0000] https://example.com/a/b?c=d 200',
    { host: 'example.com', path: '/a/b', query: 'c=d', scheme: 'https', status: 200 }
  ],
  [
    'Apache with the directive',
    String.raw`LogFormat "%v:%p %h %l %u %t \"%r\" %>s %O \"%{Referer}i\" \"%{User-Agent}i\" %D" timed`,
    '203.0.113.1:443 203.0.113.7 - bob [15/Jan/2026:10:11:12 +0000] "GET /a HTTP/1.1" 200 512 "https://r.example/" "curl/8" 1500',
    {
      ip: '203.0.113.7',
      host: '203.0.113.1',
      remote_user: 'bob',
      bytes: 512,
      duration: 1.5,
      referrer: 'https://r.example/',
      user_agent: 'curl/8'
    }
  ],
  [
    'Apache with a time of its own',
    '%{%Y-%m-%d %H:%M:%S}t.%{msec_frac}t %{%z}t %a %{X-Forwarded-For}i "%m %U%q" %s %{ms}T',
    '2026-01-15 10:11:12.345 +0100 10.0.0.1 203.0.113.9 "GET /p?q=1" 204 12',
    { time: '2026-01-15T09:11:12.345Z', ip: '203.0.113.9', method: 'GET', status: 204, duration: 12 }
  ],
  [
    'GoAccess, combined',
    String.raw`log-format %h %^[%d:%t %^] "%r" %s %b "%R" "%u"`,
    '203.0.113.7 - - [15/Jan/2026:10:11:12 +0200] "GET /a HTTP/1.1" 404 5 "-" "curl/8"',
    { time: '2026-01-15T08:11:12.000Z', ip: '203.0.113.7', status: 404, bytes: 5, user_agent: 'curl/8' }
  ],
  [
    'GoAccess, dates apart',
    '%d\\t%t\\t%^\\t%b\\t%h\\t%m\\t%v\\t%U\\t%s\\t%R\\t%u\\t%D',
    '2026-01-15\t10:11:30\tFRA2\t182\t192.0.2.10\tGET\texample.com\t/a\t200\t-\tcurl/8\t2000',
    { path: '/a', host: 'example.com', duration: 2, ip: '192.0.2.10', status: 200 }
  ],
  [
    'a regular expression',
    String.raw`^(?<remote_addr>\S+) took (?P<request_time>[\d.]+)s for (?<request>.*) -> (?<status>\d+)$`,
    '203.0.113.7 took 0.5s for GET /slow HTTP/1.1 -> 500',
    { ip: '203.0.113.7', duration: 500, path: '/slow', status: 500 }
  ],
  [
    'JSON, a column and its key',
    '{"ip": "klient", "path": "pfad", "status": "code", "duration_us": "dauer"}',
    '{"klient":"203.0.113.7","pfad":"/x?a=b","code":200,"dauer":1500,"zone":"eu"}',
    { ip: '203.0.113.7', path: '/x', query: 'a=b', status: 200, duration: 1.5, extra: '{"zone":"eu"}' }
  ],
  [
    'JSON, keys inside others and with dots',
    '{"ip": "peer.addr", "request": "req.line", "status": "res.code", "time": "at.iso", "upstream_duration": "up"}',
    '{"peer":{"addr":"2001:db8::7","port":1},"req":{"line":"GET /n HTTP/2.0"},"res.code":"404","at":{"iso":"2026-01-15T10:11:12Z"},"up":12}',
    {
      ip: '2001:db8::7',
      method: 'GET',
      path: '/n',
      status: 404,
      time: '2026-01-15T10:11:12.000Z',
      upstream_duration: 12,
      extra: '{"peer":{"port":1}}'
    }
  ],
  [
    'JSON, a key that would mean the same',
    '{"path": "route", "ip": "who"}',
    '{"path":"/etc/app.conf","route":"/r","who":"203.0.113.7","ip":"10.0.0.1","status":200}',
    { path: '/r', ip: '203.0.113.7', status: 200, extra: '{"path_x":"/etc/app.conf","ip_x":"10.0.0.1"}' }
  ],
  [
    'nginx, JSON with names of its own',
    `log_format json escape=json '{"klient":"$remote_addr",'
       '"pfad":"$uri$is_args$args","code":$status,"wo":{"host":"$host:$server_port","rechner":"$hostname"},'
       '"dauer":$request_time}';`,
    '{"klient":"203.0.113.7","pfad":"/p?q=1","code":301,"wo":{"host":"a.example:80","rechner":"web1"},"dauer":0.25}',
    {
      ip: '203.0.113.7',
      path: '/p',
      query: 'q=1',
      status: 301,
      duration: 250,
      server: 'web1',
      extra: '{"wo":{"host":"a.example:80"}}'
    }
  ],
  [
    'Apache, JSON with names of its own',
    String.raw`LogFormat "{ \"wann\":\"%{%Y-%m-%dT%H:%M:%S%z}t\", \"wer\":\"%a\", \"was\":\"%r\", \"wie\":%>s, \"us\":%D }" j`,
    '{ "wann":"2026-01-15T10:11:12+0100", "wer":"203.0.113.7", "was":"GET /q HTTP/1.1", "wie":200, "us":2000 }',
    { time: '2026-01-15T09:11:12.000Z', ip: '203.0.113.7', path: '/q', status: 200, duration: 2 }
  ],
  [
    "W3C's #Fields of IIS",
    '#Software: Microsoft Internet Information Services 10.0\n#Fields: date time cs-method cs-uri-stem cs-uri-query c-ip cs(User-Agent) sc-status time-taken',
    '2026-01-15 10:11:12 GET /a b=c 203.0.113.7 Mozilla/5.0+(X11) 404 31',
    {
      time: '2026-01-15T10:11:12.000Z',
      path: '/a',
      query: 'b=c',
      ip: '203.0.113.7',
      user_agent: 'Mozilla/5.0 (X11)',
      status: 404,
      duration: 31
    }
  ],
  [
    "W3C's #Fields of CloudFront",
    '#Fields: date time c-ip cs-method cs(Host) cs-uri-stem sc-status time-taken x-edge-location',
    '2026-01-15\t10:11:12\t2001:db8::7\tGET\td1.cloudfront.net\t/v.html\t200\t0.002\tFRA2',
    { host: 'd1.cloudfront.net', path: '/v.html', ip: '2001:db8::7', status: 200, duration: 2 }
  ]
]

it.each(cases)('%s', (_, format, line, want) => {
  const hits = hitsOf(acceptText(`${line}\n`, { formats: [ownFormat(format)], utc_offset: 0 }))
  expect(hits).toHaveLength(1)
  expect(show(hits[0]!)).toMatchObject({ ...want, shape: 'own' })
})

describe('a description that cannot be used', () => {
  it.each([
    ['nothing to read', 'The format has no'],
    ['$remote_addr$status', 'Nothing stands between remote_addr and status'],
    ['log_format json escape=json \'{"a":"$status"\';', 'not a JSON object'],
    ['{"a":"$scheme://$host"}', 'names no field'],
    ['{}', 'names no column'],
    ['{"pfad": "path"}', 'There is no column pfad'],
    ['{"constructor": "path"}', 'There is no column constructor'],
    ['{"path": 1}', 'wants the name of a key'],
    ['{"path": "a", "path": "b"}', 'names a column twice'],
    ['{"path": "a", "request_uri": "b"}', 'path and request_uri are the same column'],
    ['#Software: x', 'no #Fields'],
    ['#Fields: date time c-ip', 'has no column with the path'],
    ['%h %Q', 'no directive %Q'],
    ['%h %^ %y', 'GoAccess has no specifier %y'],
    ['^(?<a>.*)(?=b)', 'cannot be read'],
    ['^(.*)$', 'no group with a name']
  ])('%s is refused with the reason', (text, reason) => {
    expect(() => ownFormat(text)).toThrow(FormatError)
    expect(() => ownFormat(text)).toThrow(reason)
  })
})

const piped = '203.0.113.7 | - | 2026-01-15T10:11:12+00:00 | 200 | GET /a HTTP/1.1'
it.each([
  ['an address', '$remote_addr | $remote_user | $time_iso8601 | $status | $request', piped],
  [
    'an address, behind a container',
    '$remote_addr | $remote_user | $time_iso8601 | $status | $request',
    `web-1  | ${piped}`
  ],
  ['a host', '$host | $remote_addr | $remote_user | $time_iso8601 | $status | $request', `e.org | ${piped}`]
])('reads %s that looks like the name of a container', (_, format, line) => {
  const hits = hitsOf(acceptText(`${line}\n`, { formats: [ownFormat(format)] }))
  expect(hits.map(show)).toMatchObject([
    { ip: '203.0.113.7', path: '/a', status: 200, time: '2026-01-15T10:11:12.000Z' }
  ])
  expect(hits[0]!.host).toBe(line.startsWith('e.org') ? 'e.org' : null)
})

it('reads a line that it does not describe as any other', () => {
  const line =
    '{"path":"/good","status":200,"remote_addr":"203.0.113.7","date":"2026-01-15T10:11:12Z"}\nno line\n'
  const accepted = acceptText(line, { formats: [ownFormat('$status $remote_addr $request')] })
  expect(hitsOf(accepted)).toHaveLength(1)
  expect(accepted.refusals).toMatchObject([{ reason: 'line' }])
})

it('takes a hostile line in the time of its length', () => {
  const format = ownFormat('^(?<remote_addr>(a+)+)(?<status>b)$')
  const began = performance.now()
  expect(format.line!('a'.repeat(60_000))).toBeNull()
  expect(performance.now() - began).toBeLessThan(10_000)
})

it('leaves the records of other servers as they are', () => {
  const own = ownFormat('{"path": "pfad", "status": "code"}')
  const [hit] = hitsOf(acceptText('{"remote":"203.0.113.7","path":"/f","code":"200"}\n', { formats: [own] }))
  expect(hit).toMatchObject({ shape: 'fluent-bit', path: '/f', status: 200 })
})

describe('described columns', () => {
  const formats = [
    ownFormat('#Fields: date time c-ip cs-uri-stem sc-status'),
    ownFormat('#Fields: time c-ip cs-uri-stem sc-status cs-method')
  ]
  const pathsOf = (body: string) =>
    hitsOf(acceptText(body, { formats })).map(({ path, method }) => [path, method])

  it('are those that the values look like', () => {
    const lines = '2026-01-15 10:11:12 203.0.113.7 /a 200\n10:11:12 203.0.113.7 /b 200 PUT\n'
    expect(pathsOf(lines)).toEqual([
      ['/a', null],
      ['/b', 'PUT']
    ])
  })

  it('give way to the #Fields of a batch', () => {
    const body = '#Fields: date time c-ip sc-status cs-uri-stem\n2026-01-15 10:11:12 203.0.113.7 200 /c\n'
    expect(pathsOf(body)).toEqual([['/c', null]])
  })

  it('take no line of another log', () => {
    const line = '203.0.113.7 - - [15/Jan/2026:10:11:12 +0000] "GET /d HTTP/1.1" 200 5\n'
    expect(pathsOf(`${line}no line of this log\n`)).toEqual([['/d', 'GET']])
  })
})

it('says which site a record or a line is of', () => {
  const formats = [
    ownFormat('{"service": "app", "path": "pfad", "status": "code"}'),
    ownFormat('^site=(?<service>\\S+) (?<remote_addr>\\S+) (?<request_uri>\\S+) (?<status>\\d+)$')
  ]
  const body = '{"app":"shop","pfad":"/","code":200}\nsite=blog 203.0.113.7 /a 200\n'
  expect([...acceptText(body, { formats }).hits.keys()]).toEqual(['shop', 'blog'])
})
