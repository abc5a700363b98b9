import { expect, test } from 'vitest'
import { readAgent } from '#lib/enrich/agent.ts'
import { needs } from '../needs.ts'
import { thousandsPerSecond } from './corpus.ts'
import { readFacts, scoreOf } from './facts.ts'

const mozilla = 'Mozilla/5.0'
const khtml = '(KHTML, like Gecko)'
const windows = `${mozilla} (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 ${khtml}`
const mac = `${mozilla} (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 ${khtml}`
const linux = `${mozilla} (X11; Linux x86_64) AppleWebKit/537.36 ${khtml}`
const android = `${mozilla} (Linux; Android 10; K) AppleWebKit/537.36 ${khtml}`
const pixel = `${mozilla} (Linux; Android 14; Pixel 8) AppleWebKit/537.36 ${khtml}`
const iphone = `${mozilla} (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 ${khtml}`
const ipad = `${mozilla} (iPad; CPU OS 16_6_1 like Mac OS X) AppleWebKit/605.1.15 ${khtml}`

// agent → browser, version, system, version, device
test.each([
  [`${windows} Chrome/120.0.0.0 Safari/537.36`, 'Chrome 120 · Windows 10/11 · desktop'],
  [`${windows} Chrome/120.0.0.0 Safari/537.36 Edg/120.0.0.0`, 'Edge 120 · Windows 10/11 · desktop'],
  [`${windows} Chrome/119.0.0.0 Safari/537.36 OPR/105.0.0.0`, 'Opera 105 · Windows 10/11 · desktop'],
  [`${windows} Chrome/120.0.0.0 Safari/537.36 Vivaldi/6.5.3206.48`, 'Vivaldi 6.5 · Windows 10/11 · desktop'],
  [
    `${windows} Chrome/118.0.0.0 YaBrowser/23.11.0.0 Safari/537.36`,
    'Yandex Browser 23.11 · Windows 10/11 · desktop'
  ],
  [
    `${windows} Code/1.85 Chrome/114.0.0.0 Electron/25.9.7 Safari/537.36`,
    'Electron 25.9 · Windows 10/11 · desktop'
  ],
  [`${windows} Chrome/64.0 Safari/537.36 Edge/17.17134`, 'Edge 17.17134 · Windows 10/11 · desktop'],
  [
    `${mozilla} (Windows NT 10.0; Win64; x64; rv:121.0) Gecko/20100101 Firefox/121.0`,
    'Firefox 121 · Windows 10/11 · desktop'
  ],
  [`${mozilla} (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko`, 'IE 11 · Windows 7 · desktop'],
  ['Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1; SV1)', 'IE 6 · Windows XP · desktop'],
  ['Mozilla/4.0 (compatible; MSIE 5.5; Windows 98)', 'IE 5.5 · Windows 98 · desktop'],
  ['Opera/9.80 (Windows NT 6.0) Presto/2.12.388 Version/12.14', 'Opera 12.14 · Windows Vista · desktop'],
  [`${mac} Version/17.2 Safari/605.1.15`, 'Safari 17.2 · macOS 10.15+ · desktop'],
  [`${mac} Version/17.0 Safari/605.1.15 Ddg/17.0`, 'DuckDuckGo 17 · macOS 10.15+ · desktop'],
  [
    `${mozilla} (Macintosh; Intel Mac OS X 10.15; rv:121.0) Gecko/20100101 Firefox/121.0`,
    'Firefox 121 · macOS 10.15+ · desktop'
  ],
  [
    `${mozilla} (Macintosh; Intel Mac OS X 10_13_6) AppleWebKit/605 ${khtml} Version/13.1 Safari/605`,
    'Safari 13.1 · macOS 10.13 · desktop'
  ],
  [`${linux} Chrome/120.0.0.0 Safari/537.36`, 'Chrome 120 · Linux - · desktop'],
  [
    `${mozilla} (X11; Ubuntu; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0`,
    'Firefox 121 · Ubuntu - · desktop'
  ],
  [
    `${mozilla} (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 ${khtml} Chrome/119.0.0.0 Safari/537.36`,
    'Chrome 119 · ChromeOS - · desktop'
  ],
  [
    `${mozilla} (X11; FreeBSD amd64; rv:120.0) Gecko/20100101 Firefox/120.0`,
    'Firefox 120 · FreeBSD - · desktop'
  ],
  [`${android} Chrome/120.0.0.0 Mobile Safari/537.36`, 'Chrome 120 · Android - · phone'],
  [`${android} Chrome/120.0.0.0 Safari/537.36`, 'Chrome 120 · Android - · tablet'],
  [
    `${android} SamsungBrowser/23.0 Chrome/115.0.0.0 Mobile Safari/537.36`,
    'Samsung Internet 23 · Android - · phone'
  ],
  [`${pixel} Chrome/120.0.6099.43 Mobile Safari/537.36`, 'Chrome 120 · Android 14 · phone'],
  [`${mozilla} (Android 14; Mobile; rv:121.0) Gecko/121.0 Firefox/121.0`, 'Firefox 121 · Android 14 · phone'],
  [
    `${mozilla} (Android 13; Tablet; rv:121.0) Gecko/121.0 Firefox/121.0`,
    'Firefox 121 · Android 13 · tablet'
  ],
  [
    `${mozilla} (Linux; Android 14; Pixel 8; wv) AppleWebKit/537.36 ${khtml} Version/4.0 Chrome/120.0 Mobile Safari/537.36`,
    'Chrome WebView 120 · Android 14 · phone'
  ],
  [
    `${mozilla} (Linux; U; Android 4.0.3; de-de; GT-I9100) AppleWebKit/534.30 ${khtml} Version/4.0 Mobile Safari/534.30`,
    'Android Browser 4 · Android 4 · phone'
  ],
  [
    `${mozilla} (Linux; Android 9; CUBOT_P30) AppleWebKit/537.36 ${khtml} Chrome/88.0 Mobile Safari/537.36`,
    'Chrome 88 · Android 9 · phone'
  ],
  [
    `${mozilla} (Linux; U; Android 11; en-US; RMX1911) AppleWebKit/537.36 ${khtml} Version/4.0 Chrome/100.0 UCBrowser/13.4.0.1306 Mobile Safari/537.36`,
    'UC Browser 13.4 · Android 11 · phone'
  ],
  [`${iphone} Version/17.4 Mobile/15E148 Safari/604.1`, 'Safari 17.4 · iOS 17.4 · phone'],
  [`${iphone.replace('17_4', '18_6')} Version/26.0 Mobile/15E148 Safari/604.1`, 'Safari 26 · iOS 26 · phone'],
  [`${iphone} CriOS/120.0.6099.50 Mobile/15E148 Safari/604.1`, 'Chrome 120 · iOS 17.4 · phone'],
  [`${iphone} FxiOS/121.0 Mobile/15E148 Safari/605.1.15`, 'Firefox 121 · iOS 17.4 · phone'],
  [`${iphone} Version/17.0 EdgiOS/119.0.2151.96 Mobile/15E148 Safari/604.1`, 'Edge 119 · iOS 17.4 · phone'],
  [
    `${iphone} Mobile/15E148 Instagram 312.0.0.32.118 (iPhone14,5; iOS 17_4; en_US)`,
    'Instagram 312 · iOS 17.4 · phone'
  ],
  [
    `${iphone} Mobile/15E148 [FBAN/FBIOS;FBAV/443.0.0.23.229;FBDV/iPhone14,5]`,
    'Facebook 443 · iOS 17.4 · phone'
  ],
  [`${iphone} Mobile/15E148`, 'iOS WebView - · iOS 17.4 · phone'],
  [`${ipad} Version/16.6 Mobile/15E148 Safari/604.1`, 'Safari 16.6 · iPadOS 16.6 · tablet'],
  [
    'Opera/9.80 (Android; Opera Mini/36.2.2254/119.132; U; en) Presto/2.12.423 Version/12.16',
    'Opera Mini 36.2 · Android - · phone'
  ],
  [
    `${mozilla} (compatible; MSIE 10.0; Windows Phone 8.0; Trident/6.0; IEMobile/10.0; ARM; NOKIA; Lumia 920)`,
    'IE 10 · Windows Phone 8 · phone'
  ],
  [
    `${mozilla} (SMART-TV; Linux; Tizen 6.0) AppleWebKit/538.1 ${khtml} Version/6.0 TV Safari/538.1`,
    'Safari 6 · Tizen 6 · tv'
  ],
  [
    `${mozilla} (Web0S; Linux/SmartTV) AppleWebKit/537.36 ${khtml} Chrome/79.0.3945.79 Safari/537.36`,
    'Chrome 79 · webOS - · tv'
  ],
  [
    `${mozilla} (Linux; Android 9; AFTMM) AppleWebKit/537.36 ${khtml} Chrome/119.0 Safari/537.36`,
    'Chrome 119 · Fire OS 9 · tv'
  ],
  [
    `${mozilla} (PlayStation; PlayStation 5/6.00) AppleWebKit/605.1.15 ${khtml} Version/13.0 Safari/605.1.15`,
    'PlayStation 5 · PlayStation 5 · console'
  ],
  [
    `${mozilla} (Windows NT 10.0; Win64; x64; Xbox; Xbox One) AppleWebKit/537.36 ${khtml} Chrome/64.0 Safari/537.36 Edge/44.18363`,
    'Edge 44.18363 · Xbox - · console'
  ],
  [
    `${mozilla} (Mobile; Nokia_8110_4G; rv:48.0) Gecko/48.0 Firefox/48.0 KAIOS/2.5`,
    'Firefox 48 · KaiOS 2.5 · phone'
  ],
  [
    `${mozilla} (Linux; Android 5.1.1; KFSUWI) AppleWebKit/537.36 ${khtml} Silk/120.3.1 like Chrome/120.0 Safari/537.36`,
    'Silk 120.3 · Fire OS 5.1 · tablet'
  ],
  ['App/1 CFNetwork/1474 Darwin/23.0.0', 'CFNetwork 1474 · iOS - · phone'],
  ['curl/8.4.0', '- - · - - · -'],
  ['Mozilla/5.0', '- - · - - · -'],
  ['', '- - · - - · -']
])('%s', (agent, want) => {
  const { browser, browser_version, os, os_version, device } = readAgent(agent)
  const shown = [browser, browser_version, os, os_version, device].map((value) => value ?? '-')
  expect(`${shown[0]} ${shown[1]} · ${shown[2]} ${shown[3]} · ${shown[4]}`).toBe(want)
})

