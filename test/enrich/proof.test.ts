import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { botByName, readBot } from '#lib/enrich/bots.ts'
import {
  isWithin,
  keyOf,
  newestOf,
  rangesOf,
  readLists,
  readRange,
  tidyRanges,
  type CrawlerLists
} from '#lib/enrich/crawler-lists.ts'
import { crawlers } from '#lib/enrich/crawlers.ts'
import { createEnricher } from '#lib/enrich/enrich.ts'
import { openRanges, type GeoRecord, type RangeIndex } from '#lib/enrich/geo.ts'
import { claimOf, openCrawlers } from '#lib/enrich/proof.ts'
import { signers, tidyEntries } from '#lib/enrich/signers.ts'
import { buildDefaults } from '../../cli/geoip.ts'
import { needs } from '../needs.ts'
import { hitOf, readRows } from './corpus.ts'

const shipped = readLists(
  readFileSync(new URL('../../src/lib/enrich/crawlers.json', import.meta.url), 'utf8')
)

const googlebot = 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)'
const gptbot =
  'Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.3; +https://openai.com/gptbot)'
const facebook = 'facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)'

/** Autonomous systems by the beginning of an address. */
const systems: Record<string, number> = {
  '66.249.': 15169,
  '173.252.': 32934,
  '8.8.': 15169,
  '20.1.': 8075,
  '151.101.': 54113,
  '185.241.': 210558
}
const network = {
  lookup(ip: string): Partial<GeoRecord> | null {
    const found = Object.entries(systems).find(([start]) => ip.startsWith(start))
    return found ? { asn: found[1], as_org: 'Some' } : null
  }
} as unknown as RangeIndex

const enricherOf = (lists: CrawlerLists | null, isPlaced = true) =>
  createEnricher({
    site: 'demo',
    country: null,
    network: isPlaced ? network : null,
    crawlers: lists && openCrawlers(lists),
    salt: (day) => new TextEncoder().encode(day.padEnd(32, '.'))
  })

const time = Date.UTC(2026, 10, 30)
const enrich = enricherOf(shipped)
const proofOf = (user_agent: string | null, ip: string | null, other = {}) =>
  enrich(hitOf({ user_agent, ip, time, ...other })).bot_proof

test.each([
  ['from its ranges', googlebot, '66.249.66.1', 'verified'],
  ['from its ranges, in IPv6', googlebot, '2001:4860:4801:10::1a', 'verified'],
  ['from its ranges, as an IPv4 address within IPv6', googlebot, '::ffff:66.249.66.1', 'verified'],
  ['from elsewhere', googlebot, '185.241.208.7', 'impostor'],
  ['from elsewhere, in IPv6', googlebot, '2a01:4f8:1:2::3', 'impostor'],
  ['from its operator’s network beside its ranges', googlebot, '8.8.8.8', null],
  ['from the cloud where its operator grows', gptbot, '20.1.2.3', null],
  ['from another crawler’s ranges', gptbot, '66.249.66.1', 'impostor'],
  ['whose operator publishes no ranges, from the operator’s network', facebook, '173.252.83.4', 'verified'],
  // Phones of people send this agent, too.
  ['whose operator publishes no ranges, from elsewhere', facebook, '185.241.208.7', null],
  ['from a content delivery network', googlebot, '151.101.1.9', null],
  ['from Cloudflare', googlebot, '172.68.1.9', null],
  ['from Cloudflare, in IPv6', googlebot, '2606:4700::6810:1', null]
])('a crawler %s', (_, agent, ip, proof) => expect(proofOf(agent, ip)).toBe(proof))

test.each([
  '10.1.2.3',
  '127.0.0.1',
  '192.168.1.7',
  '172.16.9.9',
  '100.64.0.1',
  '169.254.1.1',
  '::1',
  'fd00::7',
  'fe80::1'
])('a private address proves nothing: %s', (ip) => expect(proofOf(googlebot, ip)).toBeNull())

test.each([
  ['66.249.66.0'],
  ['185.241.208.0'],
  ['185.241.0.0'],
  ['2a01:4f8:1::'],
  ['2a01:4f8:1:2::'],
  ['unknown'],
  ['185.241.208.x'],
  [null]
])('an address that is cut, or none, proves nothing: %s', (ip) => expect(proofOf(googlebot, ip)).toBeNull())

test('the address of a proxy proves nothing', () => {
  expect(proofOf(googlebot, '185.241.208.7', { flags: 'request,ip_of_proxy' })).toBeNull()
  // The store cuts this address after it was read.
  expect(proofOf(googlebot, '185.241.208.7', { flags: 'ip_truncated' })).toBe('impostor')
})

