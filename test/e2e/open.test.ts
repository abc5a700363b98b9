import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import { afterAll, describe, expect, it } from 'vitest'
import { nginxLines } from '../../src/lib/sample/traffic.ts'
import { launchBrowser } from './browser.ts'
import { expectRequests, figure, follow, settled } from './overview.ts'
import { browser, running, stack } from './running.ts'

const now = Date.now()
const day = 86_400_000
const lines = nginxLines('demo', { seed: 11, from: now - 400 * day, to: now - 390 * day, hits: 3_000 })

/** In the page: asks the service worker to keep engine and Parquet reader, as the page does, and waits until it has them. */
async function keepEngine() {
  const { active } = await navigator.serviceWorker.ready
  const { port1, port2 } = new MessageChannel()
  const kept = new Promise<boolean>((resolve) => (port1.onmessage = ({ data }) => resolve(data as boolean)))
  active!.postMessage('keep-engine', [port2])
  return kept
}

describe('a file opened without a server', () => {
  const folder = mkdtempSync(join(tmpdir(), 'loggia-open-'))

  const write = (name: string, content: string | Uint8Array) => {
    writeFileSync(join(folder, name), content)
    return join(folder, name)
  }
  const choose = (path: string) => browser.page.setInputFiles('input[type=file]', path)

  running()
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('is read from gzip and shown in the same pages, signed out', async () => {
    const { page } = browser
    await page.goto(`${stack.url}/open`)
    await page.evaluate(() => {
      const look = () => {
        if (document.body.textContent.includes('No hits in this period')) document.body.dataset.was = 'empty'
      }
      new MutationObserver(look).observe(document.body, {
        subtree: true,
        childList: true,
        characterData: true
      })
    })
    await choose(write('old.log.gz', gzipSync(`${lines.join('\n')}\n`)))
    await page.waitForURL(/\/s\/local-[0-9a-f]{12}\?p=all/)
    await expectRequests(page, lines.length)
    expect(await page.title()).toContain('old.log.gz')
    expect(await page.evaluate(() => document.body.dataset.was)).toBeUndefined()
  })

  it('is there after a reload without a server', async () => {
    const { page, context } = browser
    expect(await page.evaluate(keepEngine)).toBe(true)
    await context.setOffline(true)
    try {
      await page.reload()
      await expectRequests(page, lines.length)
    } finally {
      await context.setOffline(false)
    }
  })

  it('reads a part that Loggia wrote, the first Parquet file it is given, without a network', async () => {
    const { page, context } = browser
    const bytes = await page.evaluate(async () => {
      const cache = await caches.open('data-v1')
      const parts = (await cache.keys()).filter(({ url }) => url.includes('/parts/'))
      const all = await Promise.all(parts.map(async (part) => (await cache.match(part))!.arrayBuffer()))
      return [...new Uint8Array(all.toSorted((a, b) => b.byteLength - a.byteLength)[0]!)]
    })
    await context.setOffline(true)
    try {
      await page.goto(`${stack.url}/open`)
      await choose(write('part.parquet', Uint8Array.from(bytes)))
      await page.waitForURL(/\/s\/local-/)
      await settled(page)
      await expect.poll(() => figure(page, 'requests')).toBeGreaterThan(100)
    } finally {
      await context.setOffline(false)
    }
  })

  it('names what it refuses, as text', async () => {
    const { page } = browser
    await follow(page, `${stack.url}/open`)
    const refused = 'cron[1]: <img src=x onerror=alert(1)> no request'
    await choose(write('mixed.log', `${[lines[0], refused, lines[1]].join('\n')}\n`))
    await page.getByRole('button', { name: 'Show 2 hits' }).waitFor()
    await page.getByText('Refused lines').click()
    await expect.poll(() => page.locator('.reading code').textContent()).toBe(refused)
    expect(await page.locator('.reading').textContent()).toContain('Line 2')
    expect(await page.locator('.reading img').count()).toBe(0)
  })

  it.each([
    ['empty.log', '', /empty/],
    ['picture.log', Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 1]), /picture/],
    ['novel.log', 'It was a dark night.\nNothing was logged.\n', /None of 2 records is a request/],
    ['torn.log.gz', gzipSync(lines.join('\n')).subarray(0, 60), /damaged or cut off/],
    ['other.parquet', new TextEncoder().encode('PAR1 nothing PAR1'), /cannot be opened/]
  ])('says why it cannot open %s', async (name, content, message) => {
    await follow(browser.page, `${stack.url}/open`)
    await choose(write(name, content))
    await expect.poll(() => browser.page.getByRole('alert').textContent()).toMatch(message)
  })

  it('is taken by the service worker when another app shares it', async () => {
    const { page } = browser
    await page.evaluate(
      (text) => {
        const form = Object.assign(document.createElement('form'), {
          method: 'post',
          action: '/open',
          enctype: 'multipart/form-data'
        })
        const input = Object.assign(document.createElement('input'), { type: 'file', name: 'log' })
        const given = new DataTransfer()
        given.items.add(new File([text], 'shared.log'))
        input.files = given.files
        form.append(input)
        document.body.append(form)
        form.submit()
      },
      `${lines.slice(0, 50).join('\n')}\n`
    )
    await page.waitForURL(/\/s\/local-/)
    await expectRequests(page, 50)
  })

  it('is opened by the system with the app, which can be installed', async () => {
    // An app is installed only where there is a profile.
    const { page, context, close } = await launchBrowser()
    const session = await context.browser()!.newBrowserCDPSession()
    // Playwright has no types for these commands.
    const send = session.send.bind(session) as (method: string, params: object) => Promise<unknown>
    const manifestId = `${stack.url}/`
    await page.goto(manifestId)
    await page.evaluate(() => navigator.serviceWorker.ready)
    const tab = await context.newCDPSession(page)
    const { installabilityErrors } = await tab.send('Page.getInstallabilityErrors')
    expect(installabilityErrors).toEqual([])
    expect((await tab.send('Page.getAppManifest')).errors).toEqual([])
    await send('PWA.install', { manifestId, installUrlOrBundleUrl: manifestId })
    const file = write('launched.ndjson', `${lines.slice(0, 70).join('\n')}\n`)
    await send('PWA.launchFilesInApp', { manifestId, files: [file] })
    const isShown = (one: Page) => one.url().includes('/s/local-')
    await expect.poll(() => context.pages().some(isShown)).toBe(true)
    const shown = context.pages().find(isShown)!
    await expectRequests(shown, 70)
    expect(await shown.title()).toContain('launched.ndjson')
    await close()
  })

  it('is listed among the sites and can be removed', async () => {
    const { page } = browser
    await follow(page, stack.url)
    await page.getByRole('link', { name: /old\.log\.gz/ }).waitFor()
    await follow(page, `${stack.url}/device`)
    await page.getByRole('button', { name: 'Remove old.log.gz' }).click()
    const dialog = page.getByRole('dialog', { name: 'Remove old.log.gz?' })
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await dialog.waitFor({ state: 'detached' })
    expect(await page.getByRole('row', { name: /old\.log\.gz/ }).count()).toBe(1)
    await page.getByRole('button', { name: 'Remove old.log.gz' }).click()
    await dialog.getByRole('button', { name: 'Remove' }).click()
    await expect.poll(() => page.getByRole('row', { name: /old\.log\.gz/ }).count()).toBe(0)
    await follow(page, stack.url)
    await page.getByRole('link', { name: /shared\.log/ }).waitFor()
    expect(await page.getByRole('link', { name: /old\.log\.gz/ }).count()).toBe(0)
  })

  it('is let go of by signing out only when that is confirmed', async () => {
    const { page } = browser
    await stack.signIn(browser.context)
    await page.goto(`${stack.url}/open`)
    await choose(write('last.log', `${lines.slice(0, 9).join('\n')}\n`))
    await page.waitForURL(/\/s\/local-/)
    const dialog = page.getByRole('dialog', { name: /^Sign out and remove \d files\?/ })
    await page.getByRole('button', { name: 'Sign out' }).click()
    expect(await dialog.textContent()).toContain('last.log')
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await dialog.waitFor({ state: 'detached' })
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: 'Search and jump' }).fill('sign out')
    await page.keyboard.press('Enter')
    await dialog.getByRole('button', { name: 'Sign out' }).click()
    await page.waitForURL(/\/sign-in/)
    await page.goto(stack.url)
    await page.getByRole('link', { name: 'Sign in' }).waitFor()
    expect(await page.getByRole('link', { name: 'last.log' }).count()).toBe(0)
  })

  it('asked nobody but its own server', () => browser.expectNoForeign())
})
