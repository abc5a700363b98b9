import type { Locator } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import {
  button,
  charted,
  expectSaid,
  expectShown,
  inspector,
  lines,
  open,
  param,
  press,
  whole
} from './charted.ts'
import { buckets, follow } from './overview.ts'
import { browser, stack } from './running.ts'

describe('the period', () => {
  charted()

  it('says that what it is compared with is on its way', async () => {
    const { page } = browser
    const change = page.locator('#figure-requests .aside')
    const parts = '**/parts/**'
    const held: (() => void)[] = []
    let isHolding = true
    await page.route(parts, async (route) => {
      if (isHolding) await new Promise<void>((done) => held.push(done))
      await route.continue()
    })
    await open('p=2020-02-19&i=hour&cmp=2020-01-28')
    await expect.poll(() => change.textContent()).toBe('…')
    expect(await change.getAttribute('title')).toMatch(/^The other period is still loading/)
    await expectSaid({ People: '31' })
    await expect.poll(() => held.length).toBeGreaterThan(0)
    isHolding = false
    for (const release of held) release()
    await expect.poll(() => change.textContent()).toBe('+675%')
    await page.unroute(parts)
  })

  it('has buckets as wide as is chosen, of those that suit the range', async () => {
    const { page } = browser
    await open('p=2020-02-19')
    await expectShown(31)
    const picker = page.getByRole('combobox', { name: /^Requests per/ })
    await picker.selectOption('6h')
    await expect.poll(async () => (await buckets(page)).map(([, people]) => people)).toEqual([12, 12, 7])
    expect(param('i')).toBe('6h')
    expect(await picker.locator('option').allTextContents()).toEqual(
      expect.not.arrayContaining(['minute', 'week', 'month'])
    )
    await picker.selectOption('')
    await expect.poll(async () => (await buckets(page)).length).toBeGreaterThan(16)
    expect(param('i')).toBe(null)
  })

  describe('moves through time', () => {
    it('by arrows, up to now', async () => {
      await open('p=2020-02-18')
      await expectShown(24)
      await button('Next period').click()
      await expectShown(31)
      expect(param('p')).toBe('2020-02-19')
      expect(await button('Next period').isDisabled()).toBe(true)
      await press('ArrowLeft', 'ArrowLeft')
      await expect.poll(() => param('p')).toBe('2020-02-17')
      await button('Next period').click()
      await expectShown(24)
    })

    it('to the first hit of the site, from before it', async () => {
      await open('p=2018-05-01')
      await button('17 Feb 2019 00:00').click()
      await expectShown(1)
      expect(param('p')).toBe('2019-02-17')
      expect(await browser.page.getByText('Nearest:').count()).toBe(0)
    })

    it('by keys', async () => {
      const presets = {
        d: 'today',
        e: 'yesterday',
        h: '1h',
        t: '30d',
        m: 'month',
        y: 'year',
        a: 'all',
        w: null
      }
      for (const [key, period] of Object.entries(presets)) {
        await press(key)
        await expect.poll(() => param('p')).toBe(period)
      }
    })

    it('by a menu that says what each period is', async () => {
      const { page } = browser
      await open()
      await press('c')
      const menu = page.getByRole('dialog', { name: 'Period' })
      const yesterday = menu.getByRole('button', { name: /^Yesterday\s*Tue 18 Feb$/ })
      expect(await yesterday.locator('kbd').innerText()).toBe('E')
      await yesterday.click()
      await menu.waitFor({ state: 'hidden' })
      expect(param('p')).toBe('yesterday')
      await expectShown(24)
    })

    it('to a range to the minute, which must end after it begins', async () => {
      const { page } = browser
      await open()
      await page.locator('[popovertarget="period-menu"]').click()
      const menu = page.getByRole('dialog', { name: 'Period' })
      await menu.getByLabel('From, time').fill('03:05')
      await menu.getByLabel('To, time').fill('03:05')
      await menu.getByRole('alert').getByText('The end is not after the start').waitFor()
      expect(await menu.getByRole('button', { name: 'Apply' }).isDisabled()).toBe(true)
      await menu.getByLabel('To, time').fill('05:06')
      await menu.getByRole('button', { name: 'Apply' }).click()
      await expectShown(5)
      expect(param('p')).toBe('2020-02-19T03:05,2020-02-19T05:06')
      await page.locator('[popovertarget="period-menu"]').click()
      await menu.getByLabel('From, day').fill('2020-02-12')
      await menu.getByLabel('From, time').fill('')
      await menu.getByLabel('To, time').fill('')
      await menu.getByRole('button', { name: 'Apply' }).click()
      await expectShown(67)
      expect(param('p')).toBe('2020-02-12,2020-02-19')
    })
  })

  it('is a range of days out of a calendar, told as elsewhere on the page', async () => {
    const { page } = browser
    await open()
    await page.locator('[popovertarget="period-menu"]').click()
    const menu = page.getByRole('dialog', { name: 'Period' })
    const [from, to] = ['From, day', 'To, day'].map((name) => menu.getByLabel(name)) as [Locator, Locator]
    expect(await to.inputValue()).toBe('19 Feb 2020')
    expect(await menu.locator('input[type="date"], input[type="time"]').count()).toBe(0)
    await menu.getByRole('button', { name: '18 Feb 2020', exact: true }).click()
    await menu.getByText('From 18 Feb 2020: choose the last day.').waitFor()
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Enter')
    expect([await from.inputValue(), await to.inputValue()]).toEqual(['12 Feb 2020', '18 Feb 2020'])
    await from.fill('30 Feb')
    await menu.getByRole('alert').getByText('“30 Feb” is not a day. Type it as 21 Nov 2026.').waitFor()
    await from.fill('12.2.2020')
    await menu.getByRole('button', { name: 'Apply' }).click()
    await expectShown(36)
    expect(param('p')).toBe('2020-02-12,2020-02-18')
  })

  describe('is compared', () => {
    const against = () => browser.page.locator('#figure-requests .aside').getAttribute('title')
    const choose = async (name: RegExp) => {
      await browser.page.locator('#comparison').click()
      const menu = browser.page.getByRole('dialog', { name: 'Comparison' })
      await menu.getByRole('button', { name }).click()
      await menu.waitFor({ state: 'hidden' })
    }
    const expectAgainst = (text: string) =>
      expect.poll(async () => (await against())?.split('\n')[0]).toBe(text)
    const isDashed = () => browser.page.locator('#timeline td.before').count()

    it('with as much of the previous day, week and year, and with nothing drawn', async () => {
      await open()
      await expectAgainst('previous day: 16')
      await choose(/^Same days last week\s*Wed 12 Feb$/)
      await expectAgainst('last week: 8')
      expect(param('cmp')).toBe('week')
      await choose(/^Same days last year/)
      await expectAgainst('last year: 3')
      expect(await isDashed()).toBeGreaterThan(0)
      await choose(/^Off/)
      await expectAgainst('previous day: 16')
      expect(await isDashed()).toBe(0)
      expect(await inspector()).not.toHaveProperty('Previous day')
      await choose(/^Previous period/)
      await expect.poll(isDashed).toBeGreaterThan(0)
      expect(param('cmp')).toBe(null)
    })

    it('with the same weekdays, where the range is not whole weeks', async () => {
      await open('p=2020-02-10,2020-02-19')
      await press('x')
      await browser.page
        .getByRole('button', { name: /^Previous, same weekdays.*Mon 27 Jan – Wed 5 Feb$/ })
        .click()
      await expectAgainst('previous period: 5')
      expect(param('cmp')).toBe('weekday')
    })

    it('with a range of one’s own', async () => {
      await open()
      await press('x')
      const menu = browser.page.getByRole('dialog', { name: 'Comparison' })
      for (const name of ['From, day', 'To, day']) await menu.getByLabel(name).fill('2020-01-28')
      await menu.getByRole('button', { name: 'Apply' }).click()
      await expectAgainst('other period: 4')
      expect(param('cmp')).toBe('2020-01-28')
    })

    it('with nothing when all there is is shown', async () => {
      await open('p=all')
      await expectShown(lines.length)
      expect(await browser.page.locator('#comparison').isDisabled()).toBe(true)
    })
  })

  it('tells time in the zone that is chosen', async () => {
    const { page } = browser
    await open()
    await page.locator('[popovertarget="period-menu"]').click()
    await page.getByLabel(/^Times in/).fill('new york')
    await page.getByRole('option', { name: /America\/New York\s*UTC−5/ }).waitFor()
    await press('Enter')
    await expect.poll(() => param('tz')).toBe('America/New_York')
    await press('Escape')
    await expectShown(21)
    await expectSaid({ of: whole, People: '21' })
    expect((await buckets(page))[0]).toEqual(['Wed 19 Feb 00:00 – 01:00', 2])
    await page.locator('[popovertarget="period-menu"]').getByText('UTC−5').waitFor()
    await page.locator('[popovertarget="period-menu"]').click()
    await page.getByLabel(/^Times in/).fill('utc')
    await press('Enter')
    await expectShown(31)
    expect(param('tz')).toBe(null)
  })

  it('ends “Last hour” and “24 hours” now', async () => {
    const shown = browser.page.locator('[popovertarget="period-menu"]')
    for (const [query, words] of [
      ['p=1h', 'Wed 19 Feb 14:31 – 15:31'],
      ['p=24h', 'Tue 18 Feb 15:31 – Wed 19 Feb 15:31']
    ] as const) {
      await open(query)
      await shown.getByText(words, { exact: true }).waitFor({ timeout: 10_000 })
    }
  })

  it('says which period of the address it can’t read, and which one it shows', async () => {
    const { page } = browser
    const said = page.getByRole('status').filter({ hasText: 'Left out' })
    const remove = page.getByRole('button', { name: 'Remove these parts from the address' })
    for (const [query, words] of [
      ['p=lastweek', 'p=lastweek no period “lastweek”'],
      ['p=2020-02-19,2020-02-12', 'p=2020-02-19,2020-02-12 the end is not after the start']
    ] as const) {
      await open(query)
      await said.waitFor()
      expect((await said.innerText()).replace(/\s+/g, ' ')).toContain(words)
      expect(await page.locator('[popovertarget="period-menu"]').innerText()).toContain('7 days')
      await remove.click()
      await said.waitFor({ state: 'detached' })
      expect(param('p')).toBe(null)
    }
  })

  it('says that the address names a dialog that does not exist', async () => {
    const { page } = browser
    await follow(page, '/s/charted/top/shoes?p=2020-02-19')
    const said = page.getByRole('status').filter({ hasText: 'Left out' })
    await said.getByText('no column “shoes”').waitFor()
    await page.getByRole('button', { name: 'Remove these parts from the address' }).click()
    await page.waitForURL((url) => url.pathname === '/s/charted' && url.search === '?p=2020-02-19')
    await said.waitFor({ state: 'detached' })
  })

  it('opens a site whose hits are older on the last period that has some, and says so', async () => {
    const { page } = browser
    const site = 'asleep'
    const old = lines.filter((line) => line.includes('/2019:'))
    await stack.push(old, { type: 'text/plain', site })
    await stack.waitForRows(site, old.length)
    await page.goto(`${stack.url}/s/${site}`)
    await page.getByText('No hits in the last 7 days.').waitFor()
    await expectShown(5)
    expect(param('p')).toBe('2019-02-13,2019-02-19')
    await page.getByRole('button', { name: 'Show 7 days' }).click()
    await page.getByText('Nothing', { exact: true }).waitFor()
    expect(param('p')).toBe(null)
    expect(await page.getByText('No hits in the last 7 days.').count()).toBe(0)
    // What an address asks for is shown, whether there are hits or not.
    await follow(page, `/s/${site}?p=yesterday`)
    await page.getByText('Nothing', { exact: true }).waitFor()
    expect(param('p')).toBe('yesterday')
  })

  it('leaves nothing in the console and asks nobody else', () => {
    expect(browser.errors).toEqual([])
    browser.expectNoForeign()
  })
})
