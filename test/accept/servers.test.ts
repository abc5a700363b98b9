import { readZone } from '#lib/accept/zone.ts'
import { describe, expect, it } from 'vitest'
import { acceptText, good, only } from './show.ts'

const ip = '203.0.113.7'

describe('a local time', () => {
  it.each([
    ['Gin', `[GIN] 2026/07/15 - 10:11:12 | 200 | 1ms | ${ip} | GET "/a"`],
    ['Werkzeug', `${ip} - - [15/Jul/2026 10:11:12] "GET /a HTTP/1.1" 200 -`],
    ['Uvicorn', `2026-07-15 10:11:12,000 - INFO - ${ip}:54321 - "GET /a HTTP/1.1" 200`]
  ])('of %s is in the zone of the site', (_, line) => {
    const hit = only(line, { utc_offset: readZone('Europe/Berlin')!.zone })
    expect(hit).toMatchObject({ ip, path: '/a', time: '2026-07-15T08:11:12.000Z', flags: 'site_zone' })
  })
})

it('a line of Uvicorn has the time of its header', () => {
  const line = `INFO:     ${ip}:54321 - "GET /a HTTP/1.1" 200 OK`
  const hit = only(`2026-01-15T10:11:12.5Z stdout F ${line}`)
  expect(hit).toMatchObject({ ip, path: '/a', time: '2026-01-15T10:11:12.500Z' })
  expect(hit).not.toHaveProperty('flags')
})

it('a line of Envoy has the time of `docker logs -t` in front', () => {
  const line = `[2026-01-15T10:11:12.123Z] "GET /a HTTP/1.1" 200 - 0 5 1 1 "-" "curl/8" "id" "example.org" "10.0.0.1:80"`
  expect(only(`2026-01-15T10:11:12.5Z ${line}`)).toMatchObject({ path: '/a', shape: 'envoy' })
})

it.each([
  `INFO:     ${ip}:54321 - "WebSocket /ws" [accepted]`,
  'INFO:     Application startup complete.',
  `${ip} - "GET /a HTTP/1.1" 200 OK`,
  '[GIN-debug] GET    /ping    --> main.main.func1 (3 handlers)',
  `${ip} - - [15/Jul/2026 10:11:12] code 400, message Bad request version`,
  '- - [now] "GET /a HTTP/1.1" 200 5'
])('%s is refused', (line) => {
  expect(acceptText(`${line}\n${good}\n`).refusals).toMatchObject([{ reason: 'line', raw: line }])
})

it.each([
  ['Gin', '[GIN] 2026/01/15 - 10:11:12 | 200 | ', '1'],
  ['Gin', '[GIN] 2026/01/15 - 10:11:12 | 200 | 1s | a | GET "', '\\"'],
  ['Uvicorn', 'INFO:     ', '1:'],
  ['Uvicorn', `INFO:     ${ip}:1 - "GET `, ' HTTP/1.1" 200 '],
  ['Werkzeug', `${ip} - - [15/Jul/2026 10:11:12] "`, '" 200 -'],
  ['Morgan', 'GET /', 'a '],
  ['IIS', `${ip}, -, 1/1/26, 1:00:00, a, b, c, 1, 1, 1, 200, 0, GET, `, 'a ,'],
  ['Ruby', 'I, [2026-11-15T10:11:12.123456 #1234]  INFO -- : ', '[a] ']
])('a hostile line of %s is refused in time: %s', (_, start, unit) => {
  const began = performance.now()
  expect(acceptText(`${start}${unit.repeat(60_000 / unit.length)}|\n`).hits.size).toBe(0)
  expect(performance.now() - began).toBeLessThan(1000)
})
