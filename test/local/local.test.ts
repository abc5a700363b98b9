import { columns, type AcceptedHit, type Hit } from '#lib/schema/hit.ts'
import { parquetReadObjects } from 'hyparquet'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { createEnricher } from '../../src/lib/enrich/enrich.ts'
import { sniff, unpack } from '../../src/lib/local/file.ts'
import { Parts, type Made } from '../../src/lib/local/parts.ts'
import { nothingRead, readHits, stretches } from '../../src/lib/local/read.ts'
import { asCombined, asNginx } from '../../src/lib/sample/lines.ts'
import { traffic } from '../../src/lib/sample/traffic.ts'

const text = new TextEncoder()
const day = 86_400_000
const now = Date.UTC(2026, 10, 20)
const requests = [...traffic({ seed: 3, from: now - 3 * day, to: now, hits: 9_000 })]

async function* chunks(bytes: Uint8Array, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size)
}

async function read(bytes: AsyncIterable<Uint8Array>) {
  const reading = nothingRead(0)
  const hits: AcceptedHit[] = []
  for await (const some of readHits(bytes, reading, now)) hits.push(...some)
  return { reading, hits }
}

async function collect<T>(from: AsyncIterable<T>): Promise<T[]> {
  return Array.fromAsync(from)
}

describe('a file opened on the device', () => {
  it.each([
    ['nginx JSON', requests.map((request) => asNginx(request, 'demo'))],
    ['combined', requests.map((request) => asCombined(request))]
  ])('is read in chunks that end anywhere: %s', async (_, lines) => {
    const bytes = text.encode(`${lines.join('\n')}\n`)
    const [whole, torn] = [await read(chunks(bytes, bytes.length)), await read(chunks(bytes, 9_973))]
    expect(torn.reading.lines).toBe(lines.length)
    expect(torn.hits.length).toBe(whole.hits.length)
    expect(torn.hits.length + torn.reading.refusals.total).toBe(lines.length)
    expect(torn.hits.length).toBeGreaterThan(8_900)
  })

  it('keeps a JSON array and objects over several lines whole', async () => {
    const records = requests.slice(0, 500).map((request) => JSON.parse(asNginx(request, 'demo')))
    for (const body of [
      JSON.stringify(records),
      records.map((one) => JSON.stringify(one, null, 1)).join('\n')
    ])
      expect((await read(chunks(text.encode(body), 1_000))).hits.length).toBeGreaterThan(480)
  })

  it('has the client behind private proxies, as a site of default settings', async () => {
    const line = (peer: string, list: string) =>
      `${peer} - - [20/Nov/2026:12:00:00 +0000] "GET / HTTP/1.1" 200 1 "-" "curl/8" "${list}"`
    const json = (peer: string, list: string) =>
      JSON.stringify({ remote_addr: peer, http_x_forwarded_for: list, request_uri: '/', status: 200 })
    for (const write of [line, json]) {
      const lines = [
        write('10.0.0.5', '198.51.100.1, 203.0.113.9, 192.168.0.3'),
        write('203.0.113.7', '198.51.100.1')
      ]
      const { hits } = await read(chunks(text.encode(`${lines.join('\n')}\n`), 9_973))
      expect(hits.map(({ ip }) => ip)).toEqual(['203.0.113.9', '203.0.113.7'])
    }
  })

  it('is read to its end by the #Fields at its beginning', async () => {
    const fields =
      '#Version: 1.0\r\n#Date: 2026-11-19 00:00:00\r\n#Fields: time c-ip cs-method cs-uri-stem sc-status\r\n'
    const lines = Array.from(
      { length: 70_000 },
      (_, i) => `12:00:00 203.0.113.7 GET /page/${i}/of/many 200\r\n`
    )
    const { hits, reading } = await read(chunks(text.encode(fields + lines.join('')), 65_537))
    expect(reading.refusals.total).toBe(0)
    expect(hits).toHaveLength(70_000)
    expect(hits.at(-1)).toMatchObject({
      path: '/page/69999/of/many',
      shape: 'w3c',
      time: Date.UTC(2026, 10, 19, 12)
    })
  })

  it('cuts stretches where a line ends', async () => {
    const bytes = text.encode('x'.repeat(99).concat('\n').repeat(60_000))
    const cut = await collect(stretches(chunks(bytes, 65_537)))
    expect(cut.length).toBeGreaterThan(1)
    expect(cut.every((stretch) => stretch.at(-1) === 10)).toBe(true)
    expect(cut.reduce((sum, { length }) => sum + length, 0)).toBe(bytes.length)
  })

  it('names the line and the reason of what it refuses', async () => {
    const lines = [asNginx(requests[0]!, 'demo'), 'Nov 22 10:00:00 host cron[1]: something else']
    const { reading } = await read(chunks(text.encode(`${lines.join('\n')}\n`), 1 << 20))
    expect(reading.refusals).toMatchObject({
      total: 1,
      reasons: { line: 1 },
      samples: [{ line: 2, reason: 'line' }]
    })
  })

  it('unpacks gzip files of several members', async () => {
    const members = ['one\n', 'two\n'.repeat(50_000), 'three\n'].map((part) => gzipSync(part))
    const counted: number[] = []
    const file = new Blob(members)
    const bytes = await collect(unpack(file, 'gzip', (count) => counted.push(count)))
    expect(Buffer.concat(bytes).toString()).toBe(`one\n${'two\n'.repeat(50_000)}three\n`)
    expect(counted.reduce((a, b) => a + b)).toBe(file.size)
  })

  it('is read up to where a packed file is cut off', async () => {
    const noise = Array.from({ length: 60_000 }, (_, i) => `${(i * 2_654_435_761) % 2 ** 32}\n`).join('')
    for (const [content, least] of [
      ['one\n'.repeat(200), 400],
      [noise, noise.length * 0.8]
    ] as const) {
      const whole = gzipSync(content)
      const cut = unpack(new Blob([whole.subarray(0, whole.length * 0.9)]), 'gzip', () => {})
      let read = ''
      await expect(
        (async () => {
          for await (const bytes of cut) read += Buffer.from(bytes).toString()
        })()
      ).rejects.toThrow(TypeError)
      expect(content.startsWith(read)).toBe(true)
      expect(read.length).toBeGreaterThan(least)
    }
  })

  it.each(['utf-16le', 'utf-16be'] as const)(
    'is text in UTF-8, also where it is stored as %s',
    async (encoding) => {
      const content = `\ufeff${'é ü 日本\n'.repeat(40_000)}`
      const bytes = Buffer.from(content, 'utf16le')
      const stored = encoding === 'utf-16le' ? bytes : bytes.swap16()
      expect(sniff(stored.subarray(0, 4_096))).toBe('text')
      for (const [file, format] of [
        [new Blob([stored]), 'text'],
        [new Blob([gzipSync(stored)]), 'gzip']
      ] as const) {
        const read = Buffer.concat(await collect(unpack(file, format, () => {})))
        expect(read.toString() === content.slice(1)).toBe(true)
      }
    }
  )

  it.each([
    ['', /empty/],
    ['PK\x03\x04', /ZIP/],
    ['BZh9', /bzip2/],
    ['\x00\x01\x02\x03\x04', /binary/]
  ])('says what a wrong file is: %j', (head, message) => {
    expect(() => sniff(text.encode(head))).toThrow(message)
  })

  it('writes parts that the store can read back, each of one day', async () => {
    const { hits } = await read(
      chunks(text.encode(requests.map((r) => asNginx(r, 'demo')).join('\n')), 1 << 20)
    )
    const salt = new Uint8Array(32)
    const enrich = createEnricher({ site: 'x', country: null, network: null, salt: () => salt })
    const whole: Hit[] = hits.map((hit) => ({ seq: 0, ...hit, ...enrich(hit) }))
    const parts = new Parts(now)
    const made: Made[] = [...(await collect(parts.add(whole))), ...(await collect(parts.finish()))]
    expect(made.map(({ part }) => part.day)).toEqual(['2026-11-17', '2026-11-18', '2026-11-19'])
    for (const { part, bytes } of made) {
      const rows = await parquetReadObjects({ file: bytes.buffer, parsers })
      expect(rows.length).toBe(part.rows)
      const start = Date.parse(part.day)
      const expected = whole
        .filter(({ time }) => time >= start && time < start + day)
        .sort((a, b) => a.time - b.time)
      for (const { name } of columns.filter(({ name }) => name !== 'seq'))
        expect(rows.map((row) => plain(row[name]))).toEqual(expected.map((hit) => plain(hit[name])))
    }
  })
})

const parsers = { timestampFromMilliseconds: (ms: bigint) => ms }
const plain = (value: unknown) => (typeof value === 'boolean' ? value : value === null ? null : String(value))
