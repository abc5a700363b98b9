import { describe, expect, it } from 'vitest'
import { propose, recognize } from '#lib/accept/recognize.ts'
import { ownFormat } from '#lib/accept/own/own.ts'

const context = { received: Date.parse('2026-11-15T12:00:00Z'), token: null }
const hitOf = (line: string) => propose(line, context)?.hit

describe('the place where a line stops', () => {
  const stopOf = (line: string, formats: string[] = []) =>
    recognize(line, { ...context, formats: formats.map(ownFormat) })[0]?.stop

  it.each([
    ['[GIN] 2026/11/15 | 200', 0, 'the address of the client'],
    ['hello', 0, 'the address of the client'],
    ['203.0.113.7 - - 15/Nov/2026:10:11:12 "GET / HTTP/1.1" 200 5', 16, 'a time in brackets'],
    ['203.0.113.7 - - [15/Nov] "GET / HTTP/1.1" 200 5', 16, 'a time in brackets'],
    ['203.0.113.7 - - [15/Nov/2026:10:11:12 +0000] GET / 200 5', 45, 'the request in quotes'],
    ['{"status": 200, "path": /x}', 24, 'a value'],
    ["{'status': 200}", 1, 'a name in double quotes'],
    ['{"status": 200,}', 15, 'a name in double quotes'],
    ['{"status" 200}', 10, ':'],
    ['{"status": 200', 14, 'a comma or the end']
  ])('of %s is the character that does not fit', (line, at, expected) => {
    expect(stopOf(line)).toEqual({ at, expected: expect.stringContaining(expected) as string })
  })

  it('is that of the format which reads most of the line', () => {
    const format = '$remote_addr|$status|$request_uri;'
    expect(stopOf('203.0.113.7|200|/a', [format])).toMatchObject({
      at: 16,
      expected: expect.stringContaining('request_uri') as string
    })
  })

  it('is null for a hit', () => {
    const line = '203.0.113.7 - - [15/Nov/2026:10:11:12 +0000] "GET /a HTTP/1.1" 200 5'
    expect(recognize(line, context)).toMatchObject([{ index: 0, hit: { path: '/a', shape: 'common' } }])
  })
})

