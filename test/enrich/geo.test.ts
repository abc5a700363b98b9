import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Reader } from 'maxmind'
import type { CountryResponse } from 'maxmind'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isReserved, readAddress } from '#lib/enrich/address.ts'
import { openRanges } from '#lib/enrich/geo.ts'
import type { RangeIndex } from '#lib/enrich/geo.ts'
import { buildDefaults, buildRanges } from '../../cli/geoip.ts'
import { needs } from '../needs.ts'
import { corpora, readRows, thousandsPerSecond } from './corpus.ts'

const folder = mkdtempSync(join(tmpdir(), 'loggia-geo-'))
afterAll(() => rmSync(folder, { recursive: true }))

function csv(name: string, lines: readonly string[]): string {
  const file = join(folder, name)
  writeFileSync(file, lines.join('\n'))
  return file
}

const none = { country: null, region: null, city: null, asn: null, as_org: null }

describe('addresses', () => {
  test.each([
    ['1.2.3.4', '1.2.3.4'],
    ['255.255.255.255', '255.255.255.255'],
    ['::ffff:1.2.3.4', '1.2.3.4'],
    ['::FFFF:0102:0304', '1.2.3.4'],
    ['2001:db8::1', '32.1.13.184.0.0.0.0.0.0.0.0.0.0.0.1'],
    ['1:2:3:4:5:6:7:8', '0.1.0.2.0.3.0.4.0.5.0.6.0.7.0.8'],
    ['1::', '0.1.0.0.0.0.0.0.0.0.0.0.0.0.0.0'],
    ['::', '0.0.0.0'],
    ['::1', '0.0.0.1'],
    ['64:ff9b::192.0.2.1', '0.100.255.155.0.0.0.0.0.0.0.0.192.0.2.1'],
    ['', null],
    ['1.2.3', null],
    ['1.2.3.4.5', null],
    ['1.2.3.256', null],
    ['1..2.3', null],
    ['a.b.c.d', null],
    ['1:2:3', null],
    [':1::2', null],
    ['1::2::3', null],
    ['1:2:3:4:5:6:7:8:9', null],
    ['12345::', null],
    ['1:2:3:4:5:6:7:', null],
    ['fe80::1%eth0', null]
  ])('%s', (text, want) => {
    const bytes = new Uint8Array(16).fill(7)
    const width = readAddress(text, bytes)
    expect(width === 0 ? null : bytes.subarray(0, width).join('.')).toBe(want)
  })

  test.each(
    '10.1.2.3 127.0.0.1 100.64.0.1 169.254.1.1 172.16.0.1 172.31.255.255 192.168.1.1 192.0.2.1 198.18.0.1 198.51.100.1 203.0.113.9 224.0.0.1 255.255.255.255 0.0.0.0 ::1 :: fe80::1 fc00::1 fd12::1 ff02::1 2001:db8::1'.split(
      ' '
    )
  )('%s is reserved', (ip) => {
    const bytes = new Uint8Array(16)
    expect(isReserved(bytes, readAddress(ip, bytes) as 4 | 16)).toBe(true)
  })

  test.each(
    '9.255.255.255 100.128.0.1 172.32.0.1 192.0.1.1 198.20.0.1 223.1.1.1 2001:4860::1 2a00::1'.split(' ')
  )('%s is not', (ip) => {
    const bytes = new Uint8Array(16)
    expect(isReserved(bytes, readAddress(ip, bytes) as 4 | 16)).toBe(false)
  })
})