test('a list refutes nothing of other years', () => {
  const at = (year: number) => proofOf(googlebot, '185.241.208.7', { time: Date.UTC(year, 7, 20) })
  expect([2015, 2025, 2026, 2027, 2028].map(at)).toEqual([null, null, 'impostor', 'impostor', null])
})

test('without lists nothing is refuted', () => {
  const hit = (ip: string, user_agent = googlebot) => hitOf({ user_agent, ip, time })
  expect(enricherOf(null)(hit('185.241.208.7')).bot_proof).toBeNull()
  const others = Object.entries(shipped).filter(([name]) => name !== 'google-common')
  const some = enricherOf(Object.fromEntries(others))
  expect(some(hit('185.241.208.7')).bot_proof).toBeNull()
  expect(some(hit('173.252.83.4', facebook)).bot_proof).toBe('verified')
  const empty = enricherOf({ ...shipped, 'google-common': { day: '2026-11-29', entries: '' } })
  expect(empty(hit('185.241.208.7')).bot_proof).toBeNull()
  const bare = enricherOf(shipped, false)
  expect(bare(hit('173.252.83.4', facebook)).bot_proof).toBeNull()
  expect(bare(hit('66.249.66.1')).bot_proof).toBe('verified')
})

// What an agent has to say for itself to be checked.
test.each([
  [googlebot, 'impostor'],
  ['Googlebot/2.1 (+http://www.google.com/bot.html)', 'impostor'],
  ['Googlebot-Image/1.0', 'impostor'],
  ['Googlebot', 'impostor'],
  ['AdsBot-Google (+http://www.google.com/adsbot.html)', 'impostor'],
  ['AdsBot-Google-Mobile-Apps', 'impostor'],
  ['Mediapartners-Google', 'impostor'],
  ['APIs-Google (+https://developers.google.com/webmasters/APIs-Google.html)', 'impostor'],
  [
    'Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Mobile Safari/537.36 (compatible; GoogleOther)',
    'impostor'
  ],
  [
    'SAMSUNG-SGH-E250/1.0 Profile/MIDP-2.0 (compatible; Googlebot-Mobile/2.1; +http://www.google.com/bot.html)',
    'impostor'
  ],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/13.1.1 Safari/605.1.15 (Applebot/0.1; +http://www.apple.com/go/applebot)',
    'impostor'
  ],
  // A fetcher that anybody's request may start, or that comes from where anybody's program runs.
  ['FeedFetcher-Google; (+http://www.google.com/feedfetcher.html)', null],
  ['AppEngine-Google; (+http://code.google.com/appengine; appid: s~example)', null],
  [
    'Mozilla/5.0 (compatible; Google-Read-Aloud; +https://support.google.com/webmasters/answer/1061943)',
    null
  ],
  // Libraries and programs that bear a name of Google's.
  ['Google-HTTP-Java-Client/1.42.0 (gzip)', null],
  ['google-api-php-client/2.12', null],
  [
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36 Chrome-Lighthouse',
    null
  ],
  ['com.google.android.gms/24.1 (Linux; U; Android 13)', null],
  // Mentions.
  ['Mozilla/5.0 (compatible; ExampleChecker/1.0; like Googlebot)', null],
  ['Feedly/1.0 (+http://www.feedly.com/fetcher.html; like FeedFetcher-Google)', null],
  ['googlebotless-crawler/2.0', null],
  ['my test of googlebot access', null],
  ['curl/8.5.0 (not Googlebot/2.1)', null]
])('from elsewhere comes %s', (agent, proof) => expect(proofOf(agent, '185.241.208.7')).toBe(proof))

describe('ranges', () => {
  test.each([
    ['192.0.32.0/20', '4c0002000', '4c0002fff'],
    ['66.249.66.1', '442f94201', '442f94201'],
    ['66.249.66.77/27', '442f94240', '442f9425f'],
    [
      '2001:4860:4801:10::/60',
      '620014860480100100000000000000000',
      '62001486048010' + '01fffff' + 'ffffffffffff'
    ]
  ])('%s', (text, from, to) => expect(readRange(text)).toEqual([from, to]))

  test.each([
    '',
    'x',
    '0.0.0.0/0',
    '::/0',
    '66.0.0.0/7',
    '2000::/3',
    '192.168.1.0/24',
    '66.249.66.1/33',
    '66.249.66.1/',
    'fe80::/10'
  ])('%j is none', (text) => expect(readRange(text)).toBeNull())

  test('hold what lies in any of them', () => {
    const network = fc.tuple(
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 0, max: 255 }),
      fc.integer({ min: 17, max: 32 })
    )
    fc.assert(
      fc.property(
        fc.array(network, { maxLength: 12 }),
        fc.array(network, { maxLength: 12 }),
        (networks, addresses) => {
          const texts = networks.map(([a, b, bits]) => `66.249.${a}.${b}/${bits}`)
          const ranges = rangesOf(texts)
          for (const [a, b] of addresses) {
            const key = keyOf(`66.249.${a}.${b}`)!
            const isHeld = texts.some((text) => {
              const [from, to] = readRange(text)!
              return from <= key && key <= to
            })
            expect(isWithin(ranges, key)).toBe(isHeld)
            expect(isWithin(rangesOf(tidyRanges(texts)), key)).toBe(isHeld)
          }
        }
      )
    )
  })
})

