import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { zstdDecompressSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { terminal } from '../../cli/push/terminal.ts'
import { accept } from '../../src/lib/accept/accept.ts'
import { noHeader } from '../../src/lib/push/cut.ts'
import { lookFirst } from '../../src/lib/push/first-look.ts'
import { Receiver } from '../../src/lib/push/receiver.ts'
import { NoSite } from '../../src/lib/push/unreadable.ts'

const closing: (() => void)[] = []
afterEach(() => closing.splice(0).forEach((close) => close()))

/** What the Worker answers to a dry run of a body; without a site it refuses what it can read. */
function previewOf(body: Uint8Array, site: string | null) {
  const { hits, indices, refusals } = accept(body, { received: 0, token: null, is_single: true })
  const read = [...hits.values()].flat()
  const lacking = (site === null ? [...indices.values()].flat() : []).map((index) => ({
    index,
    reason: 'site',
    message: 'the record names no service',
    sample: ''
  }))
  const errors = [...refusals, ...lacking].sort((a, b) => a.index - b.index)
  const sites = site === null ? [] : [{ site, accepted: read.length, hits: read.slice(0, 20) }]
  return { status: 'dry_run', rejected: errors.length, sites, errors: errors.slice(0, 20) }
}

/** The first look at a log, at a Worker that knows its site, or none. */
async function look(lines: readonly string[], site: string | null = 'shop'): Promise<void> {
  const server = createServer((request, response) => {
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.once('end', () =>
      response.end(JSON.stringify(previewOf(zstdDecompressSync(Buffer.concat(pieces)), site)))
    )
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  closing.push(() => server.close().closeAllConnections())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const receiver = new Receiver({ url, token: 'lgi_x' }, terminal, { patience: 0, onWait: () => {} })
  await lookFirst({ text: new TextEncoder().encode(lines.join('\n') + '\n'), header: noHeader }, receiver)
}

const record = (time: object) => JSON.stringify({ ip: '203.0.113.7', path: '/a', status: 200, ...time })
const good = record({ time: '2026-11-15T10:11:12Z' })
const zoneless = record({ time: '2026-11-15 10:11:12' })
const timeless = record({})
const unread = record({ time: 'last Sunday' })

describe('the first look at a log', () => {
  it.each([
    ['its first line is one', [good, 'junk']],
    ['its first line is none', ['junk', good]],
    ['its first 20 lines are none', [...Array<string>(30).fill('junk'), good]]
  ])('asks for the site where a request lacks one and %s', async (_, lines) => {
    await expect(look(lines, null)).rejects.toThrow(NoSite)
    await expect(look(lines, null)).rejects.toThrow('--site NAME')
    await look(lines)
  })

  it('says which lines it could not read where none is a request', async () => {
    await expect(look(['junk', 'more'], null)).rejects.toThrow('can read none of its first lines')
  })

  it.each([
    [[zoneless], 'its times name no time zone'],
    [[timeless], 'its lines name no time'],
    [[zoneless, timeless], 'its times name no time zone'],
    [[timeless, unread], 'its times can\'t be read, so its lines would count as of now: "last Sunday"']
  ])('refuses a log whose lines would all count as of now: %j', async (lines, message) => {
    await expect(look(lines)).rejects.toThrow(message)
    await look([...lines, good])
  })
})
