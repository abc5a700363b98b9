import axe from 'axe-core'
import { describe, expect, it } from 'vitest'
import { follow, settled } from './overview.ts'
import { browser, running, stack } from './running.ts'
import { holdStill } from './still.ts'

const site = 'visited'
const period = 'p=2026-11-01,2026-11-02'
const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0'
const chrome =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36'
const at = (day: number, time: string, ip: string, path: string, status: number, agent = firefox) =>
  `${ip} - - [0${day}/Nov/2026:${time} +0000] "GET ${path} HTTP/1.1" ${status} 100 "-" "${agent}"`
const hostile = '/<img src=x onerror=alert(1)>%E2%80%AE'

/** A reader of two days, another reader, and a scanner that got one file. */
const lines = [
  ...['/', '/style.css', '/app.js', hostile].map((path, i) => at(1, `10:00:0${i}`, '203.0.113.1', path, 200)),
  ...['/news', '/style.css'].map((path, i) => at(2, `09:00:0${i}`, '203.0.113.1', path, 200)),
  ...['/', '/style.css', '/app.js'].map((path, i) => at(1, `11:00:0${i}`, '203.0.113.2', path, 200)),
  ...Array.from({ length: 9 }, (_, i) => at(1, `04:00:0${i}`, '198.51.100.9', `/a${i}/.env`, 404, chrome)),
  at(1, '04:00:10', '198.51.100.9', '/.git/config', 200, chrome),
  at(1, '04:00:11', '198.51.100.9', '/z/.env', 404, chrome)
]

