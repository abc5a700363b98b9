import { describe, expect, it } from 'vitest'
import { follow } from './overview.ts'
import { browser, running, stack } from './running.ts'
import { startWire } from './wire.ts'

const site = 'lively'
const hit = (at: number, path: string, status = 200, user = '') =>
  JSON.stringify({ time: new Date(at).toISOString(), ip: '203.0.113.7', path, status, remote_user: user })

describe('the live page', () => {
  const push = (lines: string[]) => stack.push(lines, { type: 'text/plain', site })

  running(async () => {
    const now = Date.now()
    const lines = Array.from({ length: 30 }, (_, i) => hit(now - 30_000 + i * 1_000, `/before/${i}`))
    await push(lines)
    await stack.waitForRows(site, lines.length)
    await stack.signIn(browser.context)
    await follow(browser.page, `${stack.url}/s/${site}/live?p=24h`)
  })

  const lines = () => browser.page.getByRole('list', { name: 'Newest lines' }).getByRole('listitem')
  const figure = (name: string) =>
    browser.page
      .getByRole('definition')
      .filter({ has: browser.page.locator(`xpath=following-sibling::*[text()="${name}"]`) })

  it('lists the newest lines, and what comes as it comes', async () => {
    await expect.poll(() => lines().count()).toBe(30)
    expect(await lines().first().textContent()).toContain('/before/29')
    await push([hit(Date.now(), '/<b>now</b>', 503, 'ann')])
    await expect.poll(() => lines().first().textContent()).toContain('503')
    expect(await lines().first().textContent()).toContain('/<b>now</b>')
    await expect.poll(() => figure('in the last minute').textContent()).toBe('31')
    await expect.poll(() => figure('server errors').textContent()).toBe('3.2%')
  })

  it('counts an interval, and gives it in the words of HttpLogMonitor', async () => {
    const { page } = browser
    await page.getByRole('combobox', { name: /^The last/ }).selectOption('60')
    const sections = page.getByRole('list', { name: 'Hottest sections' }).getByRole('listitem')
    await expect.poll(() => sections.allTextContents()).toEqual(['/before30', '/<b>now<1'])
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Download', exact: true }).click()
    const file = await (await download).createReadStream()
    let text = ''
    for await (const piece of file) text += String(piece)
    expect(JSON.parse(text)).toMatchObject({
      tps: 0.517,
      most_active_users: ['203.0.113.7'],
      status_codes: { '2xx': 30, '3xx': 0, '4xx': 0, '5xx': 1 }
    })
  })

  it('keeps still what is read, and says how much is new', async () => {
    const { page } = browser
    await page.getByRole('button', { name: 'Pause' }).click()
    const first = await lines().first().textContent()
    await push([1, 2, 3].map((i) => hit(Date.now(), `/later/${i}`)))
    const more = page.getByRole('button', { name: '3 new' })
    await more.waitFor()
    expect(await lines().first().textContent()).toBe(first)
    await more.click()
    await expect.poll(() => lines().first().textContent()).toContain('/later/3')
  })

  it('goes by the filter, and says so of a period that has ended', async () => {
    const { page } = browser
    await follow(page, `${stack.url}/s/${site}/live?p=24h&f=has,path,later`)
    await expect.poll(() => lines().count()).toBe(3)
    await follow(page, `${stack.url}/s/${site}/live?p=2026-01-01`)
    await page.getByRole('button', { name: 'Show the last hour' }).click()
    await expect.poll(() => lines().count()).toBe(34)
  })

  it('says within 30 s that a network went without a word, and goes on when it is back', async () => {
    const { page } = browser
    const wire = await startWire(stack.url)
    try {
      await page.goto(`${wire.url}/s/${site}/live?p=24h`)
      await push([hit(Date.now(), '/wired')])
      await expect.poll(() => lines().first().textContent()).toContain('/wired')
      wire.cut()
      const notice = page.getByText('Not connected: no new requests.')
      await notice.waitFor({ timeout: 30_000 })
      expect(await page.getByTitle('Not connected').count()).toBe(1)
      await push([hit(Date.now(), '/meanwhile')])
      wire.mend()
      await notice.waitFor({ state: 'detached' })
      await expect.poll(() => lines().first().textContent()).toContain('/meanwhile')
    } finally {
      await wire.stop()
    }
  })
})
