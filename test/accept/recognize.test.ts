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

  it.each(['hello world', '203.0.113.7 200 512', 'GET it', '{"level":"info","msg":"started"}', ''])(
    'is none for %s, which is no request',
    (line) => {
      expect(propose(line, context)).toBeNull()
    }
  )
})