describe('the page of a visitor', () => {
  running(async () => {
    await stack.push(lines, { type: 'text/plain', site })
    await stack.waitForRows(site, lines.length)
    await stack.signIn(browser.context)
    await follow(browser.page, `${stack.url}/s/${site}/security?${period}`)
  })

  const list = (name: string) => browser.page.getByRole('list', { name })
  const region = (name: string) => browser.page.getByRole('region', { name })
  const days = () => list('Days of this client').getByRole('link')
  const reasons = () => list('Reasons for the verdict').getByRole('listitem')
  const figure = (name: string) =>
    browser.page.locator('dl[aria-label="Figures"] > div', { hasText: name }).locator('dd').first()
  const verdict = () => days().and(browser.page.locator('[aria-current="page"]')).textContent()
  const rowsOf = (visit: number) => list(`Requests of visit ${visit}, latest first`).getByRole('listitem')
  const heading = (name: string) => browser.page.getByRole('heading', { level: 1, name }).waitFor()

  it('opens from an address on Security, with the visitors of the address', async () => {
    const { page } = browser
    await list('Offenders by Address').getByRole('link', { name: 'Open the address 198.51.100.9' }).focus()
    await page.keyboard.press('Enter')
    await heading('198.51.100.9')
    expect(decodeURIComponent(new URL(page.url()).pathname)).toBe(`/s/${site}/address/198.51.100.9`)
    await expect.poll(() => list('Visitors by day').getByRole('link').allTextContents()).toHaveLength(1)
    await list('Visitors by day').getByRole('link').click()
    await expect.poll(() => days().count()).toBe(1)
    expect(await verdict()).toMatch(/11\srequest.*Scanner/)
  })

  it('tells what it did, and folds what was refused but for the attack that got an answer', async () => {
    await expect.poll(() => figure('Requests').textContent()).toBe('11')
    expect(await figure('Probes').textContent()).toBe('11')
    expect(await figure('Attacks answered').textContent()).toBe('1')
    await expect.poll(() => rowsOf(1).count()).toBe(6)
    const rows = await rowsOf(1).allTextContents()
    expect(rows[1]).toMatch(/04:00:10 *200 *GET *\/\.git\/config *Secret files, answered/)
    expect(rows[4]!.trim()).toBe('Show 6 more probes, all 404')
    await rowsOf(1).getByRole('button').click()
    await expect.poll(() => rowsOf(1).count()).toBe(11)
  })

  it('gives reasons that add up to the score, and the requests behind one', async () => {
    await expect.poll(() => reasons().count()).toBeGreaterThan(2)
    const weights = (await reasons().locator('b').allTextContents()).map((text) =>
      Number(text.replace('−', '-'))
    )
    const score = weights.reduce((sum, weight) => sum + weight, 0)
    expect(await region('Why').locator('.sum b').textContent()).toBe(`+${score}`)
    expect(await region('Verdict').locator('.score b').textContent()).toBe(`+${score}`)
    await reasons().getByRole('button', { name: '10 requests: Attacks' }).click()
    await expect.poll(() => rowsOf(1).count()).toBe(10)
    expect(await rowsOf(1).allTextContents()).not.toContain('/.git/config')
    await region('Requests by visit').getByRole('button', { name: 'Attacks 10' }).click()
    await expect.poll(() => rowsOf(1).count()).toBe(11)
  })

  it('is judged as the owner says, until that is undone', async () => {
    const choice = region('Verdict').getByRole('group', { name: 'Treat it as' })
    await choice.getByRole('button', { name: 'Person' }).click()
    await expect.poll(verdict).toMatch(/Person/)
    await expect.poll(() => reasons().first().textContent()).toContain('You said so')
    await choice.getByRole('button', { name: 'By rules' }).click()
    await expect.poll(verdict).toMatch(/Scanner/)
  })

  it('opens from a machine on Bots', async () => {
    const { page } = browser
    await follow(page, `${stack.url}/s/${site}/bots?${period}`)
    await list('Machines by requests').getByRole('link', { name: 'Open the visitor Chrome' }).click()
    await heading('198.51.100.9')
    await expect.poll(verdict).toMatch(/Scanner/)
  })

  it('opens from an address on the overview, joins its days, and shows text as text', async () => {
    const { page } = browser
    await follow(page, `${stack.url}/s/${site}?${period}`)
    await settled(page)
    await page.getByRole('button', { name: 'All addresses, with every metric' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('link', { name: 'Open the address 203.0.113.1' }).click()
    await list('Visitors by day').getByRole('link').first().click()
    await expect.poll(() => days().allTextContents()).toHaveLength(2)
    await expect.poll(() => figure('Requests').textContent()).toBe('6')
    expect(await figure('Visits').textContent()).toBe('2')
    await rowsOf(1).filter({ hasText: '<img src=x onerror=alert(1)>' }).waitFor()
    await days().last().click()
    await expect.poll(verdict).toMatch(/4\srequest.*Person/)
  })

  it('has nothing that axe finds in both themes, and fits a phone', async () => {
    const { page } = browser
    await page.evaluate(axe.source)
    await holdStill(page)
    const violations = () =>
      page.evaluate(async () => {
        const { axe } = window as unknown as { axe: typeof import('axe-core') }
        const { violations } = await axe.run(document, { resultTypes: ['violations'] })
        return violations.map(
          ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join('; ')}`
        )
      })
    const found: string[] = []
    for (const theme of ['light', 'dark']) {
      await page.evaluate((theme) => (document.documentElement.dataset.theme = theme), theme)
      found.push(...(await violations()))
    }
    await page.evaluate(() => (document.documentElement.dataset.theme = 'light'))
    expect(found).toEqual([])
    const size = page.viewportSize()!
    await page.setViewportSize({ width: 390, height: 844 })
    const wide = await page.evaluate(() =>
      [...document.querySelectorAll('main *')]
        .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
        .filter((element) => !element.closest('nav, .sr'))
        .map((element) => element.outerHTML.slice(0, 80))
    )
    await page.setViewportSize(size)
    expect(wide).toEqual([])
  })

  it('says where there is nothing, and what to do', async () => {
    const { page } = browser
    await page.getByRole('link', { name: 'Sun 1 Nov' }).first().waitFor()
    const { pathname } = new URL(page.url())
    await follow(page, `${stack.url}${pathname}?${period}&f=is,path,/nowhere`)
    await page.getByText('Nothing of this visitor').waitFor()
    await page.getByRole('button', { name: 'Clear the filter' }).click()
    await expect.poll(() => figure('Requests').textContent()).toBe('6')
    await follow(page, `${stack.url}/s/${site}/visitor/12345?${period}`)
    await page.getByText('This visitor is not among the days on this device.').waitFor()
    await page.getByRole('button', { name: 'Show all data' }).click()
    await page.getByText('It may be of a day that was deleted, or of another site.').waitFor()
  })
})
