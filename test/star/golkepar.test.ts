import { afterAll, expect, test } from 'vitest'
import { fillStar } from '../../bench/verdicts/star.ts'
import { toObjects, type Connection } from '../../src/lib/engine/connection.ts'

interface Visit {
  path: string
  ip: string
  agent: string
  referer_domain: string | null
}

/** An address, an agent, a status, a path and a referrer. */
type Request = [ip: string, agent: string, status: number, path: string, referrer?: string | null]

const open: Connection[] = []
afterAll(() => Promise.all(open.map((connection) => connection.close())))

async function fill(requests: readonly Request[], day = 20): Promise<Connection> {
  const lines = requests.map(
    ([ip, agent, status, path, referrer], i) =>
      `${ip} - - [${day}/Nov/2026:12:00:${String(i % 60).padStart(2, '0')} +0100] "GET ${path} HTTP/1.1" ${status} 100 "${referrer ?? '-'}" "${agent}"`
  )
  const connection = await fillStar({ name: 'golkepar', lines, labelOf: () => null })
  open.push(connection)
  return connection
}

const visits = async (connection: Connection) =>
  toObjects<Visit>(
    await connection.run('SELECT ip, path, agent, referer_domain FROM golkepar_visits ORDER BY ip, datetime')
  )

/** The addresses that have a flag on a visit. */
const flagged = async (connection: Connection, column: string, value: string) =>
  (
    await connection.run(`SELECT DISTINCT ip FROM golkepar_visits WHERE ${column} = ? ORDER BY ip`, [value])
  ).rows.flat()

const flags = async (connection: Connection) => ({
  admin: await flagged(connection, 'ip_admin_status', 'ip_went_into_admin_area'),
  refused: await flagged(connection, 'ip_reputation_status', 'ip_bad_status'),
  bot: await flagged(connection, 'is_bot_status', 'bot_agent'),
  browser: await flagged(connection, 'ip_browser_status', 'real_browser')
})

const chrome = 'Mozilla/5.0 Chrome/120'
const golden: Request[] = [
  ['1.1.1.1', chrome, 200, '/', 'https://www.google.com/'],
  ['1.1.1.1', chrome, 200, '/style.css', 'https://example.com/'],
  ['1.1.1.1', chrome, 200, '/blog/post-1', 'https://example.com/'],
  ['2.2.2.2', 'Mozilla/5.0 (compatible; AhrefsBot/6.1)', 200, '/blog/post-1'],
  ['3.3.3.3', '-', 403, '/wp-login.php'],
  ['3.3.3.3', '-', 404, '/wp-admin/setup'],
  ['4.4.4.4', 'curl/8.0', 200, '/api'],
  ['5.5.5.5', 'Mozilla/5.0 Firefox/120', 200, '/admin/users', 'https://t3n.de/x'],
  ['5.5.5.5', 'Mozilla/5.0 Firefox/120', 304, '/style.css'],
  ['6.6.6.6', 'Mozilla/5.0 Safari', 200, '/index.php']
]

test('the visits of the golden run are those of Golkepar, and the page that ends in .php', async () => {
  const golkepar = [
    ['1.1.1.1', '/', '', 'google.com'],
    ['1.1.1.1', '/blog/post-1', '', 'example.com'],
    ['2.2.2.2', '/blog/post-1', 'ahrefsbot', null],
    ['4.4.4.4', '/api', '', null],
    ['5.5.5.5', '/admin/users', '', '']
  ]
  // Golkepar is wrong: curl is a bot, t3n.de has a digit, and index.php is a page. No Safari sends only that word.
  const right = [
    ...golkepar.slice(0, 3),
    ['4.4.4.4', '/api', 'curl', null],
    ['5.5.5.5', '/admin/users', '', 't3n.de'],
    ['6.6.6.6', '/index.php', 'unnamed', null]
  ]
  const rows = await visits(await fill(golden))
  expect(rows.map(({ ip, path, agent, referer_domain }) => [ip, path, agent, referer_domain])).toEqual(right)
})

