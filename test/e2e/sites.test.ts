import { describe, expect, it } from 'vitest'
import { nginxLines } from '../fixtures/traffic.ts'
import { openOverview } from './overview.ts'
import { browser, running, stack } from './running.ts'

const now = Date.now()
const [minute, day] = [60_000, 86_400_000]
/** Hits of a week, some of them in the minute before now, today and yesterday, so that midnight may be near. */
const linesOf = (site: string, hits: number) => [
  ...nginxLines(site, { seed: 5, from: now - 6 * day, to: now, hits }),
  ...[now, now - day].flatMap((to) => nginxLines(site, { seed: 6, from: to - minute, to, hits: hits / 10 }))
]

describe('the pages around the overview', () => {
  running()

  it('welcomes who is signed out, with sample data', async () => {
    const { page } = browser
    await page.goto(stack.url)
    await page.getByRole('link', { name: 'Sign in' }).waitFor()
    await page.getByRole('button', { name: 'Try it with sample data' }).waitFor()
  })

  it('shows how to connect a site until its first hit opens the dashboard', async () => {
    const { page } = browser
    await stack.signIn(browser.context)
    await page.goto(stack.url)
    await page.getByLabel('Name of the site').fill('first.example')
    await page.getByRole('button', { name: 'Make a token' }).click()
    const token = (await page.locator('pre', { hasText: /^lgi_/ }).textContent()) ?? ''
    for (const name of ['syslog-ng', 'Fluent Bit', 'Vector', 'curl']) {
      await page.getByRole('button', { name, exact: true }).click()
      expect(await page.locator('pre').last().textContent()).toContain(token)
    }
    await stack.push(['no request at all'], { token, site: 'first.example' })
    await page.getByText('1 refused').waitFor()
    await page.getByText('What was refused').click()
    await page.getByText('no request at all', { exact: true }).waitFor()
    await stack.push(linesOf('first.example', 200), { token })
    await page.waitForURL(/\/s\/first\.example/, { timeout: 30_000 })
  })

  it('shows all sites as cards, ranked by the people of today', async () => {
    const { page } = browser
    await stack.push(linesOf('big.example', 2_000))
    await stack.waitForRows('big.example', linesOf('big.example', 2_000).length)
    await openOverview(page, stack.url, 'first.example')
    await page.getByRole('link', { name: 'Loggia, all sites' }).click()
    await page.getByRole('button', { name: 'Bring in today' }).click()
    await expect
      .poll(() => page.locator('main li strong').allTextContents(), { timeout: 40_000 })
      .toEqual([
        expect.stringMatching(/(people|person) today/),
        expect.stringMatching(/(people|person) today/)
      ])
    expect(await page.locator('main li b').allTextContents()).toEqual(['big.example', 'first.example'])
    expect(await page.locator('main li').first().textContent()).toMatch(
      /\d% against yesterday until \d\d:\d\d/
    )
  })

  it('signs out in every tab, and leaves nothing', async () => {
    const { page, context } = browser
    const other = await context.newPage()
    await openOverview(other, stack.url, 'big.example')
    await page.goto(`${stack.url}/device`)
    await page.getByRole('button', { name: 'Sign out' }).click()
    await other.waitForURL(/\/sign-in/, { timeout: 20_000 })
    await page.waitForURL(/\/sign-in/, { timeout: 20_000 })
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
    await expect.poll(left, { timeout: 10_000 }).toEqual([])
  })

  it('asked nobody but its own server', () => browser.expectNoForeign())
})
