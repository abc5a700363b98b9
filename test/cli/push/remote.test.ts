import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Ledger } from '../../../cli/push/ledger.ts'
import { ovhSources } from '../../../cli/push/ovh.ts'
import { remoteSources } from '../../../cli/push/remote.ts'
import type { Source } from '../../../cli/push/sources.ts'
import { unpack } from '../../../cli/push/unpack.ts'
import { serveLogs } from './log-server.ts'

const now = Date.parse('2026-11-21T12:00:00Z')
const login = { user: 'me@example.com', password: 's3cret' }

let server: Awaited<ReturnType<typeof serveLogs>>
let files: Map<string, Uint8Array>
let url: string

beforeEach(async () => {
  server = await serveLogs(login)
  files = server.files
  url = `${server.url}/shop.example`
})
afterEach(() => server.close())

async function read(source: Source, stamp: string | null = null): Promise<string> {
  const opened = await source.open(stamp)
  if (typeof opened === 'string') return opened
  const parts: Uint8Array[] = []
  for await (const part of unpack(opened.chunks)) parts.push(part)
  return Buffer.concat(parts).toString()
}

describe('the logs of an OVH hosting', () => {
  it('are those of 365 days, each with its errors, then the live ones of yesterday and today', async () => {
    files.set('/shop.example/logs/logs-11-2025/shop.example-21-11-2025.log.gz', gzipSync('first day'))
    files.set('/shop.example/logs/logs-11-2026/error/shop.example-20-11-2026.log.gz', gzipSync('an error'))
    files.set('/shop.example/osl/shop.example-20-11-2026.log', Buffer.from('live, yesterday'))
    files.set('/shop.example/osl/shop.example-21-11-2026.log', Buffer.from('live'))
    const sources = ovhSources(url, login, now)
    expect(sources).toHaveLength(365 * 2 + 2)
    const found = []
    for (const source of [...sources.slice(0, 2), ...sources.slice(-4)]) found.push(await read(source))
    expect(found).toEqual(['first day', 'missing', 'missing', 'an error', 'live, yesterday', 'live'])
  })

  it('are found by account and cluster', () => {
    const [first] = ovhSources('shop.example@cluster030', login, now)
    expect(first!.name).toBe(
      'https://logs.cluster030.hosting.ovh.net/shop.example/logs/logs-11-2025/shop.example-21-11-2025.log.gz'
    )
    expect(() => ovhSources('shop.example', login, now)).toThrow('example.com@cluster030')
  })

  it('have the live log of a day and its archive as twins', () => {
    const sources = ovhSources(url, login, now)
    const [archive, , live] = sources.slice(-4)
    expect(live!.twin).toBe(archive!.name)
    expect(archive!.twin).toBe(live!.name)
  })
})

describe('an address', () => {
  it('with a date stands for a log a day, up to yesterday', () => {
    const list = remoteSources(
      `${url}/{yyyy}-{mm}-{dd}.log.gz`,
      login,
      { from: '2026-11-18', to: undefined },
      now
    )
    expect(list.map(({ name }) => name.slice(url.length))).toEqual([
      '/2026-11-18.log.gz',
      '/2026-11-19.log.gz',
      '/2026-11-20.log.gz'
    ])
    expect(() => remoteSources(`${url}/{dd}`, login, { from: '2026-02-30', to: undefined }, now)).toThrow(
      'not a day'
    )
    expect(() => remoteSources(`${url}/{dd}`, login, { from: undefined, to: undefined }, now)).toThrow(
      '--from'
    )
  })

  it('keeps its password to itself', async () => {
    files.set('/shop.example/a.log', Buffer.from('a log'))
    const secret = url.replace('//', `//${encodeURIComponent(login.user)}:${login.password}@`)
    const [source] = remoteSources(`${secret}/a.log`, null, { from: undefined, to: undefined }, now)
    expect(await read(source!)).toBe('a log')
    expect(JSON.stringify(source)).not.toContain(login.password)
    const [stranger] = remoteSources(`${url}/a.log`, null, { from: undefined, to: undefined }, now)
    await expect(read(stranger!)).rejects.toThrow(/does not let you in \(401\)\. Check --user/)
  })

  it('is downloaded again only after it has changed', async () => {
    files.set('/shop.example/a.log', Buffer.from('one\n'))
    const [source] = remoteSources(`${url}/a.log`, login, { from: undefined, to: undefined }, now)
    const opened = await source!.open(null)
    if (typeof opened === 'string') throw new Error(opened)
    expect(await read(source!, opened.stamp)).toBe('same')
    files.set('/shop.example/a.log', Buffer.from('one\ntwo\n'))
    expect(await read(source!, opened.stamp)).toBe('one\ntwo\n')
    expect(server.asked.map((line) => line.slice(0, 3))).toEqual(['200', '304', '200'])
  })
})

it('a log of which nothing was sent has no stamp, one that was begun has an empty one', () => {
  const ledger = Ledger.empty()
  expect(ledger.stampOf('a')).toBeNull()
  ledger.noteBegun('a')
  expect(ledger.stampOf('a')).toBe('')
  ledger.noteWhole('a', 'x', '')
  ledger.noteBegun('a')
  expect(ledger.stampOf('a')).toBe('x')
})
