import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as zlib from 'node:zlib'
import { isPrivate, maskAddress, readAddress } from '#lib/accept/address.ts'
import { blankHit } from '#lib/accept/fields.ts'
import { lineFormats } from '#lib/accept/formats/formats.ts'
import { keptAddress, maskAddresses } from '#lib/accept/privacy.ts'
import { clientOf, readRoute } from '#lib/accept/route.ts'
import { Refused } from '#lib/accept/refused.ts'
import { scrub, scrubRaw } from '#lib/accept/scrub.ts'
import { readTime } from '#lib/accept/time.ts'
import { isValid, readClause, readClauses, writeClause, writeClauses } from '#lib/filter/filter.ts'
import { readAgent } from '#lib/enrich/agent.ts'
import { readBot } from '#lib/enrich/bots.ts'
import { openRanges } from '#lib/enrich/geo.ts'
import { createReferrers } from '#lib/enrich/referrer.ts'
import { columns } from '#lib/schema/hit.ts'
import { afterAll, describe, expect, it } from 'vitest'
import { buildRanges } from '../../cli/geoip.ts'
import { decompress } from '../../workers/ingest/decompress.ts'
import { Failure } from '../../workers/failure.ts'
import { amount } from '../amounts.ts'
import { bytesOf, fuzz, textOf, type Target } from './fuzz.ts'
import { checkBatch, checkHit, context } from './hit.ts'

const fixtures = join(import.meta.dirname, '../accept/fixtures')
const bodies = readdirSync(fixtures)
  .filter((name) => name.endsWith('.body'))
  .map((name) => readFileSync(join(fixtures, name), 'latin1'))

const jsonWords =
  '{ } [ ] " : , \\ \\u0000 \\ud800 \\x22 null true -1 1e308 {"path":"/"} "path": "status":200 "message":" "log":{ "service":"a"'
const lineWords =
  ' - |" |" "|[15/Jan/2026:10:11:28 +0000]|GET / HTTP/1.1|203.0.113.7|2001:db8::1|200 |\\"|\\x22|https://a.example/?token=x'

const source = { ...context, time: undefined, server: null, service: undefined }
const limits = { compressed: 1 << 20, decoded: 1 << 20, frames: 1_000 }
const encodings = [null, 'gzip', 'deflate', 'br', 'zstd', 'identity', 'snappy']
const latin1 = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1')
const text = Buffer.from('[{"path":"/shop","status":200}]'.repeat(20))

function geoFile(): string {
  const file = join(mkdtempSync(join(tmpdir(), 'loggia-fuzz-')), 'net.csv')
  const rows = Array.from(
    { length: 200 },
    (_, i) => `${i + 1}.0.0.0,${i + 1}.0.255.255,${i * 7 + 1},Net ${i}`
  )
  writeFileSync(file, [...rows, '2001:200::,2001:200:1b9:ffff:ffff:ffff:ffff:ffff,2500,WIDE'].join('\n'))
  return latin1(buildRanges([file], { built: '2026-06-17', attribution: 'Ours' }))
}

/** Only an error of our own or of the language, never a wrong type thrown. */
function orError<T>(work: () => T): T | Error {
  try {
    return work()
  } catch (error) {
    assert(error instanceof Error)
    return error
  }
}

