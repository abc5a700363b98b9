import { afterAll, expect, test } from 'vitest'
import { fillStar } from '../../bench/verdicts/star.ts'
import { toObjects } from '../../src/lib/engine/connection.ts'
import { compile } from '../../src/lib/ask/selected.ts'
import {
  allowedSql,
  crawlersOf,
  readRobots,
  robotsSql,
  type Obedience
} from '../../src/lib/panels/bots/robots.ts'
import { openNative } from '../engine/native.ts'

const engine = await openNative()
afterAll(() => engine.close())

async function isAllowed(text: string, bot: string, target: string): Promise<boolean> {
  const sql = allowedSql(readRobots(text), 'bot', 'target')
  const { rows } = await engine.run(`SELECT ${sql} FROM (SELECT ? AS bot, ? AS target)`, [bot, target])
  return rows[0]![0] as boolean
}

/** RFC 9309, 5.1. */
const simple = `User-Agent: *
Disallow: *.gif$
Disallow: /example/
Allow: /publications/

User-Agent: foobot
Disallow:/
Allow:/example/page.html
Allow:/example/allowed.gif

User-Agent: barbot
User-Agent: bazbot
Disallow: /example/page.html

User-Agent: quxbot
`

test.each([
  ['otherbot', '/', true],
  ['otherbot', '/a/b.gif', false],
  ['otherbot', '/a/b.gif?x', true],
  ['otherbot', '/example/page.html', false],
  ['otherbot', '/publications/a', true],
  ['foobot', '/', false],
  ['FooBot', '/publications/', false],
  ['foobot', '/example/page.html', true],
  ['foobot', '/example/allowed.gif', true],
  ['barbot', '/example/page.html', false],
  ['bazbot', '/example/page.html', false],
  ['barbot', '/example/other.gif', true],
  ['quxbot', '/example/a.gif', true]
])('the simple example of RFC 9309: %s, %s, %s', async (bot, target, allowed) => {
  expect(await isAllowed(simple, bot, target)).toBe(allowed)
})

/** RFC 9309, 5.2. */
const longest = `User-Agent: foobot
Allow: /example/page/
Disallow: /example/page/disallowed.gif
`

test('the longest match of RFC 9309 holds', async () => {
  expect(await isAllowed(longest, 'foobot', '/example/page/disallowed.gif')).toBe(false)
  expect(await isAllowed(longest, 'foobot', '/example/page/other.gif')).toBe(true)
})

test('groups of one crawler are one group', async () => {
  const text = `user-agent: ExampleBot
disallow: /foo
disallow: /bar

user-agent: ExampleBot
disallow: /baz
`
  for (const target of ['/foo', '/bar', '/baz/a'])
    expect(await isAllowed(text, 'examplebot', target)).toBe(false)
})

test.each([
  ['allow: /a\ndisallow: /a', '/a', true],
  ['disallow: /a\nallow: /a', '/a', true],
  ['disallow:', '/a', true],
  ['disallow: /a#b', '/a', false],
  ['Disallow : /a  # why', '/ab', false],
  ['DISALLOW: /a', '/A', true],
  ['disallow: /*/b$', '/a/b', false],
  ['disallow: /*/b$', '/a/bc', true],
  ['disallow: /a**b', '/a/x/b', false],
  ['disallow: /a?', '/a?b=1', false],
  ['disallow: /a?', '/a', true],
  ['disallow: /a.b', '/axb', true],
  ["disallow: /it's/", "/it's/here", false],
  ['disallow: /caf%C3%A9', '/café/', false],
  ['disallow: /%2A', '/anything', true],
  ['disallow: /%2A', '/*', false],
  ['disallow: /a\nsitemap: /b\ndisallow: /c', '/c', false],
  ['nonsense\n: /\ndisallow', '/', true]
])('%j and %s: allowed is %s', async (rules, target, allowed) => {
  for (const end of ['\n', '\r\n', '\r'])
    expect(await isAllowed(`\uFEFFuser-agent: *\n${rules}`.replaceAll('\n', end), 'bot', target)).toBe(
      allowed
    )
})

test('rules before the first agent are for nobody, and no robots.txt forbids nothing', async () => {
  expect(await isAllowed('disallow: /', 'foobot', '/')).toBe(true)
  expect(await isAllowed('', 'foobot', '/')).toBe(true)
})

test('a crawler goes by its own group, else by that of its family', async () => {
  const text = 'user-agent: googlebot/2.1\ndisallow: /a\n\nuser-agent: googlebot-news\ndisallow: /b\n'
  expect(await isAllowed(text, 'Googlebot-Image', '/a')).toBe(false)
  expect(await isAllowed(text, 'Googlebot-News', '/a')).toBe(true)
  expect(await isAllowed(text, 'Googlebot-News', '/b')).toBe(false)
  expect(await isAllowed(text, 'Googlebotic', '/a')).toBe(true)
})

test('crawlers that read what is forbidden come first, with what they read', async () => {
  const at = (bot: string, second: number, path: string, status: number) =>
    `192.0.2.1 - - [20/Nov/2026:12:00:${second} +0000] "GET ${path} HTTP/1.1" ${status} 10 "-" "Mozilla/5.0 (compatible; ${bot}/1.0)"`
  const star = await fillStar({
    name: 'robots',
    lines: [
      at('GPTBot', 10, '/robots.txt', 200),
      at('GPTBot', 11, '/private/a', 200),
      at('GPTBot', 12, '/private/a', 200),
      at('GPTBot', 13, '/private/b?c=1', 304),
      at('GPTBot', 14, '/private/c', 403),
      at('AhrefsBot', 15, '/', 403),
      at('AhrefsBot', 16, '/robots.txt', 403),
      at('UptimeRobot', 17, '/private/a', 200)
    ],
    labelOf: () => null
  })
  const day = Date.UTC(2026, 10, 20)
  const { script, variables } = compile(
    { from: day, to: day + 86_400_000, traffic: 'all', clauses: [] },
    { zone: 'UTC', interval: '1 hour' }
  )
  for (const [name, value] of Object.entries(variables))
    if (value instanceof Date) await star.run(`SET VARIABLE ${name} = epoch_ms(${value.getTime()})`)
  await star.run(script)
  const rows = toObjects<Obedience>(await star.run(robotsSql('user-agent: *\ndisallow: /private/')))
  await star.close()
  expect(crawlersOf(rows)).toEqual([
    {
      bot: 'GPTBot',
      operator: 'OpenAI',
      requests: 5,
      read: day + 43_210_000,
      refused: 0,
      refused_example: null,
      forbidden: 3,
      forbidden_example: '/private/a'
    },
    {
      bot: 'AhrefsBot',
      operator: 'Ahrefs',
      requests: 2,
      read: day + 43_216_000,
      refused: 2,
      refused_example: expect.any(String) as string,
      forbidden: 0,
      forbidden_example: null
    }
  ])
})
