import { appendFileSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { needs } from '../needs.ts'
import { startNginx } from './nginx.ts'
import { startReceiver } from './receiver.ts'
import { claimUdpPort, startSyslogNg } from './syslog-ng.ts'

const token = 'lgi_abcdefgh_secret'
const soon = { timeout: 40_000, interval: 100 }
const agent = 'Mozilla/5.0 "quoted" \\ <script>'

needs('nginx', 'syslog-ng')('forwarders', () => {
  let folder: string
  let stops: (() => Promise<void>)[]

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'loggia-forwarders-'))
    for (const name of ['nginx', 'syslog-ng']) mkdirSync(join(folder, name))
    stops = []
  })

  afterEach(async () => {
    for (const stop of stops.reverse()) await stop()
    rmSync(folder, { recursive: true })
  })

  const started = <T extends { stop(): Promise<void> }>(program: T) => {
    stops.push(program.stop)
    return program
  }

  async function startAll(via: 'file' | 'udp', answer?: (batches: number) => number) {
    const receiver = started(await startReceiver(answer))
    const port = await claimUdpPort()
    const options = { folder: join(folder, 'nginx'), ...(via === 'udp' && { syslogPort: port }) }
    const nginx = started(await startNginx(options))
    const forwarder = {
      folder: join(folder, 'syslog-ng'),
      url: receiver.url,
      token,
      log: nginx.log,
      port
    }
    return { receiver, nginx, forwarder, syslogNg: started(await startSyslogNg(forwarder)) }
  }

  it.each(['file', 'udp'] as const)('bring a request by %s', async (via) => {
    const { receiver, nginx } = await startAll(via)
    const headers = {
      'User-Agent': agent,
      Referer: 'https://example.org/from',
      'X-Forwarded-For': '203.0.113.9'
    }
    await fetch(`${nginx.url}/missing/page?q=%D8%A7&page=2`, { headers })
    const [record] = await vi.waitUntil(
      () => (receiver.records().length > 0 ? receiver.records() : false),
      soon
    )
    expect(record).toMatchObject({
      service: 'www.example.com',
      remote_addr: '127.0.0.1',
      http_x_forwarded_for: '203.0.113.9',
      request_method: 'GET',
      scheme: 'http',
      host: '127.0.0.1',
      request_uri: '/missing/page?q=%D8%A7&page=2',
      server_protocol: 'HTTP/1.1',
      status: '404',
      http_referer: 'https://example.org/from',
      http_user_agent: agent,
      upstream_status: ''
    })
    expect(Math.abs(Number(record!.msec) * 1000 - Date.now())).toBeLessThan(20_000)
    expect(record!.request_id).toMatch(/^[0-9a-f]{32}$/)
    expect(Number(record!.bytes_sent)).toBeGreaterThan(100)
    expect(receiver.accepted[0]!.headers).toMatchObject({
      authorization: `Bearer ${token}`,
      'content-type': 'application/x-ndjson'
    })
  })

  it('send again what was refused, in batches, and lose nothing', async () => {
    const { receiver, nginx } = await startAll(
      'file',
      (batches) => [500, 500, 503, 503, 429, 401][batches - 1] ?? 200
    )
    for (let index = 0; index < 300; index++) await (await fetch(`${nginx.url}/page/${index}`)).text()
    await vi.waitUntil(() => receiver.records().length >= 300, soon)
    const uris = receiver.records().map(({ request_uri }) => request_uri)
    expect(new Set(uris)).toEqual(new Set(Array.from({ length: 300 }, (_, index) => `/page/${index}`)))
    expect(receiver.requests()).toBeGreaterThan(6)
    expect(receiver.accepted.length).toBeLessThan(20)
  })

  it('send a thousand lines a batch when there are so many', async () => {
    const { receiver, nginx } = await startAll('file')
    const lines = Array.from({ length: 5_000 }, (_, index) =>
      JSON.stringify({ request_uri: `/page/${index}` })
    )
    appendFileSync(nginx.log, lines.join('\n') + '\n')
    await vi.waitUntil(() => receiver.records().length >= lines.length, soon)
    expect(receiver.accepted.length).toBeLessThanOrEqual(7)
  })

  it('go on where they were after a restart', async () => {
    const { receiver, nginx, forwarder, syslogNg } = await startAll('file')
    await fetch(`${nginx.url}/before`)
    await vi.waitUntil(() => receiver.records().length === 1, soon)
    await syslogNg.stop()
    await fetch(`${nginx.url}/meanwhile`)
    started(await startSyslogNg(forwarder))
    await fetch(`${nginx.url}/after`)
    await vi.waitUntil(() => receiver.records().length >= 3, soon)
    expect(receiver.records().map(({ request_uri }) => request_uri)).toEqual([
      '/before',
      '/meanwhile',
      '/after'
    ])
  })

  it('read a file to its end that logrotate moves away, and then the new one', async () => {
    const { receiver, nginx } = await startAll('file')
    await fetch(`${nginx.url}/before`)
    await vi.waitUntil(() => receiver.records().length === 1, soon)
    await fetch(`${nginx.url}/last`)
    renameSync(nginx.log, `${nginx.log}.1`)
    nginx.reopen()
    await vi.waitUntil(() => existsSync(nginx.log), soon)
    await fetch(`${nginx.url}/after`)
    await vi.waitUntil(() => receiver.records().length >= 3, soon)
    expect(receiver.records().map(({ request_uri }) => request_uri)).toEqual(['/before', '/last', '/after'])
  })
})
