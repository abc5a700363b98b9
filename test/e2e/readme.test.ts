import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { root } from '../../cli/process.ts'
import { parseStart } from '../../cli/start.ts'
import { serveLogs } from '../cli/push/log-server.ts'
import { standInForCloudflare } from './cloudflare.ts'
import { OwnStack } from './stack.ts'

const read = (file: string) => readFileSync(join(root, file), 'utf8')
const readme = read('README.md')
const scripts = (JSON.parse(read('package.json')) as { scripts: Record<string, string> }).scripts
const fence = /^```(\w*)\n([^]*?)^```$/gm

/** The commands of README: lines of its blocks of `sh`, without their comments, and those in its text. */
const blocks = [...readme.matchAll(fence)]
  .filter(([, language]) => language === 'sh')
  .map(([, , text]) => text!)
/** A command may go on in the next line. */
const joined = (text: string) => text.trim().replaceAll(/ \\\n */g, ' ')
const lines = blocks.flatMap((text) => joined(text).split('\n')).map((line) => line.replace(/ +# .*/, ''))
const inText = [...readme.replace(fence, '').matchAll(/`((?:npm|npx) [^`]+)`/g)].map(([, text]) => text!)
const commands = [...new Set([...lines, ...inText])]
const these = (pattern: RegExp) => commands.filter((command) => pattern.test(command))

const environment = /^export /
const ofNpm = these(/^npm /)
const ofLoggia = these(/^npx loggia /)
const ofWrangler = these(/^npx wrangler /)
/** forwarders-requests.test.ts runs them. */
const ofCurl = these(/^curl /)

const day = '2026-01-01'
const line = (path: string) =>
  `192.0.2.7 - - [01/Jan/2026:12:00:00 +0000] "GET ${path} HTTP/1.1" 200 512 "-" "curl/8.0"\n`
const body = JSON.stringify([
  { 'client.addr': '192.0.2.9', target: '/own', status: 200, date: `${day}T12:00:00Z` }
])

describe('README', () => {
  const site = 'readme.example'
  let stack: OwnStack
  let folder: string
  let token: string
  let logs: Awaited<ReturnType<typeof serveLogs>>
  let cloudflare: Awaited<ReturnType<typeof standInForCloudflare>>

  beforeAll(async () => {
    stack = await OwnStack.start()
    token = await stack.client.createToken(site)
    folder = mkdtempSync(join(tmpdir(), 'loggia-readme-'))
    writeFileSync(join(folder, 'access.log'), line('/a') + line('/b'))
    logs = await serveLogs({ user: 'me', password: 's3cret' })
    logs.files.set('/2026/01/01.log.gz', Buffer.from(line('/c')))
    cloudflare = await standInForCloudflare()
  })
  afterAll(async () => {
    cloudflare?.close()
    logs?.close()
    await stack?.stop()
    rmSync(folder, { recursive: true })
  })

  /** Runs a command as it stands, but for names of its reader's own. Typed is `s3cret`. */
  async function run(command: string) {
    const own = [
      // It goes on until Ctrl-C.
      [/^npx loggia monitor .*$/gm, 'timeout --preserve-status --signal=INT 5 $& || [ $? = 130 ]'],
      [/https:\/\/loggia\.[\w-]+\.workers\.dev/g, stack.url],
      ['https://logs.example.org', logs.url.replace('//', '//me:s3cret@')],
      ['/var/log/nginx', folder],
      ['lgi_…', token]
    ] as const
    const script = [...these(environment), command].reduce(
      (script, part) => `${script}\n${own.reduce((text, [from, to]) => text.replaceAll(from, to), part)}`,
      'set -e'
    )
    const env = {
      PATH: process.env.PATH,
      HOME: join(folder, '.home'),
      LOGGIA_PASSWORD: stack.password,
      CLOUDFLARE_API_BASE_URL: cloudflare.url,
      CLOUDFLARE_API_TOKEN: 'of-cloudflare',
      CLOUDFLARE_ACCOUNT_ID: 'account',
      WRANGLER_SEND_METRICS: 'false',
      WRANGLER_HIDE_BANNER: 'true',
      WRANGLER_WRITE_LOGS: 'false'
    }
    const child = spawn('sh', ['-c', script], { cwd: root, env })
    child.stdin.end('s3cret\n')
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (output += text))
    const [code] = (await once(child, 'close')) as [number]
    return { code, output }
  }

  it('names no command that no test runs', () => {
    const run = [...ofNpm, ...ofLoggia, ...ofWrangler, ...ofCurl, ...these(environment)]
    expect(commands.filter((command) => !run.includes(command))).toEqual([])
    expect([ofCurl.length, ofLoggia.length, ofWrangler.length]).not.toContain(0)
  })

  it.each(ofNpm)('names a script of the package: %s', async (command) => {
    const [, name = ''] = /^npm (?:run )?(\w+)/.exec(command) ?? []
    expect(scripts).toHaveProperty(name)
    const [, args] = command.split(' -- ')
    if (args) expect(parseStart(args.split(' '))).toMatchObject({ help: false })
    // The page is built already, and nothing is to be deployed.
    if (name !== 'deploy') return
    expect(scripts.deploy).toMatch(/ wrangler deploy$/)
    expect(await run('npx wrangler deploy --dry-run')).toMatchObject({ code: 0 })
  })

  /** What each command of Loggia says. */
  const answers: readonly (readonly [RegExp, RegExp])[] = [
    [/ push \//, /access\.log: 2 hits\n/],
    [/ push 'https:.*--from 2026-01-01$/, /2026\/01\/01\.log\.gz: 1 hit\n/],
    [/ token /, /^lgi_\w{8}_/m],
    [/ secret$/, /^[\w-]{43}\.\d+$/m],
    [/ fsck /, /readme\.example/],
    [/ generate /, / lines in 2 seconds: /],
    [/ monitor /, /^0 requests, 0 alerts$/m]
  ]

  it.each(ofLoggia)('runs: %s', async (command) => {
    const [, answer] = answers.find(([pattern]) => pattern.test(command)) ?? []
    expect(answer).toBeDefined()
    const { code, output } = await run(command)
    expect(output).toMatch(answer!)
    expect(code).toBe(0)
  })

  it.each(ofWrangler)('asks Cloudflare: %s', async (command) => {
    cloudflare.asked.length = 0
    const { asked } = cloudflare
    const [, , topic = '', , name = ''] = command.split(' ')
    // It opens a browser.
    if (topic === 'login') return expect(await run(`${command} --help`)).toMatchObject({ code: 0 })
    expect(await run(command)).toMatchObject({ code: 0 })
    const authorization = 'Bearer of-cloudflare'
    if (topic === 'r2') {
      const [, bucket] = /bucket_name = "(.*)"/.exec(read('wrangler.toml')) ?? []
      expect(asked).toEqual([
        { what: 'POST /accounts/account/r2/buckets', authorization, body: { name: bucket } }
      ])
    } else {
      expect(read('workers/access/secrets.d.ts')).toMatch(new RegExp(`\\b${name}\\?: string`))
      expect(asked).toMatchObject([
        {
          what: 'PUT /accounts/account/workers/scripts/loggia/secrets',
          authorization,
          body: { name, text: 's3cret' }
        }
      ])
    }
  })

  const settings = (path: string, init: RequestInit = {}) =>
    fetch(`${stack.url}/api/${path}settings`, { headers: stack.client.headers, ...init })
  const put = (path: string, value: string) => settings(path, { method: 'PUT', body: value })

  /** What each piece of JSON in the text does. */
  const pieces: Record<string, (json: string) => Promise<void>> = {
    async ip(json) {
      expect((await put('sites/own.readme/', JSON.stringify({ line_formats: [json] }))).status).toBe(200)
      expect(await stack.push([body], { site: 'own.readme' })).toMatchObject({ body: { accepted: 1 } })
    },
    async host_sites(json) {
      expect((await put('', json)).status).toBe(200)
      const host = 'www.example.org'
      // What a token may do is believed for a minute.
      const token = await stack.client.createToken()
      const record = { host, path: '/', status: 200, ip: '192.0.2.7' }
      const answer = await stack.push([JSON.stringify(record)], { token })
      expect(answer).toMatchObject({ body: { sites: [{ site: 'example', accepted: 1 }] } })
    },
    async trusted_proxies(json) {
      expect((await put(`sites/${site}/`, json)).status).toBe(200)
      expect(await (await settings(`sites/${site}/`)).json()).toMatchObject(JSON.parse(json))
    }
  }
  const jsons = [...readme.matchAll(/`(\{"[^`]+\})`/g)].map(([, json]) => json!)

  it.each(jsons.filter((json) => json.includes(': ')))('has JSON that the API takes: %s', async (json) => {
    const [key = ''] = Object.keys(JSON.parse(json) as object)
    expect(Object.keys(pieces)).toContain(key)
    await pieces[key]!(json)
  })
})
