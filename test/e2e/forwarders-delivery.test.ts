import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { acceptText, hitsOf } from '../accept/show.ts'
import { needs } from '../needs.ts'
import { askParts } from '../store/native.ts'
import { startApache, type WebServer } from './apache.ts'
import { startCaddy } from './caddy.ts'
import { startHAProxy, type HAProxy } from './haproxy.ts'
import { startNginx } from './nginx.ts'
import type { Program } from './program.ts'
import { startRsyslog } from './rsyslog.ts'
import { OwnStack } from './stack.ts'
import { claimUdpPort, startSyslogNg } from './syslog-ng.ts'

const agent = 'Mozilla/5.0 "quoted" \\ <script> café'
/** `fetch` writes a byte for each character. */
const agentBytes = Buffer.from(agent).toString('latin1')
const perPhase = 150

needs(
  'nginx',
  'apache2',
  'caddy',
  'syslog-ng',
  'rsyslogd'
)('the shipped files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'loggia-delivery-'))
  let stack: OwnStack
  let servers: Record<'www.example.com' | 'shop.example' | 'caddy.example', WebServer>
  let rsyslog: Program
  let startAgain: () => Promise<Program>
  const programs: Program[] = []
  const started = <T extends Program>(program: T) => {
    programs.push(program)
    return program
  }
  const own = (name: string) => {
    mkdirSync(join(folder, name))
    return join(folder, name)
  }

  beforeAll(async () => {
    stack = await OwnStack.start()
    servers = {
      'www.example.com': started(await startNginx({ folder: own('nginx') })),
      'shop.example': started(await startApache(own('apache'), 'shop.example')),
      'caddy.example': started(await startCaddy(own('caddy')))
    }
    const { url, token } = stack
    const read = async (name: string, more: { log: string; token: string }) =>
      started(await startSyslogNg({ folder: own(name), url, port: await claimUdpPort(), ...more }))
    await read('syslog-ng', { log: servers['www.example.com'].log, token })
    // Caddy's lines name no site: its token does.
    const caddyToken = await stack.client.createToken('caddy.example')
    await read('syslog-ng-caddy', { log: servers['caddy.example'].log, token: caddyToken })
    const rsyslogOptions = { folder: own('rsyslog'), url, token, log: servers['shop.example'].log }
    startAgain = async () => (rsyslog = started(await startRsyslog(rsyslogOptions)))
    await startAgain()
  })

  afterAll(async () => {
    for (const program of programs.reverse()) await program.stop()
    await stack?.stop()
    rmSync(folder, { recursive: true })
  })

  async function ask(phase: string, count = perPhase): Promise<void> {
    for (const { url } of Object.values(servers))
      for (let index = 0; index < count; index++)
        await (await fetch(`${url}/${phase}/${index}`, { headers: { 'User-Agent': agentBytes } })).text()
  }

  it('bring every line of nginx, Apache and Caddy, across restarts of the Worker and of the forwarder', async () => {
    await ask('before')
    const { resume } = await stack.pause()
    await ask('meanwhile')
    await rsyslog.stop('SIGKILL')
    await resume()
    await startAgain()
    await ask('after')
    for (const site of Object.keys(servers)) {
      await stack.waitForRows(site, 3 * perPhase, 60_000)
      const { parts } = await stack.client.manifest(site)
      const bytes = await Promise.all(parts.map(({ id }) => stack.client.part(site, id)))
      const [counted] = await askParts(
        bytes,
        `select count(*)::int as hits, count(distinct path)::int as paths, count(distinct request_id)::int as ids,
           count(distinct user_agent)::int as agents, min(user_agent) as agent from parts`
      )
      const all = 3 * perPhase
      expect({ site, ...counted }).toEqual({ site, hits: all, paths: all, ids: all, agents: 1, agent })
    }
  })

  it('go on behind lines that Loggia cannot read', async () => {
    appendFileSync(servers['shop.example'].log, 'no request at all\n')
    const refused = async () => (await stack.client.status('*')).outcomes.line ?? 0
    await expect.poll(refused).toBeGreaterThan(0)
    await ask('behind', 10)
    await stack.waitForRows('shop.example', 3 * perPhase + 10, 60_000)
    expect(await refused()).toBe(1)
  })

  it.each(['www.example.com', 'shop.example', 'caddy.example'] as const)(
    'have the log of %s tell all of a request',
    async (site) => {
      const { url, log } = servers[site]
      const lines = () => readFileSync(log).toString().trim().split('\n')
      await expectTold(url, () => lines().at(-1), site === 'caddy.example' ? 200 : 404)
    }
  )
})

needs('haproxy')('the file for HAProxy', () => {
  const folder = mkdtempSync(join(tmpdir(), 'loggia-haproxy-'))
  let haproxy: HAProxy
  beforeAll(async () => (haproxy = await startHAProxy(folder)))
  afterAll(async () => {
    await haproxy?.stop()
    rmSync(folder, { recursive: true })
  })

  // That it listens is found out by a connection without a request, which it logs now or later.
  const line = () => haproxy.lines.find((line) => line.includes('"GET"'))

  it('has its log tell all of a request', () => expectTold(haproxy.url, line, 200))
})

/** Asks a server for a page and reads the line that it logs, as Loggia does. */
async function expectTold(url: string, line: () => string | undefined, status: number): Promise<void> {
  const query = 'q=%D8%A7'
  const headers = {
    'User-Agent': agentBytes,
    Referer: 'https://example.org/from',
    'X-Forwarded-For': '203.0.113.9'
  }
  await fetch(`${url}/missing/page?${query}`, { headers })
  await expect.poll(line).toContain(query)
  const [hit] = hitsOf(acceptText(line()!))
  expect(hit).toMatchObject({
    method: 'GET',
    path: '/missing/page',
    query: 'q=ا',
    protocol: 'HTTP/1.1',
    status,
    ip: '203.0.113.9',
    host: '127.0.0.1',
    referrer: 'https://example.org/from',
    user_agent: agent
  })
  expect(hit!.request_id!.length).toBeGreaterThan(10)
  expect(hit!.bytes).toBeGreaterThan(0)
  expect(hit!.duration).toBeGreaterThanOrEqual(0)
  expect(Math.abs(hit!.time - Date.now())).toBeLessThan(20_000)
}