describe('an index of CSV', () => {
  const file = csv('net.csv', [
    '1.0.0.0,1.0.0.255,13335,"Cloudflare, Inc."',
    '1.0.1.0,1.0.1.255,13335,"Cloudflare, Inc."',
    '1.0.4.0,1.0.7.255,38803,Gtelecom Pty Ltd',
    '223.255.255.0,223.255.255.255,7,"A ""quoted"" name"',
    '2001:200::,2001:200:1b9:ffff:ffff:ffff:ffff:ffff,2500,WIDE Project',
    '2001:200:1ba::,2001:200:1ba::,9,One address'
  ])
  const index = openRanges(buildRanges([file], { built: '2026-06-17', attribution: 'Ours' }))

  test.each([
    ['0.255.255.255', null],
    ['1.0.0.0', 13335],
    ['1.0.1.255', 13335],
    ['1.0.2.0', null],
    ['1.0.4.0', 38803],
    ['1.0.7.255', 38803],
    ['1.0.8.0', null],
    ['223.255.255.255', 7],
    ['::ffff:1.0.0.1', 13335],
    ['2001:1ff:ffff::', null],
    ['2001:200::', 2500],
    ['2001:200:1b9:ffff:ffff:ffff:ffff:ffff', 2500],
    ['2001:200:1ba::', 9],
    ['2001:200:1ba::1', null],
    ['nonsense', null]
  ])('%s', (ip, asn) => expect(index.lookup(ip)?.asn ?? null).toBe(asn))

  test('says what it is', () => {
    expect(index).toMatchObject({ kind: 'network', built: '2026-06-17', attribution: 'Ours' })
    expect(index.lookup('1.0.0.1')).toEqual({ ...none, asn: 13335, as_org: 'Cloudflare, Inc.' })
    expect(index.lookup('223.255.255.1')?.as_org).toBe('A "quoted" name')
  })

  test('takes countries, cities and numbers for addresses', () => {
    const country = openRanges(buildRanges([csv('c.csv', ['16777216,16777471,AU'])]))
    expect(country).toMatchObject({ kind: 'country' })
    expect(country.lookup('1.0.0.9')).toEqual({ ...none, country: 'AU' })
    const row = '1.0.0.0,1.0.0.255,DE,Bavaria,,Munich,80331,48.1,11.5,Europe/Berlin'
    const city = openRanges(buildRanges([csv('city.csv', [row])]))
    expect(city).toMatchObject({ kind: 'city' })
    expect(city.lookup('1.0.0.9')).toEqual({ ...none, country: 'DE', region: 'Bavaria', city: 'Munich' })
  })

  test('lets a range cut the one it begins in, and refuses others out of order', () => {
    const cut = openRanges(
      buildRanges([csv('cut.csv', ['1.0.0.0,1.0.0.255,1,A', '1.0.0.128,1.0.1.255,2,B'])])
    )
    expect([cut.lookup('1.0.0.127')?.asn, cut.lookup('1.0.0.128')?.asn]).toEqual([1, 2])
    const wrong = csv('wrong.csv', ['2.0.0.0,2.0.0.255,1,A', '1.0.0.0,1.0.0.255,2,B'])
    expect(() => buildRanges([wrong])).toThrow('geoip wrong.csv: 1.0.0.0 to 1.0.0.255 is out of order')
    expect(() => buildRanges([csv('odd.csv', ['a,b,c'])])).toThrow(
      'geoip odd.csv: line 1 is not a range: a,b,c'
    )
    expect(() => buildRanges([csv('empty.csv', [])])).toThrow(
      'geoip empty.csv: no country, city or network in it'
    )
  })

  test('refuses what is not a sound file', () => {
    const bytes = buildRanges([file])
    const changed = bytes.slice()
    changed[4] = 9
    expect(() => openRanges(changed)).toThrow('geo index: version 9, this reads 1')
    expect(() => openRanges(bytes.subarray(0, bytes.length - 1))).toThrow('geo index: cut short')
    expect(() => openRanges(bytes.subarray(0, 40))).toThrow('geo index: cut short')
    expect(() => openRanges(new Uint8Array(3))).toThrow('geo index: not a file of ours')
    expect(() => openRanges(new TextEncoder().encode('<!doctype html>'))).toThrow(
      'geo index: not a file of ours'
    )
  })
})

