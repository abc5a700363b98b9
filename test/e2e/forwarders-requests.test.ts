import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { root } from '../../cli/process.ts'
import { fill } from '../../src/routes/fill.ts'
import { forwarders } from '../../src/routes/snippets.ts'
import { field, message, snap } from '../workers/wire.ts'
import { standInForCloudflare } from './cloudflare.ts'
import { lane } from './lane.ts'
import { readers } from './sent.ts'
import { Stack } from './stack.ts'

const recorded = (name: string) => readFileSync(join(root, 'test/accept/fixtures', `${name}.body`), 'utf8')
const combined = (path: string) =>
  `203.0.113.7 - - [15/Jan/2026:10:11:32 +0000] "GET ${path} HTTP/1.1" 200 1228 "-" "Mozilla/5.0 (X11; Linux x86_64)"`
const lines = ['/a', '/b', '/c'].map(combined)

interface Request {
  body: string | Uint8Array
  hits: number
}

/** A request of each program that Debian does not carry: recorded, or made by the rules of its protocol. */
const requests: Record<string, Request> = {
  'Fluent Bit': { body: recorded('fluent-bit-json'), hits: 1 },
  'Fluent Bit (.conf)': { body: recorded('fluent-bit-json'), hits: 1 },
  Docker: { body: `[${recorded('docker').trim()}]`, hits: 1 },
  Vector: { body: lines.join('\n'), hits: 3 },
  Logstash: { body: recorded('logstash-batch'), hits: 1 },
  Fluentd: { body: lines.map((line) => `${JSON.stringify({ message: line })}\n`).join(''), hits: 3 },
  Filebeat: { body: recorded('filebeat-bulk'), hits: 1 },
  'Grafana Alloy': {
    body: snap(
      message(
        1,
        field(1, '{filename="/var/log/nginx/loggia.log"}'),
        ...lines.map((line) => message(2, message(1, field(1, 1_768_471_892)), field(2, line)))
      )
    ),
    hits: 3
  },
  OpenTelemetry: { body: recorded('otlp'), hits: 1 },
  'Cloudflare Logpush': { body: recorded('logpush'), hits: 2 }
}

const run = ['syslog-ng', 'rsyslog', 'curl']

describe('the snippets of Setup', () => {
  let stack: Stack
  beforeAll(async () => {
    stack = await Stack.join(lane().server)
  })

  const filled = (title: string, site: string, origin = stack.url) =>
    forwarders
      .find((forwarder) => forwarder.title === title)!
      .files.map(({ text }) => fill(text, { origin, token: stack.token, site, log: 'access.log' }))
      .join('\n')

  it('are each sent by or run', () => {
    expect([...Object.keys(requests), ...run].sort()).toEqual(forwarders.map(({ title }) => title).sort())
    expect(Object.keys(readers).sort()).toEqual(Object.keys(requests).sort())
  })

  it.each(Object.entries(requests))('of %s take a request of it', async (title, { body, hits }) => {
    const site = `sent.${title.toLowerCase().replaceAll(/\W/g, '')}`
    const { url, headers } = readers[title]!(filled(title, site))
    // Recorded records that name a site name this one.
    const own = typeof body === 'string' ? Buffer.from(body.replaceAll('"example"', `"${site}"`)) : body
    const response = await fetch(url, {
      method: 'POST',
      headers,
      body: new Uint8Array(headers['Content-Encoding'] === 'gzip' ? gzipSync(own) : own)
    })
    const text = await response.text()
    expect({ ok: response.ok, text }).toMatchObject({ ok: true })
    expect((await stack.client.status(site)).outcomes).toEqual({ accepted: hits })
  })

  it('of Filebeat take its question who answers', async () => {
    const { url, headers } = readers.Filebeat!(filled('Filebeat', 'sent.filebeat'))
    const response = await fetch(url.replace(/\/_bulk.*/, '/'), { headers })
    expect(response.headers.get('X-Elastic-Product')).toBe('Elasticsearch')
    expect(await response.json()).toMatchObject({ version: { number: /^8\./ } })
  })

  it('of Logpush ask Cloudflare for a job that sends here', async () => {
    const cloudflare = await standInForCloudflare()
    const text = filled('Cloudflare Logpush', 'sent.job')
    const script = text.replace('https://api.cloudflare.com', cloudflare.url)
    const child = spawn('sh', ['-c', script], {
      env: { PATH: process.env.PATH, ZONE_ID: 'zone', CLOUDFLARE_API_TOKEN: 'of-cloudflare' },
      stdio: 'ignore'
    })
    expect(await once(child, 'close')).toEqual([0, null])
    cloudflare.close()
    expect(cloudflare.asked).toMatchObject([
      {
        what: 'POST /client/v4/zones/zone/logpush/jobs',
        authorization: 'Bearer of-cloudflare',
        body: {
          dataset: 'http_requests',
          destination_conf: expect.stringContaining(`${stack.url}/api/ingest?`)
        }
      }
    ])
  })

  it('of Logpush take the file it begins with, which is no hit', async () => {
    const { url, headers } = readers['Cloudflare Logpush']!(filled('Cloudflare Logpush', 'sent.validation'))
    const body = new Uint8Array(gzipSync(recorded('logpush-validation')))
    const response = await fetch(url, { method: 'POST', headers, body })
    expect(await response.json()).toMatchObject({ accepted: 0, rejected: 0 })
  })
})

