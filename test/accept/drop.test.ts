import { describe, expect, it } from 'vitest'
import { accept } from '#lib/accept/accept.ts'
import { dropFields, dropFromText, dropsOf, hideDropped, readDrops } from '#lib/accept/drop.ts'
import type { AcceptedHit } from '#lib/schema/hit.ts'

const agent = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'
const referrer = 'https://news.example/hidden-3?id=hidden-1'
const all = ['referrer', 'user_agent', 'query', 'x_plan', 'headers.X-Tenant']

/** The one hit of a body, as a site keeps it that drops these fields. */
function kept(body: string, fields: readonly string[]): AcceptedHit {
  const context = { received: Date.parse('2026-11-20T12:00:00Z'), token: null, is_single: true }
  const hit = accept(new TextEncoder().encode(`${body}\n`), context).hits.get(null)![0]!
  dropFields(hit, dropsOf(fields)!)
  return hit
}

const flushed = ({ flags, referrer, user_agent }: AcceptedHit) => {
  const columns = { flags: [flags], referrer: [referrer], user_agent: [user_agent] }
  hideDropped(columns)
  return [columns.referrer[0], columns.user_agent[0]]
}

describe('dropped fields', () => {
  it.each([
    ['nginx', { http_referer: referrer, http_user_agent: agent, request_uri: '/a?q=hidden-2' }],
    ['a generic record', { referer: referrer, userAgent: agent, path: '/a', query_string: 'q=hidden-2' }],
    [
      'Caddy',
      {
        request: {
          uri: '/a?q=hidden-2',
          method: 'GET',
          headers: { Referer: [referrer], 'User-Agent': [agent] }
        },
        msg: 'handled request',
        logger: 'http.log.access'
      }
    ],
    [
      'ECS',
      {
        url: { path: '/a', query: 'q=hidden-2', full: 'https://h/a?q=hidden-2' },
        http: { request: { method: 'GET', referrer } },
        user_agent: { original: agent },
        event: { original: `GET /a?q=hidden-2 "${referrer}" "${agent}"` }
      }
    ]
  ])('stand in no column and not in extra, of %s', (_, fields) => {
    const hit = kept(JSON.stringify({ status: 200, remote_addr: '203.0.113.7', ...fields }), all)
    expect(hit).toMatchObject({ path: '/a', status: 200, query: null, referrer: 'https://news.example' })
    expect(JSON.stringify({ ...hit, user_agent: null })).not.toMatch(/hidden|Firefox/)
    expect(flushed(hit)).toEqual([null, null])
  })

  it('stand in no column and not in extra, of a line', () => {
    const line = `203.0.113.7 - - [20/Nov/2026:10:00:00 +0000] "GET /a?q=hidden-2 HTTP/1.1" 200 5 "${referrer}" "${agent}" "${agent} ${referrer}"`
    const hit = kept(line, all)
    expect(hit).toMatchObject({ path: '/a', query: null })
    expect(JSON.stringify({ ...hit, user_agent: null })).not.toMatch(/hidden|Firefox/)
  })

  it('are keys of extra by their names, at any depth, twice and inside JSON in a text', () => {
    const record = {
      path: '/a',
      status: 200,
      user_agent: agent,
      X_Plan: 'hidden',
      x_plan: 'hidden',
      headers: { 'X-Tenant': 'hidden', other: { x_plan: 'hidden', note: 'kept' } },
      tenant: { 'X-Tenant': 'kept' },
      context: '{"x_plan":"hidden","note":"kept"}'
    }
    const { extra } = kept(JSON.stringify(record), all)
    expect(JSON.parse(extra!)).toEqual({
      headers: { other: { note: 'kept' } },
      tenant: { 'X-Tenant': 'kept' },
      context: '{"note":"kept"}'
    })
  })

  it('leave no query behind in referrers', () => {
    expect(kept(`{"path":"/","status":200,"referrer":"${referrer}"}`, ['query']).referrer).toBe(
      'https://news.example/hidden-3'
    )
  })

  it('touch nothing else', () => {
    const body = JSON.stringify({
      time: 1795168800,
      path: '/a?b=1',
      status: 200,
      user_agent: agent,
      referrer,
      plan: 'x_plan?'
    })
    expect(kept(body, ['x_plan'])).toMatchObject({
      query: 'b=1',
      referrer,
      user_agent: agent,
      extra: '{"plan":"x_plan?"}',
      flags: null
    })
  })
})

describe('a refused text', () => {
  it.each([
    ['{"a":1,"http_referer":"https://hidden/","b":[2]}', '{"a":1,"b":[2]}'],
    ['{"log":"{\\"x_plan\\":\\"hidden\\",\\"a\\":1}"}', '{"log":"{\\"a\\":1}"}'],
    ['{"http_user_agent":"hid\\"den","status":oops', '{"http_user_agent":"REDACTED","status":oops'],
    ['{"x_plan":["hidden","hidden"],"status":oops', '{"x_plan":"REDACTED","status":oops'],
    ['{"x_plan":17,"status":oops', '{"x_plan":"REDACTED","status":oops'],
    ['{"log":"{\\"x_plan\\":\\"hid\\\\\\"den\\",\\"a\\":1', '{"log":"{\\"x_plan\\":\\"REDACTED\\",\\"a\\":1'],
    ['{"http_referer":"cut off hidd', '{"http_referer":"REDACTED"'],
    ['a=1 referer="hidden hidden" b=2', 'a=1 referer=REDACTED b=2'],
    ['a=1 x_plan=hidden b=2', 'a=1 x_plan=REDACTED b=2'],
    ['a:1\tua:hidden (hidden; hidden)\tb:2', 'a:1\tua:REDACTED\tb:2'],
    [
      'failed, request: "GET /a?hidden HTTP/1.1", referrer: "https://hidden/"',
      'failed, request: "GET /a HTTP/1.1", referrer: REDACTED'
    ],
    ['User-Agent: hidden (hidden), x: 1', 'User-Agent: REDACTED, x: 1'],
    ['no line of /any?hidden log', 'no line of /any log'],
    ['{ "a" : 1 }', '{ "a" : 1 }']
  ])('%j has no value of a dropped field', (text, want) => {
    expect(dropFromText(text, dropsOf(all)!)).toBe(want)
  })

  it('may nest deeper than the stack, and be long', () => {
    const drops = dropsOf(all)!
    for (const text of [
      '['.repeat(1e5) + ']'.repeat(1e5),
      '"a":'.repeat(1e5),
      'a: '.repeat(1e5),
      'a?'.repeat(1e5)
    ])
      expect(dropFromText(text, drops).length).toBeGreaterThan(0)
  })
})

describe('the list of dropped fields', () => {
  it('names columns in one way, whatever records call them', () => {
    expect(
      readDrops(['http_referer', 'User-Agent', ' args ', 'referrer', 'x-Plan', 'http_x_forwarded_for'])
    ).toEqual(['referrer', 'user_agent', 'query', 'x-Plan', 'http_x_forwarded_for'])
  })

  it.each([
    [['status'], '"status" has a column'],
    [['request_uri'], 'of columns only referrer, user_agent, query can'],
    [['request_id'], 'has a column'],
    [['remote_addr'], 'choose how addresses are kept'],
    [['remote_user'], 'names a user'],
    [[' '], 'is no field'],
    [['a\u0000b'], 'is no field'],
    [['a'.repeat(65)], 'is no field'],
    [Array.from({ length: 65 }, (_, i) => `f${i}`), 'the most is 64']
  ])('refuses %j and says why', (list, why) => expect(readDrops(list)).toContain(why))
})