describe('a proposed format', () => {
  const ip = '203.0.113.7'

  it.each([
    [
      'a level in front',
      `access INFO:     ${ip}:54321 - "GET /a?b=c HTTP/1.1" 200 OK`,
      { ip, path: '/a', status: 200 }
    ],
    [
      'bars and spaces',
      `[web] 2026/11/15 - 10:11:12 | 200 |     1.234ms |   ${ip} | GET      "/a?b=c"`,
      { ip, path: '/a', status: 200, method: 'GET', duration: 1.234 }
    ],
    [
      'a time with a space',
      `${ip} - [15/Nov/2026 10:11:12] "GET /a?b=c HTTP/1.1" 200 -`,
      { ip, path: '/a', status: 200 }
    ],
    ['bars', `${ip}|15/Nov/2026:10:11:12 +0000|/a?b=c|200`, { ip, path: '/a', status: 200, utc_offset: 0 }],
    [
      'semicolons',
      `${ip};[15/Nov/2026:10:11:12 +0000];"GET /a?b=c HTTP/1.1";200;512;"-";"Mozilla/5.0"`,
      { ip, path: '/a', status: 200, bytes: 512, user_agent: 'Mozilla/5.0', referrer: null }
    ],
    ['a unit apart', `${ip} GET /a?b=c 200 12.5 ms - 33`, { ip, path: '/a', duration: 12.5, bytes: 33 }],
    ['names', `t=1768471874.123 a=${ip} "GET /a?b=c HTTP/2.0" 200 rt=0.250`, { path: '/a', duration: 250 }],
    [
      'JSON',
      `{"ts":"2026-11-15T10:11:12Z","c":{"addr":"${ip}"},"u":"/a?b=c","st":200}`,
      { ip, path: '/a', status: 200, time: Date.parse('2026-11-15T10:11:12Z') }
    ]
  ])('reads a line of %s', (_, line, hit) => {
    expect(recognize(line, context)).toMatchObject([{ text: line }])
    expect(hitOf(line)).toMatchObject({ query: 'b=c', ...hit })
  })

  const agent =
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36'
  const time = Date.parse('2026-11-15T10:11:12Z')
  const whole = { ip, path: '/a', status: 200, time, bytes: 12, referrer: null, user_agent: agent }

  it.each(['|', ';', '\t', '; ', ' ; ', ','])('reads an agent between fields separated by %j', (by) => {
    const fields = [ip, '2026-11-15T10:11:12+00:00', 'GET', '/a?b=c', '200', '12', '-', agent]
    for (const order of [
      fields,
      [agent, ...fields.slice(0, 7)],
      [...fields.slice(0, 3), agent, ...fields.slice(3, 6)]
    ])
      expect(hitOf(order.join(by))).toMatchObject({ ...whole, method: 'GET', duration: null })
  })

  it('reads other lines of the log, with agents of other lengths', () => {
    const lineOf = (agent: string) =>
      [ip, agent, '15/Nov/2026:10:11:12 +0000', 'GET /a?b=c HTTP/1.1', '200'].join('|')
    const { format } = propose(lineOf('curl/8.5.0'), context)!
    const [read] = recognize(lineOf(agent), { ...context, formats: [ownFormat(format)] })
    expect(read?.hit).toMatchObject({ ip, path: '/a', status: 200, time, user_agent: agent })
  })

  it('reads a list with spaces around its bars', () => {
    const line = `[15/Nov/2026:10:11:12 +0000] | ${ip} | GET /a?b=c HTTP/1.1 | 200 | 12 |  | ${agent} | x y`
    expect(hitOf(line)).toMatchObject({ ...whole, method: 'GET', protocol: 'HTTP/1.1' })
  })

  it('reads a referrer where another line has none', () => {
    const lineOf = (referrer: string) =>
      [ip, '2026-11-15T10:11:12Z', '/a', '200', '12', referrer, agent].join('\t')
    const { format } = propose(lineOf(''), context)!
    const [read] = recognize(lineOf('https://e.org/'), { ...context, formats: [ownFormat(format)] })
    expect(read?.hit).toMatchObject({ path: '/a', bytes: 12, referrer: 'https://e.org/', user_agent: agent })
  })

  it.each([
    ['-', '-0500'],
    ['-', '+0530'],
    ['-', '-05:00'],
    ['/', '+0530']
  ])('reads a time without brackets, with %s in its date and the zone %s', (by, zone) => {
    const lineOf = (zone: string) => `2026${by}11${by}15 10:11:12 ${zone} ${ip} GET /a?b=c 200 12`
    const { format, hit } = propose(lineOf(zone), context)!
    expect(hit).toMatchObject({ ip, path: '/a', status: 200, bytes: 12 })
    expect(hit.utc_offset).toBe((zone.startsWith('-') ? -1 : 1) * (zone.includes('3') ? 330 : 300))
    const summer = zone.includes(':') ? '+02:00' : '+0200'
    const [other] = recognize(lineOf(summer), { ...context, formats: [ownFormat(format)] })
    expect(other?.hit?.utc_offset).toBe(120)
  })

  it('is none if another line has no status by it', () => {
    const line = (status: string) => `${ip};2026-11-15T10:11:12Z;/a;${status};x`
    expect(propose(line('200'), context, [line('404')])?.hit).toMatchObject({ path: '/a', status: 200 })
    expect(propose(line('200'), context, [line('12345')])).toBeNull()
  })

  it.each([`${ip} | 2026-11-15T10:11:12Z | GET | /a | 200`, `GET | /a | 200 | 12 | ${ip}`])(
    'keeps a first field that looks like the name of a container: %s',
    (line) => {
      expect(propose(line, context)?.hit).toMatchObject({ method: 'GET', path: '/a', status: 200, ip })
    }
  )

  it('reads an agent without quotes at the end of a line', () => {
    expect(hitOf(`${ip} 2026-11-15 10:11:12 +0000 GET /a?b=c 200 12 - ${agent}`)).toMatchObject(whole)
  })

  it.each([
    [
      'uWSGI',
      `[pid: 283|app: 0|req: 1/1] ${ip} () {36 vars in 608 bytes} [Sun Nov 15 10:11:12 2026] GET /a?b=c => generated 123 bytes in 5 msecs (HTTP/1.1 200) 2 headers in 80 bytes (1 switches on core 0)`,
      { bytes: 123, duration: 5, protocol: 'HTTP/1.1', flags: 'no_zone' }
    ],
    ["PHP's server", `[Sun Nov 15 10:11:12 2026] ${ip}:54321 [200]: GET /a?b=c`, { flags: 'no_zone' }],
    [
      'Rails',
      `Started GET "/a?b=c" for ${ip} at 2026-11-15 11:11:12 +0100`,
      { status: null, utc_offset: 60 }
    ],
    [
      'chi',
      `2026/11/15 10:11:12 "GET http://e.org/a?b=c HTTP/1.1" from ${ip}:54321 - 200 12B in 250.5µs`,
      { bytes: 12, host: 'e.org', duration: 0.251 }
    ],
    [
      'Actix',
      `[2026-11-15T10:11:12Z INFO  actix_web::middleware::logger] ${ip} "GET /a?b=c HTTP/1.1" 200 12 "-" "${agent}" 0.25`,
      { bytes: 12, user_agent: agent, duration: 250, utc_offset: 0 }
    ]
  ])('reads a line of %s', (_, line, hit) => {
    const isZoneless = 'flags' in hit
    expect(hitOf(line)).toMatchObject({ ip, path: '/a', query: 'b=c', method: 'GET', status: 200, ...hit })
    if (!isZoneless) expect(hitOf(line)!.flags ?? '').not.toContain('no_time')
  })

  it.each([
    ['behind the request', `${ip} 123 GET /a 404 200 12`, 404],
    ['that servers send', `${ip} 125 GET /a 12 0 404`, 404],
    ['by its key', `${ip} GET /a size=200 status=404`, 404]
  ])('takes for the status the number %s', (_, line, status) => {
    expect(hitOf(line)).toMatchObject({ path: '/a', status })
  })

  it.each([
    ['two numbers may be the status', `${ip} 200 404 x GET /a`],
    [
      'a date names no month for sure',
      `${ip}, -, 11/12/2026, 6:10:11, W3SVC1, SRV, 172.21.13.45, 4502, 163, 3223, 200, 0, GET, /a.gif, -,`
    ],
    ['a time is written in words', `${ip} at 10:11:12 on Sunday GET /a 200`],
    ['most of its values are unknown', `${ip} GET /a 200 a1 b2 c3 d4 e5`]
  ])('is none where %s', (_, line) => {
    expect(propose(line, context)).toBeNull()
  })

  it.each(['hello world', '203.0.113.7 200 512', 'GET it', '{"level":"info","msg":"started"}', ''])(
    'is none for %s, which is no request',
    (line) => {
      expect(propose(line, context)).toBeNull()
    }
  )
})
