import { describe, expect, it } from 'vitest'
import { presets, traffic } from '../../src/lib/alert/presets.ts'
import { linesOf } from '../../src/lib/alert/wording.ts'
import { follow } from './overview.ts'
import { browser, running, stack } from './running.ts'

const site = 'pulse'
const now = Math.floor(Date.now() / 1_000)
const hit = (second: number, path: string, status = 200) =>
  JSON.stringify({
    time: new Date(second * 1_000).toISOString(),
    ip: '203.0.113.7',
    path,
    status,
    duration: 0.02
  })

/** A quiet hour, and in it 30 s of 5 requests each: their mean over 10 s reaches 3 in the 6th, and is below it in the 5th after them. */
const peak = now - 1_800
const lines = [
  ...Array.from({ length: 60 }, (_, minute) => hit(now - 3_600 + minute * 60, '/quiet')),
  ...Array.from({ length: 150 }, (_, i) => hit(peak + Math.floor(i / 5), '/busy', 503))
]
const busy = traffic('busy', 'Busy', 3, 10)

describe('the page of alerts', () => {
  running(async () => {
    await stack.push(lines, { type: 'text/plain', site })
    await stack.waitForRows(site, lines.length)
    await stack.signIn(browser.context)
    const saved = await fetch(`${stack.url}/api/sites/${site}/settings`, {
      method: 'PUT',
      headers: { ...stack.client.headers, 'content-type': 'application/json' },
      body: JSON.stringify({ alerts: [busy, { ...presets[2]!, window: 60 }] })
    })
    expect(saved.status).toBe(200)
    await follow(browser.page, `${stack.url}/s/${site}/alerts?p=24h`)
  })

  const rule = (name: string) =>
    browser.page.getByRole('listitem').filter({ has: browser.page.getByRole('button', { name }) })
  const history = () => browser.page.getByRole('region', { name: 'Last 24 hours' })
  const backTest = () => browser.page.getByRole('region', { name: 'Back-test' })

  it('lists what fired and recovered, at the right second, in the words of HttpLogMonitor', async () => {
    await expect.poll(() => rule('Busy').textContent()).toContain('Recovered')
    await expect.poll(() => history().getByRole('listitem').count()).toBe(4)
    const download = browser.page.waitForEvent('download')
    await history().getByRole('button', { name: 'Download log' }).click()
    const file = await (await download).createReadStream()
    let log = ''
    for await (const piece of file) log += String(piece)
    const wall = await browser.page.evaluate(() => new Date().getTimezoneOffset())
    const spell = { since: peak + 5, fired: peak + 5, until: peak + 34, value: 3, peak: 5 }
    const worded = linesOf(busy, spell, (instant) => instant - wall * 60_000)
    expect(log).toContain(`${worded.fires}\n`)
    expect(log).toContain(`${worded.recovers}\n`)
  })

  it('says how often a rule would have fired, while its threshold is moved', async () => {
    await rule('Busy').getByRole('button').click()
    await expect
      .poll(() => backTest().getByRole('status').textContent())
      .toContain('fired once in this period, 29')
    const slider = backTest().getByRole('slider', { name: 'Threshold' })
    await slider.focus()
    for (let i = 0; i < 3; i++) await slider.press('Shift+ArrowUp')
    await expect.poll(() => backTest().textContent()).toContain('As it is saved, at 3')
    await browser.page.getByRole('spinbutton', { name: 'Threshold' }).fill('6')
    await expect.poll(() => backTest().getByRole('status').textContent()).toContain('Would not have fired')
    await browser.page.getByRole('button', { name: 'Discard' }).click()
    await expect.poll(() => backTest().getByRole('status').textContent()).toContain('fired once')
  })

  it('refuses a rule that is wrong where it is edited, and keeps one that is right with the site', async () => {
    const { page } = browser
    await page.getByRole('spinbutton', { name: 'Recovery' }).fill('4')
    await expect
      .poll(() => page.getByRole('alert').allTextContents())
      .toContainEqual(expect.stringContaining('it would recover at 4, where it still fires'))
    expect(await page.getByRole('button', { name: 'Save rule' }).isDisabled()).toBe(true)
    await page.getByRole('spinbutton', { name: 'Threshold' }).fill('')
    await expect
      .poll(() => page.getByRole('alert').allTextContents())
      .toContainEqual(expect.stringContaining('threshold is empty, wanted is a number'))
    expect(await backTest().getByRole('status').textContent()).toContain('Correct the rule')
    expect(await page.getByRole('spinbutton', { name: 'Threshold' }).inputValue()).toBe('')
    await page.getByRole('spinbutton', { name: 'Threshold' }).fill('3')
    await page.getByRole('spinbutton', { name: 'Recovery' }).fill('1')
    await page.getByRole('button', { name: 'Save rule' }).click()
    await expect.poll(async () => (await keptRules())[0]?.recovery).toBe(1)
  })

  it('takes a config.cfg, and says what is wrong with a file', async () => {
    const { page } = browser
    const input = page.getByLabel('Import rules')
    const file = (name: string, text: string) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(text) })
    await input.setInputFiles(file('wrong.cfg', '[Alerts]\nhigh = 5'))
    await expect
      .poll(() => page.getByRole('alert').allTextContents())
      .toContainEqual(
        expect.stringContaining('wrong.cfg: line 2, high = 5: an alert is name = threshold, seconds')
      )
    const many = Array.from({ length: 49 }, (_, i) => traffic(`rule-${i}`, `Rule ${i}`, 1, 1))
    await input.setInputFiles(file('many.json', JSON.stringify(many)))
    await expect
      .poll(() => page.getByRole('alert').allTextContents())
      .toContainEqual(expect.stringContaining('many.json: there are 51 rules, and a site keeps at most 50'))
    await input.setInputFiles(file('config.cfg', '[Alerts]\nrush_hour = 300, 120'))
    await expect.poll(async () => (await keptRules()).map(({ title }) => title)).toContain('Rush hour')
  })

  it('fires under load and recovers after it, on every page of the site', async () => {
    const { page } = browser
    await follow(page, `${stack.url}/s/${site}?p=24h`)
    const start = Math.floor(Date.now() / 1_000)
    const load = Array.from({ length: 20 }, (_, i) => hit(start - 2 + Math.floor(i / 10), `/load/${i}`))
    const more = Array.from({ length: 20 }, (_, i) => hit(start + Math.floor(i / 10), `/load/${i}`))
    await stack.push([...load, ...more], { type: 'text/plain', site })
    const banner = page.getByRole('alert').filter({ hasText: 'Busy since' })
    await banner.waitFor()
    await expect.poll(() => page.title()).toContain('(1)')
    await expect.poll(() => page.getByRole('link', { name: 'Alerts: 1 fires' }).count()).toBe(1)
    await banner.waitFor({ state: 'detached' })
    await follow(page, `${stack.url}/s/${site}/alerts?p=24h`)
    await expect.poll(() => history().getByRole('listitem').count()).toBe(6)
  })

  it('notifies from one of two tabs, once each, also of what fired while the network was cut', async () => {
    const { page, context } = browser
    await context.grantPermissions(['notifications'], { origin: stack.url })
    const other = await context.newPage()
    try {
      for (const tab of [page, other]) {
        await follow(tab, `${stack.url}/s/${site}/alerts?p=24h`)
        await tab.evaluate(() => localStorage.setItem('loggia.notify', 'yes'))
      }
      const shown = () =>
        page.evaluate(async () => {
          const registration = await navigator.serviceWorker.ready
          return (await registration.getNotifications()).length
        })
      /** Each notification that a tab shows, as one of the same rule takes the place of the last. */
      for (const tab of [page, other])
        await tab.evaluate(() => {
          const own = window as unknown as { sent: string[] }
          own.sent = []
          const { showNotification } = ServiceWorkerRegistration.prototype
          ServiceWorkerRegistration.prototype.showNotification = function (title, options) {
            own.sent.push(title)
            return showNotification.call(this, title, options)
          }
        })
      const sent = async () =>
        (
          await Promise.all(
            [page, other].map((tab) => tab.evaluate(() => (window as unknown as { sent: string[] }).sent))
          )
        ).flat()
      const load = (name: string) => {
        const start = Math.floor(Date.now() / 1_000)
        const lines = Array.from({ length: 40 }, (_, i) =>
          hit(start - 2 + Math.floor(i / 20), `/${name}/${i}`)
        )
        return stack.push(lines, { type: 'text/plain', site })
      }
      await load('tabs')
      await expect.poll(async () => (await sent()).length).toBe(1)
      await expect.poll(shown).toBe(1)
      await expect.poll(() => rule('Busy').textContent()).toContain('Recovered')
      await context.setOffline(true)
      await load('cut')
      await page.waitForTimeout(7_000)
      expect(await sent()).toHaveLength(1)
      await context.setOffline(false)
      await expect.poll(async () => (await sent()).length).toBe(2)
      await page.waitForTimeout(6_000)
      expect(await sent()).toEqual([`Busy: ${site}`, `Busy: ${site}`])
    } finally {
      await context.setOffline(false)
      await other.close()
    }
  })

  async function keptRules(): Promise<{ title: string; recovery: number | null }[]> {
    const answer = await fetch(`${stack.url}/api/sites/${site}/settings`, { headers: stack.client.headers })
    return ((await answer.json()) as { alerts: { title: string; recovery: number | null }[] }).alerts
  }
})