const targets: Target[] = [
  {
    name: 'decompress',
    inputs: 12_000,
    seeds: [
      zlib.gzipSync(text),
      Buffer.concat([zlib.gzipSync(text), zlib.gzipSync(text)]),
      zlib.deflateSync(text),
      zlib.deflateRawSync(text),
      zlib.zstdCompressSync(text),
      zlib.brotliCompressSync(text),
      text
    ].map(latin1),
    words: ['\x1f\x8b\x08', '\x28\xb5\x2f\xfd', '\x50\x2a\x4d\x18\x04\0\0\0', '\x78\x9c', '[{', '}]'],
    async check(input, random) {
      const stream = new Response(bytesOf(input)).body
      const body = await decompress(stream, random.pick(encodings), limits).catch((error: unknown) => {
        assert(error instanceof Failure, String(error))
        assert([400, 413, 415].includes(error.status), `status ${error.status}`)
        return new Uint8Array()
      })
      assert(body.length <= limits.decoded)
    }
  },
  {
    name: 'accept',
    inputs: 35_000,
    seeds: bodies,
    words: [...jsonWords.split(' '), ...lineWords.split('|')],
    check: (input) => checkBatch(bytesOf(input))
  },
  {
    name: 'line',
    inputs: 35_000,
    seeds: bodies.flatMap((body) => body.split('\n')).filter((line) => /^\S+ \S+ .*\[/.test(line)),
    words: lineWords.split('|'),
    check(input) {
      // As the body's reader hands lines over.
      const line = textOf(input).replaceAll('\0', '␀').trim()
      const format = lineFormats.find((format) => format.matches(line))
      if (format === undefined) return
      const hit = blankHit(source, format.name)
      try {
        format.read(hit, line, source)
      } catch (error) {
        if (error instanceof Refused) return
        throw error
      }
      checkHit(hit)
    }
  },
  {
    name: 'time',
    inputs: 25_000,
    words: [
      '2026',
      '-01',
      '-15',
      'T',
      '10:11:12',
      '.123',
      'Z',
      '+05:45',
      'Jan',
      '/',
      '1768471872',
      '99999',
      '-',
      ' UTC'
    ],
    check(input) {
      for (const value of [input, Number(input)]) {
        const moment = readTime(value)
        if (moment === null) continue
        assert(Number.isSafeInteger(moment.time))
        assert.match(new Date(moment.time).toISOString(), /^\d{4}-/)
        assert(moment.offset === null || Math.abs(moment.offset) <= 18 * 60 + 59)
      }
    }
  },
  {
    name: 'address',
    inputs: 25_000,
    words: [
      '203.0.113.7',
      '::ffff:',
      '2001:db8::',
      ':',
      '::',
      '[',
      ']:443',
      '%eth0',
      ', ',
      '255',
      '0',
      'ff',
      '.'
    ],
    check(input) {
      const inFront = clientOf(readRoute(input, null), isPrivate)
      const inHeader = clientOf(readRoute(null, input), isPrivate)
      for (const address of [readAddress(input), inFront, inHeader]) {
        if (address === null) continue
        assert.equal(readAddress(address), address)
        const masked = maskAddress(address, 24, 48)!
        assert.equal(maskAddress(masked, 24, 48), masked)
        assert.equal(keptAddress(address, 'cut,ip_truncated'), masked)
        assert.equal(keptAddress(address, 'ip_none'), null)
      }
    }
  },
  {
    name: 'privacy',
    inputs: 15_000,
    words: [
      '203.0.113.7',
      '2001:db8::7',
      'token=abc',
      '?',
      '&',
      'jo@example.org',
      'eyJhbGciOi.eyJzdWIiOi.c2ln',
      'https://a:b@c/',
      '%40',
      'Bearer abcdefgh'
    ],
    check(input) {
      const clean = maskAddresses(input, 'none').replaceAll('REDACTED', ' ')
      for (const word of clean.split(/[^0-9a-fA-F:.]+|:(?= |$)/)) {
        const isWhole = word !== '' && readAddress(word) !== null
        assert(!isWhole || !/\d+\.\d+\.\d+\.\d+|:.*:/.test(word), `${word} is left`)
      }
      for (const clean of [scrub, scrubRaw]) {
        const planted = clean(`${input}?x=1&token=s3cr3t-value jo.doe@example.org`)
        assert(!/s3cr3t-value|jo\.doe/.test(planted), planted)
      }
    }
  },
  {
    name: 'agent',
    inputs: 15_000,
    words: [
      'Mozilla/5.0 (',
      'Windows NT 10.0; Win64; x64',
      ') Gecko/20100101 Firefox/140.0',
      'Chrome/140.0.0.0',
      'Safari/',
      'bot',
      'iPhone',
      'Android 15',
      '/',
      ';',
      'compatible;'
    ],
    check(input) {
      const agent = { ...readAgent(input), ...readBot(input) }
      for (const [name, value] of Object.entries(agent))
        assert(
          value === null || typeof value === 'boolean' || (typeof value === 'string' && value !== ''),
          name
        )
    }
  },
  {
    name: 'referrer',
    inputs: 15_000,
    words: [
      'https://',
      'www.google.com',
      '/search?q=x',
      '//',
      '[::1]',
      ':443',
      '@',
      '..',
      'android-app://',
      'xn--',
      '#'
    ],
    check(input, random) {
      const { referrer_domain: domain, referrer_kind } = createReferrers()(
        input,
        random.pick([null, 'example.org'])
      )
      assert(domain === null || (domain.length <= 255 && domain === domain.toLowerCase()), String(domain))
      assert(referrer_kind === null || /^[a-z]+$/.test(referrer_kind))
    }
  },
  {
    name: 'geo',
    inputs: 8_000,
    seeds: [geoFile()],
    words: ['LGEO', '\xff\xff\xff\xff', '\0\0\0\0', '"blocks":', '"ranges":1', '\x80\x80\x80'],
    check(input) {
      const index = orError(() => openRanges(bytesOf(input)))
      if (index instanceof Error) return
      for (const ip of ['1.0.0.1', '200.0.200.1', '223.255.255.255', '2001:200::1', 'x'])
        orError(() => index.lookup(ip))
    }
  },
  {
    name: 'filter',
    inputs: 40_000,
    words: [
      ...columns.map(({ name }) => `,${name},`),
      'is',
      'not',
      'has',
      're',
      'set',
      '~',
      ',',
      '\\,',
      '\\0',
      '\\\\',
      '&f=',
      '%2C'
    ],
    check(input) {
      const text = textOf(input)
      const clause = readClause(text)
      if (clause !== null) {
        assert(isValid(clause))
        assert.deepEqual(readClause(writeClause(clause)), clause)
      }
      const clauses = readClauses(new URLSearchParams(text))
      assert.deepEqual(readClauses(new URLSearchParams(writeClauses(clauses))), clauses)
    }
  }
]

let inputs = 0

describe('fuzzing', () => {
  it.each(targets)('$name', { timeout: 120_000 * amount('fuzz') }, async (target) => {
    inputs += await fuzz(target)
  })

  it('has enough inputs', () => {
    const planned = targets.reduce((sum, { inputs }) => sum + inputs, 0)
    expect(planned).toBeGreaterThanOrEqual(200_000)
  })

  afterAll(() => console.log(`${inputs} inputs fuzzed`))
})
