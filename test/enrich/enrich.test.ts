import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createEnricher } from '#lib/enrich/enrich.ts'
import { openRanges } from '#lib/enrich/geo.ts'
import type { RangeIndex } from '#lib/enrich/geo.ts'
import { columns } from '#lib/schema/hit.ts'
import type { AcceptedHit } from '#lib/schema/hit.ts'
import { buildDefaults, buildRanges } from '../../cli/geoip.ts'
import { needs } from '../needs.ts'
import { corpora, hitOf, thousandsPerSecond } from './corpus.ts'

const folder = mkdtempSync(join(tmpdir(), 'loggia-enrich-'))
afterAll(() => rmSync(folder, { recursive: true }))

const salt = (day: string) => new TextEncoder().encode(day.padEnd(32, '.'))

function indexOf(name: string, lines: readonly string[]): RangeIndex {
  const file = join(folder, name)
  writeFileSync(file, lines.join('\n'))
  return openRanges(buildRanges([file]))
}

test('what stands behind 640 characters of an agent says nothing', () => {
  const enrich = createEnricher({ site: 'demo', country: null, network: null, salt })
  const read = (user_agent: string) => {
    const { browser, bot_name } = enrich(hitOf({ user_agent }))
    return { browser, bot_name }
  }
  const long = 'Mozilla/5.0 (X11; Linux x86_64; rv:121.0) Gecko/20100101 '.padEnd(629, 'a ')
  expect(read(`${long} Googlebot ${'a '.repeat(500)}`)).toMatchObject({ bot_name: 'Googlebot' })
  expect(read(`${long}aa Googlebot`)).toEqual({ browser: 'Mozilla', bot_name: null })
})

describe('a hit', () => {
  const country = indexOf('country.csv', ['81.2.69.0,81.2.69.255,GB'])
  const network = indexOf('network.csv', ['81.2.0.0,81.2.255.255,20712,Andrews & Arnold'])
  const enrich = createEnricher({ site: 'demo', country, network, salt })

  test('is told in full', () => {
    const enriched = enrich(
      hitOf({
        ip: '81.2.69.142',
        host: 'www.example.com',
        path: '/index.php',
        referrer: 'https://t3n.de/x',
        user_agent: 'Mozilla/5.0 (X11; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0'
      })
    )
    expect(enriched).toEqual({
      referrer_domain: 't3n.de',
      referrer_kind: 'link',
      browser: 'Firefox',
      browser_version: '121',
      os: 'Linux',
      os_version: null,
      device: 'desktop',
      bot_name: null,
      bot_purpose: null,
      bot_proof: null,
      is_bot: false,
      is_asset: false,
      country: 'GB',
      region: null,
      city: null,
      asn: 20712,
      as_org: 'Andrews & Arnold',
      visitor: expect.any(BigInt) as bigint
    })
  })

  test('has every column that enrich fills, and no other', () => {
    const names = columns.filter(({ from }) => from === 'enrich').map(({ name }) => name)
    expect(Object.keys(enrich(hitOf({}))).sort()).toEqual([...names].sort())
    expect(
      Object.keys(enrich(hitOf({ user_agent: 'curl/8', ip: '81.2.69.1', referrer: 'x' }))).sort()
    ).toEqual([...names].sort())
  })

  test('with nothing in it stays without claims', () => {
    const { visitor, ...rest } = enrich(hitOf({ kind: 'message', shape: 'syslog' }))
    expect(visitor).toBe(enrich(hitOf({})).visitor)
    const claims = Object.entries(rest).filter(([, value]) => value !== null && value !== false)
    expect(claims).toEqual([['referrer_kind', 'direct']])
  })

  test('is told the same without databases, but for the place', () => {
    const bare = createEnricher({ site: 'demo', country: null, network: null, salt })
    const hit = hitOf({ ip: '81.2.69.142', user_agent: 'curl/8' })
    const nowhere = { country: null, region: null, city: null, asn: null, as_org: null }
    expect(bare(hit)).toEqual({ ...enrich(hit), ...nowhere })
  })

  test('may find city and network in one database', () => {
    const city = indexOf('city.csv', ['81.2.69.0,81.2.69.255,GB,England,,London'])
    const told = createEnricher({ site: 'demo', country: city, network, salt })(hitOf({ ip: '81.2.69.142' }))
    expect(told).toMatchObject({ country: 'GB', region: 'England', city: 'London', asn: 20712 })
  })
})

