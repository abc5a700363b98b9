import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build, type Rolldown } from 'vite'
import { afterAll, describe, expect, it } from 'vitest'
import { asNginx } from '../../src/lib/sample/lines.ts'
import { traffic } from '../../src/lib/sample/traffic.ts'
import { launchBrowser, openContext } from './browser.ts'
import { lane } from './lane.ts'
import { figure, openOverview } from './overview.ts'
import { browser, running, stack } from './running.ts'

const site = 'shop'
const hits = 12_000
const to = Date.now()

/**
 * The bytes of the largest piece of code that the browser keeps in a profile: beside an answer in Cache Storage (of which
 * the body is `_0`), or apart. It uses one or both as it happens.
 */
function largestCode(profile: string): number {
  const sizes = readdirSync(join(profile, 'Default'), { recursive: true, encoding: 'utf8' })
    .filter((path) => /CacheStorage.*_1$|Code Cache.wasm.*_0$/.test(path))
    .map((path) => statSync(join(profile, 'Default', path), { throwIfNoEntry: false })?.size ?? 0)
  return Math.max(0, ...sizes)
}

describe('the working copy', () => {
  const profile = mkdtempSync(join(tmpdir(), 'loggia-profile-'))

  running(async () => {
    const lines = [...traffic({ seed: 5, from: to - 6 * 86_400_000, to, hits })].map((one) =>
      asNginx(one, site)
    )
    for (let i = 0; i < hits; i += 4_000) await stack.push(lines.slice(i, i + 4_000), { encoding: 'gzip' })
    await stack.waitForRows(site, hits)
    await stack.signIn(browser.context)
  })

  afterAll(() => rmSync(profile, { recursive: true, force: true }))

  it('outlives the browser, and its parts are not asked for again', async () => {
    const first = await launchBrowser(profile)
    await stack.signIn(first.context)
    await openOverview(first.page, stack.url, site, 'p=7d')
    expect(await figure(first.page, 'requests')).toBe(hits)
    await first.page.getByText('Kept on disk').waitFor()
    const isEngineKept = () => caches.match('/engine/duckdb-eh.wasm').then(Boolean)
    await expect.poll(() => first.page.evaluate(isEngineKept)).toBe(true)
    await first.close()

    const second = await launchBrowser(profile)
    await stack.signIn(second.context)
    await openOverview(second.page, stack.url, site, 'p=7d')
    expect(await figure(second.page, 'requests')).toBe(hits)
    expect(second.requests.filter((url) => url.includes('/parts/'))).toEqual([])
    // Of the engine the browser keeps what it compiled: all of it that was busy is some megabytes.
    await expect.poll(() => largestCode(profile), { interval: 500 }).toBeGreaterThan(1e6)
    await second.close()
  })

  it('is whole again after the browser was killed while it loaded', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'loggia-killed-'))
    const killed = await launchBrowser(folder)
    await stack.signIn(killed.context)
    await killed.page.goto(`${stack.url}/s/${site}?p=7d`)
    await killed.page.waitForRequest(/\/parts\//)
    execFileSync('pkill', ['-9', '-f', `user-data-dir=${folder}`])
    await killed.close().catch(() => {})

    const next = await launchBrowser(folder)
    await stack.signIn(next.context)
    await openOverview(next.page, stack.url, site, 'p=7d')
    expect(await figure(next.page, 'requests')).toBe(hits)
    await next.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it('is written and saved while a long question is half answered, and after it is stopped', async () => {
    const folder = '/half-asked/'
    const [built] = (await build({
      configFile: false,
      logLevel: 'silent',
      base: folder,
      worker: { format: 'es' },
      build: {
        write: false,
        lib: { entry: join(import.meta.dirname, 'half-asked.ts'), formats: ['es'], fileName: 'entry' }
      }
    })) as Rolldown.RolldownOutput[]
    const files = new Map(
      built!.output.map((file) => [file.fileName, file.type === 'chunk' ? file.code : String(file.source)])
    )
    await browser.context.route(`**${folder}**`, (route) =>
      route.fulfill({
        contentType: 'text/javascript',
        body: files.get(route.request().url().split(folder)[1]!) ?? ''
      })
    )
    await browser.page.goto(`${stack.url}/sign-in`)
    const outcomes = await browser.page.evaluate(
      `import('${folder}entry.js').then(({ writeWhileAsked }) => writeWhileAsked())`
    )
    expect(outcomes).toEqual([[{ words: 3_000_000 }], 'Superseded'])
  })

  it('stays with the first tab; a second one holds its own in memory', async () => {
    await openOverview(browser.page, stack.url, site, 'p=7d')
    await browser.page.getByText('Kept on disk').waitFor()
    const page = await browser.context.newPage()
    await openOverview(page, stack.url, site, 'p=7d')
    expect(await figure(page, 'requests')).toBe(hits)
    await page.getByText('Kept on disk').waitFor({ state: 'detached' })
    expect(await figure(browser.page, 'requests')).toBe(hits)
    await page.close()
  })

  it('asks again for an engine that the network cut short', async () => {
    const { context, page, close } = await openContext(lane().browser)
    await stack.signIn(context)
    await context.route('**/*.wasm', (route) => route.abort('connectionreset'), { times: 1 })
    await openOverview(page, stack.url, site, 'p=7d')
    expect(await figure(page, 'requests')).toBe(hits)
    await close()
  })

  it('says within seconds why an engine that is kept from it does not start', async () => {
    const { context, page, close } = await openContext(lane().browser)
    await stack.signIn(context)
    // It would bring the engine, past what is kept from the page.
    await context.addInitScript(() => (navigator.serviceWorker.register = () => new Promise(() => {})))
    await context.route('**/*.wasm', (route) => route.abort('blockedbyclient'))
    const start = Date.now()
    await page.goto(`${stack.url}/s/${site}?p=7d`)
    await page.getByRole('heading', { name: 'The engine did not start' }).waitFor()
    await page.getByText('Details').click()
    await page.getByText(/\/engine\/duckdb-eh\.wasm cannot be loaded/).waitFor()
    expect(Date.now() - start).toBeLessThan(20_000)
    await context.unroute('**/*.wasm')
    await page.getByRole('button', { name: 'Reload the engine' }).click()
    await page.locator(`#figure-requests[title^="${hits.toLocaleString('en')}"]`).waitFor()
    await close()
  })
})