describe('the lists', () => {
  test('of each operator the newest counts', () => {
    const older = {
      a: { day: '2026-08-22', entries: '1.2.3.4' },
      b: { day: '2026-11-01', entries: '5.6.7.8' }
    }
    const newer = {
      a: { day: '2026-11-29', entries: '1.2.3.5' },
      b: { day: '2026-09-01', entries: '5.6.7.9' }
    }
    expect(newestOf([older, newer])).toEqual({ a: newer.a, b: older.b })
  })

  test.each([
    '',
    '{}',
    '[]',
    '{"lists":[1]}',
    '{"lists":{"a":{"day":"x","entries":""}}}',
    '{"lists":{"a":null}}'
  ])('%j is no file of lists', (text) => expect(() => readLists(text)).toThrow())

  test('that are shipped are tidy, and each is somebody’s', () => {
    const used = new Set([...crawlers.flatMap(({ lists }) => lists), ...signers.map(({ list }) => list)])
    for (const [name, { entries }] of Object.entries(shipped)) {
      expect(used).toContain(name)
      expect(tidyEntries(name, entries.split(' ')).join(' '), name).toBe(entries)
    }
  })

  test('are of crawlers that are known by these names', () => {
    const lost = crawlers.flatMap(({ operator, names }) =>
      names.split(', ').filter((name) => {
        const found = readBot(`Mozilla/5.0 (compatible; ${name}/1.0)`)
        const isKnown = botByName(found.bot_name ?? '')?.operator === operator
        return !isKnown || claimOf(`${name}/1.0`, found.bot_name)?.operator !== operator
      })
    )
    expect(lost).toEqual([])
  })
})

needs('shared')('a real log', () => {
  // Its owner's site is visited by the crawlers themselves, and by a few that say to be them.
  test('has three impostors, and none that is none', { timeout: 60_000 }, () => {
    const folder = mkdtempSync(join(tmpdir(), 'loggia-proof-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const network = openRanges(readFileSync(buildDefaults(folder)[1]!.file))
    const found = new Map<string, Set<string>>()
    const enrich = createEnricher({
      site: 'demo',
      country: null,
      network,
      crawlers: openCrawlers(shipped),
      salt: () => new Uint8Array(32)
    })
    for (const name of [
      'wtf-nginx-meatlabel.app',
      'wtf-nginx-saunathinker.com',
      'wtf-apache_combined',
      'elastic-apache_logs'
    ])
      for (const { date, ip, user_agent } of readRows<{ date: string; ip: string; user_agent: string }>(
        `logs/${name}.ndjson.gz`
      )) {
        const { bot_proof, bot_name, asn } = enrich(
          hitOf({ time: Date.parse(date), ip, user_agent: user_agent || null })
        )
        if (bot_proof) found.set(bot_proof, (found.get(bot_proof) ?? new Set()).add(`${bot_name} AS${asn}`))
      }
    expect([...found.get('impostor')!].sort()).toEqual([
      'Googlebot AS197170',
      'Googlebot-Image AS210558',
      'Googlebot-News AS14618'
    ])
    expect([...found.get('verified')!].sort()).toEqual([
      'AhrefsBot AS140577',
      'AhrefsBot AS16276',
      'Applebot AS714',
      'Bingbot AS8075',
      'CensysInspect AS398324',
      'CensysInspect AS398705',
      'CensysInspect AS398722',
      'GoogleOther AS15169',
      'Googlebot AS15169',
      'Googlebot-Image AS15169',
      'SemrushBot AS209366',
      'Twitterbot AS13414',
      'YandexImages AS13238',
      'archive.org_bot AS7941',
      'facebookexternalhit AS32934',
      'meta-externalagent AS32934',
      'special_archiver AS7941'
    ])
  })
})
