import { describe, expect, it } from 'vitest'
import { nginxLines } from '../../src/lib/sample/traffic.ts'
import { figure, follow, openOverview, settled } from './overview.ts'
import { browser, own, runningApart, stack } from './running.ts'
import { Stack } from './stack.ts'

const now = Date.now()
const [minute, day] = [60_000, 86_400_000]
/** Hits of a week, some of them in the minute before now, today and yesterday, so that midnight may be near. */
const linesOf = (site: string, hits: number) => [
  ...nginxLines(site, { seed: 5, from: now - 6 * day, to: now, hits }),
  ...[now, now - day].flatMap((to) => nginxLines(site, { seed: 6, from: to - minute, to, hits: hits / 10 }))
]

describe('the pages around the overview', () => {
  // The welcome and the cards ask for a server without other sites, and one test ends it.
  runningApart()

  it('welcomes who is signed out, with sample data', async () => {
    const { page } = browser
    await page.goto(stack.url)
    await page.getByRole('link', { name: 'Sign in' }).waitFor()
    await page.getByRole('button', { name: 'Try it with sample data' }).waitFor()
    const picture = page.locator('.picture img')
    await expect
      .poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth))
      .toBeGreaterThan(0)
  })

  it('shows the overview of sample data after one click on the welcome', async () => {
    const { page } = browser
    await page.getByRole('button', { name: 'Explore sample data' }).click()
    await page.waitForURL(/\/s\/local-.*p=all/)
    await settled(page)
    await expect.poll(() => figure(page, 'requests')).toBeGreaterThan(1_000)
    await page.goto(`${stack.url}/device`)
    await page
      .getByRole('button', { name: /^Remove/ })
      .first()
      .click()
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Remove/ })
      .click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  })

  it('shows how to connect a site until its first hit opens the dashboard', async () => {
    const { page } = browser
    await stack.signIn(browser.context)
    await page.goto(stack.url)
    await page.getByLabel('Name of the site').fill('first.example')
    await page.getByRole('button', { name: 'Create token' }).click()
    const token = (await page.locator('pre', { hasText: /^lgi_/ }).textContent()) ?? ''
    for (const name of ['syslog-ng', 'Fluent Bit', 'Vector', 'curl']) {
      await page.getByRole('button', { name, exact: true }).click()
      expect(await page.locator('pre').last().textContent()).toContain(token)
    }
    await stack.push(['no request at all'], { token, site: 'first.example' })
    await page.getByText('1 refused').waitFor()
    await page.getByText('Show refused records').click()
    await page.getByText('no request at all', { exact: true }).waitFor()
    await stack.push(linesOf('first.example', 200), { token })
    await page.waitForURL(/\/s\/first\.example/)
  })

  it('shows the visitors of today at every site, by name, and opens none of them', async () => {
    const { page } = browser
    await stack.push(linesOf('big.example', 2_000))
    for (const [site, hits] of [
      ['first.example', 200],
      ['big.example', 2_000]
    ] as const)
      await stack.waitForRows(site, linesOf(site, hits).length)
    await page.getByRole('link', { name: 'Loggia, all sites' }).click()
    const files = () =>
      page.evaluate(async () => Array.fromAsync((await navigator.storage.getDirectory()).keys()))
    const before = await files()
    const shown = page.locator('main li strong[title*="visitor"]')
    await expect.poll(() => shown.count()).toBe(2)
    expect(await page.locator('main li b').allTextContents()).toEqual(['big.example', 'first.example'])
    const card = page.locator('main li', { hasText: 'big.example' })
    expect(await card.textContent()).toMatch(/\d% vs. yesterday by \d\d:\d\d/)
    await card.locator('.spark svg').waitFor({ state: 'attached' })
    // The number of all requests stands on the card once.
    const requests = (await card.locator('dd[title]').last().textContent()) ?? ''
    expect((await card.innerText()).split(requests).length).toBe(2)
    expect(await files()).toEqual(before)
    const visitors = Number(
      ((await card.locator('strong').getAttribute('title')) ?? '').split(' ')[0]?.replace(',', '')
    )
    await card.getByRole('link').click()
    await settled(page)
    await follow(page, `${stack.url}/s/big.example?p=today`)
    await settled(page)
    // The server can't tell scanners with a browser's agent from people.
    const people = await figure(page, 'visitors')
    expect(people).toBeGreaterThan(0.7 * visitors)
    expect(people).toBeLessThanOrEqual(visitors)
    await page.getByRole('link', { name: 'Loggia, all sites' }).click()
    await page.getByRole('button', { name: 'Refresh all' }).click()
    await expect
      .poll(() => page.locator('main li b').allTextContents())
      .toEqual(['big.example', 'first.example'])
  })

  it('says of hits that have come that they will be shown, and then shows them', async () => {
    const { page } = browser
    await stack.push(linesOf('new.example', 20))
    await page.goto(stack.url)
    const card = page.locator('main li', { hasText: 'new.example' })
    await card.getByText('Hits received: shown within a minute').waitFor()
    await follow(page, `${stack.url}/s/new.example/setup`)
    await page.getByRole('heading', { name: 'First hits received' }).waitFor()
    await page.waitForURL(/\/s\/new\.example\?p=/)
    await follow(page, stack.url)
    await card.getByText('Hits received').waitFor({ state: 'detached' })
    await card.getByText(/visitors? today/).waitFor()
  })

  it('says of hits from the future that they are dated ahead', async () => {
    const { page } = browser
    const ahead = nginxLines('clock.example', { seed: 7, from: now + day / 4, to: now + day / 2, hits: 10 })
    await stack.push(ahead)
    await stack.waitForRows('clock.example', 10, 90_000)
    await page.goto(stack.url)
    await page.locator('main li', { hasText: 'clock.example' }).getByText('dated ahead').waitFor()
  })

  it('works without the network from what it has', async () => {
    const { page, context } = browser
    await follow(page, `${stack.url}/s/big.example?p=7d`)
    await settled(page)
    await page.evaluate(() => navigator.serviceWorker.ready)
    const wanted = await figure(page, 'requests')
    const { resume } = await own.pause()
    await context.setOffline(true)
    try {
      await page.reload()
      await settled(page)
      expect(await figure(page, 'requests')).toBe(wanted)
      await page
        .getByText(/Offline/)
        .first()
        .waitFor()
      await page
        .getByText(/Data until/)
        .first()
        .waitFor()
      await page.goto(`${stack.url}/s/never.opened`)
      await page.getByRole('heading', { name: 'never.opened is not on this device' }).waitFor()
    } finally {
      await context.setOffline(false)
      await resume()
    }
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('heading', { name: 'Waiting for the first hit' }).waitFor()
  })

  it('opens a site with letters of another script, from a file of its own after a reload', async () => {
    const { page } = browser
    const site = '日誌-café'
    await stack.push(linesOf(site, 50))
    await stack.waitForRows(site, 60, 90_000)
    await page.goto(stack.url)
    await page.locator('main li', { hasText: site }).getByRole('link').click()
    await page.waitForURL(`${stack.url}/s/${encodeURIComponent(site)}**`)
    await settled(page)
    const files = await page.evaluate(async () => {
      const root = await navigator.storage.getDirectory()
      return Array.fromAsync(root.keys())
    })
    expect(files).toContain(`loggia-${site}.db`)
    await page.reload()
    await settled(page)
    expect(await figure(page, 'requests')).toBe(60)
  })

  it('signs out in every tab, and leaves nothing', async () => {
    const { page, context } = browser
    const other = await context.newPage()
    // The list of sites reaches the tabs only when they are signed out.
    const { promise: isOut, resolve: release } = Promise.withResolvers<void>()
    await context.route('**/api/sites', async (route) => {
      const response = await route.fetch()
      await isOut
      await route.fulfill({ response })
    })
    await openOverview(other, stack.url, 'big.example')
    await page.goto(`${stack.url}/device`)
    await page.getByRole('button', { name: 'Sign out' }).click()
    await other.waitForURL(/\/sign-in/)
    await page.waitForURL(/\/sign-in/)
    const answered = [page, other].map((tab) => tab.waitForResponse('**/api/sites'))
    release()
    await Promise.all(answered)
    const left = () =>
      page.evaluate(async () => {
        const root = await navigator.storage.getDirectory()
        const files = await Array.fromAsync(root.keys())
        return [
          ...files,
          ...(await caches.keys()).filter((name) => name.startsWith('data')),
          ...Object.keys(localStorage)
        ]
      })
    await expect.poll(left).toEqual([])
  })

  it('signs out though a file cannot be deleted, and deletes the others', async () => {
    const { page, context } = browser
    await (await Stack.join(stack)).signIn(context)
    await page.goto(`${stack.url}/device`)
    await page.evaluate(async () => {
      const root = await navigator.storage.getDirectory()
      const [held] = await Promise.all(
        ['loggia-a.db', 'loggia-b.db'].map((name) => root.getFileHandle(name, { create: true }))
      )
      Object.assign(window, { held: await held!.createWritable() })
    })
    // The answer that ends the session has the browser delete what the page did not.
    await context.route('**/api/session', (route) => route.fulfill({ status: 204 }))
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.waitForURL(/\/sign-in/)
    const files = await page.evaluate(async () =>
      Array.fromAsync((await navigator.storage.getDirectory()).keys())
    )
    expect(files).not.toContain('loggia-b.db')
    await context.unroute('**/api/session')
  })

  it('asked nobody but its own server', () => browser.expectNoForeign())
})