// The golden run of the seed whose rules gave wrong results, row by row: agent, path, referrer → bot, asset, domain.
// The seed takes the last one for no bot; isbot does, since no Safari names itself without a version.
test.each([
  ['Mozilla/5.0 Chrome/120', '/', 'https://www.google.com/', false, false, 'google.com'],
  ['Mozilla/5.0 Chrome/120', '/style.css', 'https://example.com/', false, true, 'example.com'],
  ['Mozilla/5.0 (compatible; AhrefsBot/6.1)', '/blog/post-1', null, true, false, null],
  ['curl/8.0', '/api', null, true, false, null],
  ['Mozilla/5.0 Firefox/120', '/admin/users', 'https://t3n.de/x', false, false, 't3n.de'],
  ['Mozilla/5.0 Safari', '/index.php', null, true, false, null]
])('%s asks for %s', (user_agent, path, referrer, is_bot, is_asset, referrer_domain) => {
  const enrich = createEnricher({ site: 'demo', country: null, network: null, salt })
  expect(enrich(hitOf({ user_agent, path, referrer }))).toMatchObject({ is_bot, is_asset, referrer_domain })
})

needs('shared', 'python3')('labelled traffic', () => {
  let hits: AcceptedHit[]
  let labels: string[]
  let enrich: ReturnType<typeof createEnricher>

  beforeAll(() => {
    const [log, kinds] = [join(folder, 'log.ndjson'), join(folder, 'kinds.txt')]
    const args = `-n 20000 --seed 7 --days 2 --json ${log} --labels ${kinds}`.split(' ')
    execFileSync('python3', [`${corpora}gen_log.py`, ...args])
    labels = readFileSync(kinds, 'utf8').trimEnd().split('\n')
    hits = readFileSync(log, 'utf8').trimEnd().split('\n').map(readLine)
    const [country, network] = buildDefaults(folder).map(({ file }) => openRanges(readFileSync(file)))
    enrich = createEnricher({ site: 'demo', country: country!, network: network!, salt })
  }, 120_000)

  test('is split into people and machines', () => {
    const counts = new Map<string, { all: number; bots: number }>()
    hits.forEach((hit, at) => {
      const count = counts.get(labels[at]!) ?? { all: 0, bots: 0 }
      counts.set(labels[at]!, { all: count.all + 1, bots: count.bots + Number(enrich(hit).is_bot) })
    })
    console.log(Object.fromEntries(counts))
    const share = (label: string) => counts.get(label)!.bots / counts.get(label)!.all
    expect(share('human')).toBeLessThan(0.005)
    expect(share('bot')).toBeGreaterThan(0.995)
    expect(share('monitor')).toBe(1)
    // Some scanners come as Chrome: what they ask for tells, not their agent.
    expect(share('attack')).toBeGreaterThan(0.85)
    expect(share('broken')).toBe(1)
  })

  test('is enriched fast', () => {
    const ms = 1 / thousandsPerSecond(hits, enrich)
    console.log(`enrich: ${(1000 * ms).toFixed(2)} ms for 1,000 hits, warm`)
    expect(1000 * ms).toBeLessThan(3)
  })
})

function readLine(line: string): AcceptedHit {
  const record = JSON.parse(line) as Record<
    'date' | 'ip' | 'host' | 'path' | 'referrer' | 'user_agent',
    string
  >
  return hitOf({
    shape: 'ballcone',
    flags: record.user_agent === '' ? 'no_agent' : null,
    time: Date.parse(record.date),
    ip: record.ip,
    host: record.host,
    path: record.path.split('?')[0]!,
    referrer: record.referrer || null,
    user_agent: record.user_agent || null
  })
}