needs('shared')('the corpora', () => {
  // uap-core names apps of all kinds, most of which are no browsers; its systems are the odd ones.
  test.each([
    ['browscap', { browser: 82.5, version: 98, os: 92, device: 93 }],
    ['yauaa', { browser: 70, version: 94, os: 91.5, device: 95 }],
    ['uap-core-pgts', { browser: 92.5, version: 98 }],
    ['uap-core', { browser: 20, os: 78 }],
    ['woothee', { browser: 42, os: 67, device: 80 }]
  ])(
    '%s',
    (name, floors) => {
      const score = scoreOf(readFacts(name))
      const shown = Object.entries(score).filter(([, { all }]) => all > 0)
      console.log(
        name,
        shown.map(([field, { percent, all }]) => `${field} ${percent} % of ${all}`).join(', ')
      )
      for (const [field, floor] of Object.entries(floors))
        expect(score[field as keyof typeof score].percent, field).toBeGreaterThanOrEqual(floor)
    },
    60_000
  )

  test('are read fast', () => {
    const agents = readFacts('yauaa').map(({ agent }) => agent)
    const speed = thousandsPerSecond(agents, readAgent)
    console.log(`agents: ${speed} k/s`)
    expect(speed).toBeGreaterThan(150)
  }, 60_000)
})