describe('the shipped indexes', () => {
  const packages = new URL('../../node_modules/@ip-location-db/', import.meta.url)
  let country: RangeIndex
  let network: RangeIndex

  beforeAll(() => {
    const start = performance.now()
    const built = buildDefaults(folder)
    const seconds = ((performance.now() - start) / 1000).toFixed(1)
    console.log(`buildDefaults: ${seconds} s, ${built.map(({ bytes }) => bytes).join(' and ')} bytes`)
    expect(built.map(({ isNew }) => isNew)).toEqual([true, true])
    country = openRanges(readFileSync(join(folder, 'country.geo')))
    network = openRanges(readFileSync(join(folder, 'network.geo')))
  }, 60_000)

  test('are built once', () => {
    const before = statSync(join(folder, 'network.geo')).mtimeMs
    expect(buildDefaults(folder).map(({ isNew }) => isNew)).toEqual([false, false])
    expect(statSync(join(folder, 'network.geo')).mtimeMs).toBe(before)
  })

  test('name their sources', () => {
    expect(country).toMatchObject({ kind: 'country', built: '2026-06-17' })
    expect(country.attribution).toContain('IPtoASN')
    expect(network).toMatchObject({ kind: 'network', built: '2026-06-17' })
    expect(network.attribution).toMatch(/Route Views.*DB-IP.*CC BY 4\.0/)
  })

  test('answer as maxmind does', () => {
    const file = readFileSync(new URL('iptoasn-country-mmdb/iptoasn-country.mmdb', packages))
    const reader = new Reader<CountryResponse & { country_code: string }>(file)
    const scratch = new Uint8Array(16)
    const different = sample(20_000).filter((ip) => {
      if (isReserved(scratch, readAddress(ip, scratch) as 4 | 16)) return country.lookup(ip) !== null
      return (country.lookup(ip)?.country ?? null) !== (reader.get(ip)?.country_code ?? null)
    })
    expect(different).toEqual([])
  })

  test('answer as the rows of the CSV do', () => {
    for (const name of ['asn-ipv4.csv', 'asn-ipv6.csv']) {
      const rows = readFileSync(new URL(`asn/${name}`, packages), 'utf8')
        .trimEnd()
        .split('\n')
      for (let at = 0; at < rows.length; at += 97) {
        const [first, last, asn] = rows[at]!.split(',')
        expect([network.lookup(first!)?.asn, network.lookup(last!)?.asn]).toEqual([Number(asn), Number(asn)])
      }
    }
  })

  test('answer fast', () => {
    const ips = sample(50_000)
    const speeds = [country, network].map((index) => thousandsPerSecond(ips, (ip) => index.lookup(ip)))
    console.log(`lookups: country ${speeds[0]} k/s, network ${speeds[1]} k/s`)
    expect(Math.min(...speeds)).toBeGreaterThan(100)
  })
})

/** Addresses spread over both families, the same at every run. */
function sample(count: number): string[] {
  let state = 1
  const random = (limit: number) => (state = (state * 48_271) % 2_147_483_647) % limit
  const heads = ['2001', '2003', '2400', '2402', '2600', '2607', '2800', '2a00', '2a01', '2a02', '2c0f']
  return Array.from({ length: count }, (_, at) => {
    if (at % 2) return [random(224), random(256), random(256), random(256)].join('.')
    const groups = Array.from({ length: 7 }, () => (random(3) ? random(65_536) : 0).toString(16))
    return [heads[random(heads.length)], ...groups].join(':')
  })
}

needs('shared')('MaxMind’s test databases', () => {
  interface City {
    ip: string
    want: { country: string | null; subdivision: string | null; city: string | null }
  }

  interface Network {
    ip: string
    want: { asn: number | null; org: string | null }
  }

  test.each(['GeoIP2-City-Test', 'GeoLite2-City-Test'])('%s', (name) => {
    const index = openRanges(buildRanges([`${corpora}geo/${name}.mmdb`]))
    expect(index).toMatchObject({ kind: 'city', built: '2026-02-04' })
    const wrong = readRows<City>(`geo/${name}.oracle.jsonl.gz`).filter(({ ip, want }) => {
      const record = index.lookup(ip) ?? none
      const isSame = record.country === want.country && record.city === want.city
      return !isSame || (record.region === null) !== (want.subdivision === null)
    })
    expect(wrong).toEqual([])
    expect(index.lookup('81.2.69.142')).toEqual({ ...none, country: 'GB', region: 'England', city: 'London' })
  })

  test('GeoLite2-ASN-Test', () => {
    const index = openRanges(buildRanges([`${corpora}geo/GeoLite2-ASN-Test.mmdb`]))
    const wrong = readRows<Network>('geo/GeoLite2-ASN-Test.oracle.jsonl.gz').filter(({ ip, want }) => {
      const { asn, as_org } = index.lookup(ip) ?? none
      return asn !== want.asn || as_org !== want.org
    })
    expect(wrong).toEqual([])
    expect(index.lookup('2002:180::')?.asn).toBe(1221)
  })

  test.each([
    ['GeoIP2-City-Test-Broken-Double-Format', 'a number has the wrong length'],
    ['GeoIP2-City-Test-Invalid-Node-Count', 'its search tree does not fit into the file'],
    ['MaxMind-DB-test-broken-search-tree-24', 'its search tree is broken'],
    ['MaxMind-DB-test-broken-pointers-24', 'Unknown type']
  ])('%s is refused', (name, message) => {
    expect(() => buildRanges([`${corpora}geo/${name}.mmdb`])).toThrow(`geoip ${name}.mmdb: ${message}`)
  })

  test('a file that is no MMDB is refused', () => {
    const file = join(folder, 'page.mmdb')
    writeFileSync(file, '<!doctype html><title>Not found</title>'.repeat(10))
    expect(() => buildRanges([file])).toThrow('geoip page.mmdb: ')
  })
})