describe('curl', () => {
  let stack: Stack
  const folder = mkdtempSync(join(tmpdir(), 'loggia-curl-'))
  beforeAll(async () => {
    stack = await Stack.join(lane().server)
    writeFileSync(join(folder, 'access.log'), lines.join('\n') + '\n')
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  const sh = (script: string) => execFileSync('sh', ['-c', script], { cwd: folder, encoding: 'utf8' })

  it.each(curlsOf(readFileSync(join(root, 'README.md'), 'utf8')))(
    'of README runs as it stands: %s',
    async (script) => {
      const made = await fetch(`${stack.url}/api/tokens`, {
        method: 'POST',
        headers: { ...stack.client.headers, 'content-type': 'application/json' },
        body: JSON.stringify({ site: 'example', scope: 'annotations', name: 'Deploys' })
      })
      const { token } = (await made.json()) as { token: string }
      const own = script
        .replaceAll('https://loggia.example.workers.dev', stack.url)
        .replaceAll('lgi_…', stack.token)
        .replaceAll('lga_…', token)
        .replaceAll(/\$\(git [^)]*\)/g, 'v1.2')
      expect(JSON.parse(sh(own))).toMatchObject(
        script.includes('/annotations')
          ? { annotation: { text: 'Deployed v1.2' } }
          : { received: 3, rejected: 0 }
      )
    }
  )

  it('of Setup sends a log of more than 20 MiB, in pieces that count once', async () => {
    const [{ text } = { text: '' }] = forwarders.find(({ title }) => title === 'curl')!.files
    const script = fill(text, { origin: stack.url, token: stack.token, site: 'curl.large', log: '' })
    const count = 180_000
    const large = Array.from({ length: count }, (_, index) => combined(`/page/${index}`)).join('\n') + '\n'
    expect(large.length).toBeGreaterThan(20 << 20)
    writeFileSync(join(folder, 'access.log'), large)
    sh(script)
    expect((await stack.client.status('curl.large')).outcomes).toEqual({ accepted: count })
    sh(script)
    expect((await stack.client.status('curl.large')).outcomes).toEqual({ accepted: count, duplicate: count })
  })
})

/** The blocks of a page of Markdown that run curl. */
function curlsOf(page: string): string[] {
  const blocks = [...page.matchAll(/^```sh\n([^]*?)^```$/gm)].map(([, script]) => script!.trim())
  const found = blocks.filter((script) => /^curl\b/m.test(script))
  if (found.length === 0) throw new Error('README has no curl to run')
  return found
}
