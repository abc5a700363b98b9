import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from '../../cli/process.ts'
import { fill, type Own } from '../../src/routes/fill.ts'
import { forwarders, servers, type Snippet } from '../../src/routes/snippets.ts'
import { acceptText, hitsOf } from '../accept/show.ts'

const own: Own = {
  origin: 'https://logs.example.org',
  token: 'lgi_mine',
  site: null,
  log: '/var/log/own.log'
}
const textOf = (title: string, more: Partial<Own> = {}) =>
  forwarders
    .find((forwarder) => forwarder.title === title)!
    .files.map(({ text }) => fill(text, { ...own, ...more }))
    .join('\n')
const titles = forwarders.map(({ title }) => title)
/** They have host, port and TLS in settings of their own. */
const inParts = ['Fluent Bit', 'Fluent Bit (.conf)', 'Docker']
const inAddress = titles.filter((title) => !inParts.includes(title))

describe('the snippets', () => {
  it('are all files of forwarders/, which its README lists', () => {
    const folder = join(root, 'forwarders')
    const files = readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .flatMap(({ name }) => readdirSync(join(folder, name)).map((file) => `${name}/${file}`))
    const shown = [...servers, ...forwarders].flatMap((program) => program.files.map(({ text }) => text))
    expect(files.map((file) => readFileSync(join(folder, file), 'utf8')).sort()).toEqual(shown.sort())
    const readme = readFileSync(join(folder, 'README.md'), 'utf8')
    expect(files.filter((file) => !readme.includes(`(${file})`))).toEqual([])
  })

  it.each(titles)('of %s leave nothing for the reader to fill in', (title) => {
    const text = textOf(title)
    expect(text).toContain('lgi_mine')
    expect(text).not.toMatch(/example\.workers|lgi_\.\.\.|\/var\/log\/nginx|^\s*(#(?!!)|\/\/)/m)
  })

  it.each(forwarders.filter(({ isAlone }) => !isAlone).map(({ title }) => title))(
    'of %s read the log of the chosen server',
    (title) => {
      expect(textOf(title)).toContain('/var/log/own.log')
    }
  )

  it.each(inAddress)('of %s name the address, an IPv6 host in brackets', (title) => {
    const addressIn = (origin: string) =>
      /https?:\/\/(?!api\.cloudflare)[^\s"'/]+/.exec(textOf(title, { origin }))![0]
    const [name, local, six] = [
      'https://logs.example.org',
      'http://localhost:8787',
      'http://[2001:db8::7]:8787'
    ]
    expect(addressIn(name!).replace(/:443$/, '')).toBe(name)
    expect(addressIn(local!)).toBe(local)
    expect(addressIn(six!)).toBe(six)
  })

  it('of Filebeat name the port, which is 9200 by default', () => {
    expect(textOf('Filebeat')).toContain('https://logs.example.org:443/api/es')
    expect(textOf('Filebeat', { origin: 'http://logs.example.org' })).toContain(
      'http://logs.example.org:80/api/es'
    )
  })

  it.each(inParts)('of %s name host, port and TLS apart, an IPv6 host without brackets', (title) => {
    const settings = (origin: string) =>
      Object.fromEntries(
        [...textOf(title, { origin }).matchAll(/^ *(host|port|tls):? +'?([^\s']+)'?$/gim)].map(
          ([, key, value]) => [key!.toLowerCase(), value]
        )
      )
    expect(settings('https://logs.example.org')).toEqual({ host: 'logs.example.org', port: '443', tls: 'on' })
    expect(settings('http://localhost:8787')).toEqual({ host: 'localhost', port: '8787', tls: 'off' })
    expect(settings('https://[2001:db8::7]')).toEqual({ host: '2001:db8::7', port: '443', tls: 'on' })
  })

  it.each(titles)('of %s name the site where lines do not', (title) => {
    const text = textOf(title, { site: 'café' })
    if (title === 'Filebeat') expect(text).toContain('parameters: { site: "café" }')
    else expect(text).toMatch(/\/(?:ingest|push|logs)\?site=caf%C3%A9(?=["'&\s`]|$)/m)
    expect(textOf(title)).not.toMatch(/site=|parameters/)
  })

  it('of servers are each run (forwarders-delivery.test.ts), or read as recorded', () => {
    const run = ['nginx', 'Apache', 'Caddy', 'HAProxy']
    expect(servers.map(({ title }) => title).filter((title) => !run.includes(title))).toEqual(['Traefik'])
  })

  it('of Traefik keep the headers that a hit needs', () => {
    const { files } = servers.find(({ title }) => title === 'Traefik')!
    const [{ text }] = files as [Snippet]
    expect(text).toMatch(/^ {2}format: json$/m)
    const kept = [...text.matchAll(/^ {8}([\w-]+): keep$/gm)].map(([, name]) => `request_${name}`)
    const recorded = JSON.parse(
      readFileSync(join(root, 'test/accept/fixtures/traefik.body'), 'utf8')
    ) as object
    const record = {
      ...recorded,
      ClientHost: '10.0.0.2',
      'request_X-Forwarded-For': '198.51.100.9',
      'request_X-Request-Id': 'c0ffee'
    }
    const logged = Object.entries(record).filter(
      ([name]) => !name.startsWith('request_') || kept.includes(name)
    )
    const [hit] = hitsOf(acceptText(JSON.stringify(Object.fromEntries(logged))))
    expect(hit).toMatchObject({
      path: '/my/app',
      ip: '198.51.100.9',
      request_id: 'c0ffee',
      referrer: 'https://www.google.com/',
      user_agent: expect.stringContaining('Chrome/120')
    })
  })
})
