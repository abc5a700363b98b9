import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { expect, it, test } from 'vitest'
import { logLine, rebuilt } from '#lib/panels/explore/rebuilt.ts'
import type { AcceptedHit } from '#lib/schema/hit.ts'
import { acceptText, hitsOf } from '../accept/show.ts'
import { needs, shared } from '../needs.ts'

const logs = `${shared}data/logs/`
const names = [
  'wtf-nginx-meatlabel.app.log.gz',
  'wtf-nginx-saunathinker.com.log.gz',
  'elastic-apache_logs.log.gz',
  'basjes-hackers-access.log.gz'
]
const weird = 'nginx-weird-combined.log'

function read(name: string): Uint8Array {
  const body = readFileSync(logs + name)
  return name.endsWith('.gz') ? gunzipSync(body) : body
}

/** Whether a line can be spelled in several ways, or says what hits do not keep: a host, a secret, an empty query. */
const isAltered = (line: string, again: string) =>
  /[%\\]|"[A-Z]+ [a-z]+:|\? HTTP|[^"]$/.test(line) || again.includes('REDACTED')

const told = ({
  time,
  ip,
  method,
  path,
  query,
  protocol,
  status,
  bytes,
  referrer,
  user_agent
}: AcceptedHit) =>
  JSON.stringify([time, ip, method, path, query, protocol, status, bytes, referrer, user_agent])

needs('shared')('a line rebuilt from its fields', () => {
  it.each(names)('is the line of %s, unless the hit was altered', (name) => {
    const body = read(name)
    const lines = new TextDecoder('latin1').decode(body).trimEnd().split('\n')
    const hits = hitsOf(acceptText(body))
    expect(hits).toHaveLength(lines.length)
    const same = hits.filter((hit, i) => rebuilt(hit) === lines[i])
    const other = hits.flatMap((hit, i) => {
      const again = rebuilt(hit)
      return again === lines[i] || isAltered(lines[i]!, again) ? [] : [[lines[i], again]]
    })
    expect(other).toEqual([])
    expect(same.length / hits.length).toBeGreaterThan(0.7)
  })

  it.each([...names, weird])('of %s is read as the same hit again', (name) => {
    const hits = hitsOf(acceptText(read(name)))
    const again = hitsOf(acceptText(hits.map(rebuilt).join('\n')))
    // `%252e` is kept as `%2e`, which cannot be told from what a client has sent.
    const isTwice = (hit: AcceptedHit) => /%2e/.test(hit.path ?? '')
    const other = hits.flatMap((hit, i) =>
      isTwice(hit) || told(again[i]!) === told(hit) ? [] : [[told(hit), told(again[i]!), rebuilt(hit)]]
    )
    expect(other).toEqual([])
  })
})

test('what could end a field or a line is escaped, and an error line is its message', () => {
  const hit = hitsOf(acceptText('{"path":"/","status":200,"date":"2026-01-15T10:11:12Z"}'))[0]!
  const odd = { ...hit, method: 'GET', path: '/a b"é\t', query: 'x=☃', referrer: 'a"\\b', user_agent: 'ö\t' }
  expect(rebuilt({ ...odd, ip: '192.0.2.1', protocol: 'HTTP/1.1', utc_offset: -210 })).toBe(
    String.raw`192.0.2.1 - - [15/Jan/2026:06:41:12 -0330] "GET /a%20b%22%C3%A9\x09?x=%E2%98%83 HTTP/1.1" 200 - "a\x22\x5Cb" "\xC3\xB6\x09"`
  )
  expect(rebuilt({ ...hit, kind: 'error', message: 'connect() failed' })).toBe('connect() failed')
})

test('an exported error line is read as the same error again', () => {
  const lines = [
    String.raw`2026/01/15 10:11:12 [crit] 31#31: *7 open() "/srv/a\x5Cb" failed (2: No such file), client: 192.0.2.1, server: a.example, request: "GET /a%20b?x=1 HTTP/1.1", upstream: "http://u/", host: "b.example", referrer: "https://c.example/x"`,
    '2026/01/15 10:11:13 [emerg] 31#31: first\\x0Asecond é',
    '[Fri Oct 30 06:10:11 2026] [warn] [client 2001:db8::1] File does not exist'
  ]
  const read = (text: string) => hitsOf(acceptText(text))
  const told = ({ kind, time, ip, method, path, query, host, referrer, message, extra }: AcceptedHit) => [
    ...[kind, time, ip, method, path, query, host, referrer, message],
    JSON.parse(extra!).level as unknown
  ]
  const hits = read(lines.join('\n'))
  expect(hits.map(({ kind }) => kind)).toEqual(['error', 'error', 'error'])
  const again = hits.map(logLine)
  expect(again.join().includes('\n')).toBe(false)
  expect(read(again.join('\n')).map(told)).toEqual(hits.map(told))
})