test('the flags of the golden run are those of Golkepar but where it is wrong', async () => {
  // An address whose only requests are of WordPress has no visit: a page beside them shows its flags.
  const connection = await fill([...golden, ['3.3.3.3', '-', 200, '/']])
  const golkepar = {
    admin: ['3.3.3.3', '5.5.5.5'],
    refused: ['3.3.3.3'],
    bot: ['2.2.2.2', '3.3.3.3'],
    browser: ['1.1.1.1']
  }
  expect(await flags(connection)).toEqual({
    ...golkepar,
    // A 404 lets nobody into the admin area.
    admin: ['5.5.5.5'],
    // curl is a bot, and no Safari sends only that word.
    bot: ['2.2.2.2', '3.3.3.3', '4.4.4.4', '6.6.6.6'],
    // A style that the browser has already counts.
    browser: ['1.1.1.1', '5.5.5.5']
  })
})

test.each([
  ['curl/8.14.1', 'bot_agent'],
  ['Mozilla/5.0 AppleWebKit/537.36; compatible; ChatGPT-User/1.0; +https://openai.com/bot', 'bot_agent'],
  ['Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)', 'bot_agent'],
  ['Mozilla/5.0 (compatible; Bytespider; spider-feedback@bytedance.com)', 'bot_agent'],
  ['AdsBot-Google (+http://www.google.com/adsbot.html)', 'bot_agent'],
  [
    'Mozilla/5.0 (Linux; Android 12; CUBOT P60) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36',
    'not_bot_agent'
  ]
])('the agent %s is %s', async (agent, status) => {
  const { rows } = await (
    await fill([['192.0.2.1', agent, 200, '/']])
  ).run('SELECT is_bot_status FROM golkepar_visits')
  expect(rows).toEqual([[status]])
})

test('a site without style sheets has real browsers', async () => {
  const connection = await fill([
    ['192.0.2.1', chrome, 200, '/'],
    ['192.0.2.1', chrome, 200, '/map.webp']
  ])
  expect((await flags(connection)).browser).toEqual(['192.0.2.1'])
})

test.each([
  ['https://t3n.de/x', 't3n.de'],
  ['http://intranet.example.net:8080/links', 'intranet.example.net'],
  ['http://example.net', 'example.net'],
  ['https://WWW.Example.com?x', 'example.com'],
  ['https://awww.example/', 'awww.example'],
  ['http://[2001:db8::1]:8080/', '[2001:db8::1]'],
  ['android-app://com.example/', '']
])('the domain of the referrer %s is %s', async (referrer, domain) => {
  const rows = await visits(await fill([['192.0.2.1', chrome, 200, '/', referrer]]))
  expect(rows.map(({ referer_domain }) => referer_domain)).toEqual([domain])
})

test('nobody inherits the flags of others with the same address', async () => {
  const connection = await fill([
    ['192.0.2.1', chrome, 200, '/'],
    ['192.0.2.1', 'zgrab/0.x', 403, '/admin/'],
    ['192.0.2.1', 'zgrab/0.x', 200, '/admin/users']
  ])
  const { rows } = await connection.run(
    'SELECT DISTINCT user_agent, ip_admin_status, ip_reputation_status, is_bot_status FROM golkepar_visits ORDER BY 1'
  )
  expect(rows).toEqual([
    [chrome, 'not_ip_went_into_admin_area', 'not_ip_bad_status', 'not_bot_agent'],
    ['zgrab/0.x', 'ip_went_into_admin_area', 'ip_bad_status', 'bot_agent']
  ])
})

test('who was refused in the admin area has not been there', async () => {
  const connection = await fill([
    ['192.0.2.1', chrome, 403, '/user'],
    ['192.0.2.1', chrome, 200, '/']
  ])
  expect((await flags(connection)).admin).toEqual([])
})

test('pages with a dot are visits', async () => {
  const paths = ['/index.php', '/about.html', '/notes.txt', '/v1.0']
  const rows = await visits(await fill(paths.map((path) => ['192.0.2.1', chrome, 200, path])))
  expect(rows.map(({ path }) => path)).toEqual(paths)
})

test('a visit has the columns of Golkepar, and the time of the server', async () => {
  const { columns, rows } = await (
    await fill([['192.0.2.1', chrome, 200, '/a?b=c']])
  ).run('FROM golkepar_visits')
  expect(columns.map(({ name }) => name)).toEqual(
    'user_key ip host user status method path datetime query protocol user_agent length referer is_asset country city asn is_mobile ip_browser_status is_bot_status ip_admin_status ip_reputation_status agent referer_domain'.split(
      ' '
    )
  )
  expect(rows[0]![columns.findIndex(({ name }) => name === 'datetime')]).toBe(
    Date.parse('2026-11-20T12:00:00Z')
  )
})
