import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { needs, shared } from '../needs.ts'
import { buckets, expectRequests, figure, follow, rows, settled } from './overview.ts'
import { browser, running, stack } from './running.ts'

const sites = ['wtf-nginx-meatlabel', 'wtf-nginx-saunathinker'] as const
const files = { 'wtf-nginx-meatlabel': 'app', 'wtf-nginx-saunathinker': 'com' }

interface Truth {
  parsed: number
  bytes: number
  status: Record<string, number>
  methods: Record<string, number>
  hits_per_day_utc: Record<string, number>
  visitors_per_day_ip_ua_all: Record<string, number>
}

const fileOf = (site: keyof typeof files, folder: string, ending: string) =>
  join(shared, 'data', folder, `${site}.${files[site]}${ending}`)
const truthOf = (site: keyof typeof files) =>
  JSON.parse(readFileSync(fileOf(site, 'truth', '.json'), 'utf8')) as Truth
const linesOf = (site: keyof typeof files) =>
  gunzipSync(readFileSync(fileOf(site, 'logs', '.log.gz')))
    .toString()
    .trim()
    .split('\n')

/** Requests of HTTP/0.9 have no protocol: the truth follows GoAccess, which calls them malformed, and we do not. */
const withoutProtocol = (site: keyof typeof files, method: string) =>
  linesOf(site).filter((line) => new RegExp(`"${method} [^ "]+"`).test(line)).length

const sum = (counts: Record<string, number>) => Object.values(counts).reduce((total, n) => total + n, 0)
const period = 'p=2025-12-01,2026-01-31'

needs('shared')('the page over two real logs', () => {
  running(async () => {
    for (const site of sites) {
      const lines = linesOf(site)
      for (let i = 0; i < lines.length; i += 5_000)
        await stack.push(lines.slice(i, i + 5_000), { encoding: 'gzip', type: 'text/plain', site })
      await stack.waitForRows(site, lines.length)
    }
    await stack.signIn(browser.context)
  })

  describe.each(sites)('%s', (site) => {
    const truth = truthOf(site)

    it('shows the requests, bytes, statuses and days that were logged', async () => {
      const { page } = browser
      await follow(page, `${stack.url}/s/${site}?${period}`)
      await expectRequests(page, truth.parsed)
      expect(await figure(page, 'bandwidth')).toBe(truth.bytes)
      const statuses = await rows(page, 'Status')
      expect(Object.fromEntries(Object.entries(statuses).map(([name, n]) => [name.slice(0, 3), n]))).toEqual(
        truth.status
      )
      const days = (await buckets(page)).map(([, ...counts]) => counts.reduce((total, n) => total + n, 0))
      expect(days.filter((n) => n > 0)).toEqual(Object.values(truth.hits_per_day_utc))
    })

    it('counts methods under a filter', async () => {
      const { page } = browser
      for (const [method, wanted] of Object.entries(truth.methods)) {
        if (method.startsWith('(')) continue
        await follow(page, `${stack.url}/s/${site}?${period}&f=is,method,${method}`)
        await expectRequests(page, wanted + withoutProtocol(site, method))
      }
    })

    it('counts visitors as address, agent and day', async () => {
      const { page } = browser
      const counts = []
      for (const traffic of ['people', 'bots', 'suspicious']) {
        const before = await figure(page, 'requests')
        await follow(page, `${stack.url}/s/${site}?${period}&t=${traffic}`)
        await expect.poll(async () => (await settled(page), figure(page, 'requests'))).not.toBe(before)
        counts.push(await figure(page, 'visitors'))
      }
      expect(counts.reduce((total, count) => total + count)).toBe(sum(truth.visitors_per_day_ip_ua_all))
    })
  })

  it('keeps filters in the address: click, Ctrl+click, Alt+click, back', async () => {
    const { page } = browser
    const { status } = truthOf(sites[0])
    await follow(page, `${stack.url}/s/${sites[0]}?${period}`)
    await expectRequests(page, sum(status))
    const row = (name: string) => page.getByRole('button', { name: new RegExp(`^${name} `) }).first()
    await row('404').click()
    await expectRequests(page, status['404']!)
    expect(page.url()).toContain('f=is,status,404')
    await row('200').click({ modifiers: ['ControlOrMeta'] })
    await expectRequests(page, status['404']! + status['200']!)
    expect(Object.keys(await rows(page, 'Status')).length).toBe(Object.keys(status).length)
    await page.goBack()
    await expectRequests(page, status['404']!)
    await page.goBack()
    await expectRequests(page, sum(status))
    await row('502').click({ modifiers: ['Alt'] })
    await expectRequests(page, sum(status) - status['502']!)
    expect(page.url()).toContain('f=not,status,502')
  })

  it('says that the network has gone though what it asked before still comes', async () => {
    const { page, context } = browser
    await follow(page, `${stack.url}/s/${sites[0]}?${period}`)
    await page.locator('.top').getByTitle('In sync').waitFor()
    const [asked, gone] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    await page.route('**/manifest', async (route) => {
      const response = await route.fetch()
      asked.resolve()
      await gone.promise
      await route.fulfill({ response })
    })
    const reloaded = page.reload()
    await asked.promise
    await context.setOffline(true)
    try {
      const answered = page.waitForResponse('**/manifest')
      gone.resolve()
      await answered
      await reloaded
      await settled(page)
      await page.waitForTimeout(1_000)
      expect(await page.locator('.top').getByTitle('Offline').count()).toBe(1)
    } finally {
      await context.setOffline(false)
      await page.unroute('**/manifest')
    }
    await page.locator('.top').getByTitle('In sync').waitFor()
  })

  it('asks the server for nothing when a click needs only what the device has', async () => {
    const { page } = browser
    await follow(page, `${stack.url}/s/${sites[0]}?${period}`)
    await page.locator('.top').getByTitle('In sync').waitFor()
    await page.waitForTimeout(1_500)
    const asked: string[] = []
    const note = (request: { url(): string }) => {
      if (request.url().includes('/api/')) asked.push(request.url())
    }
    page.on('request', note)
    await page.getByRole('button', { name: 'People', exact: true }).click()
    await settled(page)
    page.off('request', note)
    expect(asked).toEqual([])
  })

  it('is there for whoever asks for an address, and a missing file is missing', async () => {
    const answers = ['/', '/none.js'].map((path) => fetch(stack.url + path))
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 404])
  })

  it('asked nobody but its own server', () => {
    browser.expectNoForeign()
    expect(browser.requests.length).toBeGreaterThan(10)
  })
})
