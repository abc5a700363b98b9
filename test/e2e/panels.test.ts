import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { nginxLines } from '../../src/lib/sample/traffic.ts'
import { expectRequests, follow, openOverview, rows, settled } from './overview.ts'
import { browser, running, stack } from './running.ts'

/** As Ballcone's nginx writes it: `generation_time_milli` is in seconds. */
const entry = (date: string, ip: string, path: string, seconds: number, agent: string, rest: object = {}) =>
  JSON.stringify({
    service: 'days',
    ip,
    host: 'example.org',
    path,
    status: '200',
    referrer: '',
    user_agent: agent,
    length: 100,
    generation_time_milli: seconds,
    date,
    ...rest
  })

const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:72.0) Gecko/20100101 Firefox/72.0'
const safari =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_2) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/13.0.4 Safari/605.1.15'
const google = 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)'
const lines = [
  entry('2020-01-01T12:00:00+00:00', '192.168.1.1', '/', 0.1, firefox),
  entry('2020-01-01T12:15:00+00:00', '192.168.1.1', '/robots.txt', 0.01, google, {
    status: '404',
    referrer: 'https://example.net/list'
  }),
  entry('2020-01-02T23:59:00+00:00', '192.168.1.2', '/?utm_source=a%20letter', 0.01, safari),
  entry('2020-01-02T23:59:59+00:00', '192.168.1.2', '/post', 1, safari)
]
const period = 'p=2020-01-01,2020-01-03'

describe('the panels', () => {
  running(async () => {
    await stack.push(lines, { type: 'application/x-ndjson' })
    await stack.waitForRows('days', lines.length)
    await stack.signIn(browser.context)
  })

  const panel = (title: string) =>
    browser.page.locator('section.panel', {
      has: browser.page.getByRole('heading', { name: title, exact: true })
    })
  const open = async (query = '') => {
    await follow(browser.page, `${stack.url}/s/days?${period}${query && `&${query}`}`)
    await expectRequests(browser.page, lines.length)
  }
  const names = async (title: string) => {
    await settled(browser.page)
    return panel(title)
      .locator('li > button:first-child')
      .evaluateAll((buttons) => buttons.map((button) => (button as HTMLElement).title.split('\n')[0]))
  }

  it('list the days as Ballcone does', async () => {
    await openOverview(browser.page, stack.url, 'days', period)
    const days = await panel('Days')
      .locator('tbody tr')
      .evaluateAll((trs) =>
        trs.map((tr) => [
          ...[...tr.children].slice(0, 4).map((cell) => cell.textContent?.trim()),
          tr.querySelector('td[title]')?.getAttribute('title')
        ])
      )
    expect(days).toEqual([
      ['2020-01-02', '2', '1', '505\u00a0ms', '0.5050 s'],
      ['2020-01-01', '2', '1', '55\u00a0ms', '0.0550 s']
    ])
  })

  it('have tabs that the address and the device remember', async () => {
    const { page } = browser
    await panel('Pages').getByRole('button', { name: 'Exit' }).click()
    await expect.poll(async () => (await names('Pages')).toSorted()).toEqual(['/', '/post'])
    expect(page.url()).toContain('tab.pages=exit')
    await panel('Bots').getByRole('button', { name: 'Operator' }).click()
    await expect.poll(() => names('Bots')).toEqual(['Google'])
    await panel('Sources').getByRole('button', { name: 'UTM source' }).click()
    await expect.poll(() => names('Sources')).toEqual(['a letter'])
    await openOverview(page, stack.url, 'days', period)
    expect((await names('Pages')).toSorted()).toEqual(['/', '/post'])
  })

  it('give networks the width that addresses leave', async () => {
    await open()
    const [address, network] = await panel('Most errors by address')
      .locator('li')
      .first()
      .locator('.ip, .org')
      .evaluateAll((cells) => cells.map((cell) => (cell as HTMLElement).offsetWidth))
    expect(network).toBeGreaterThan(address! * 1.5)
  })

  it('filter by what is clicked, and take it back', async () => {
    const { page } = browser
    await open('tab.pages=missing&tab.status=type')
    expect(await panel('Pages').locator('li').first().textContent()).toContain('https://example.net/list')
    await panel('Bots').locator('li > button').first().click()
    await expect.poll(() => page.url()).toContain('f=is,bot_name,Googlebot')
    await settled(page)
    await panel('Bots').locator('li > button').first().click()
    await expect.poll(() => page.url()).not.toContain('f=')
    expect(page.url()).toContain('tab.pages=missing')
  })

  it('filter by weekday and hour, by mouse and by keys', async () => {
    const { page } = browser
    await open()
    const cell = (name: RegExp) => panel('Rhythm').getByRole('gridcell', { name })
    const expectFilters = (...wanted: string[]) =>
      expect.poll(() => new URL(page.url()).searchParams.getAll('f')).toEqual(wanted)
    const expectShown = (requests: number) => expectRequests(page, requests)
    // The first of January 2020 was a Wednesday.
    await cell(/^Wed 12:00, 2 requests an hour/).click()
    await expectFilters('is,weekday_hour,312')
    await expectShown(2)
    expect(await cell(/^Wed 12:00/).getAttribute('aria-selected')).toBe('true')
    await cell(/^Thu 23:00, 2 requests an hour/).click({ modifiers: ['ControlOrMeta'] })
    await expectFilters('is,weekday_hour,312,423')
    await expectShown(4)
    await page
      .getByRole('group', { name: 'Filter: Hour of the week is Wednesday 12:00, Thursday 23:00' })
      .waitFor()
    await cell(/^Wed 12:00/).click()
    await expectFilters('is,weekday_hour,312')
    await cell(/^Wed 12:00/).hover()
    await page.keyboard.press('Enter')
    await expectFilters()
    await cell(/^Thu 23:00/).click({ modifiers: ['Alt'] })
    await expectFilters('not,weekday_hour,423')
    await expectShown(2)
    await cell(/^Thu 23:00/).click({ modifiers: ['Alt'] })
    await expectFilters()
    const grid = panel('Rhythm').getByRole('grid')
    await cell(/^Wed 12:00/).hover()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowLeft')
    expect(await grid.getAttribute('aria-activedescendant')).toBe(await cell(/^Thu 11:00/).getAttribute('id'))
    await panel('Rhythm')
      .getByText('Thu 11:00 not in this period')
      .or(panel('Rhythm').getByText('Thu 11:00 0 requests an hour'))
      .waitFor()
    await panel('Rhythm')
      .getByRole('rowheader', { name: 'Wednesdays' })
      .click({ modifiers: ['Alt'] })
    await expectFilters('not,weekday,3')
    await expectShown(2)
    await panel('Rhythm').getByRole('columnheader', { name: '23:00 of every day' }).click()
    await expectFilters('not,weekday,3', 'is,hour,23')
  })

  it('tell when, over a trend', async () => {
    const { page } = browser
    await open('tab.pages=visited')
    const row = panel('Pages').locator('li').first()
    const box = (await row.locator('.trend').boundingBox())!
    await page.mouse.move(box.x + 22, box.y + box.height / 2)
    await row.getByText('Thu 2 Jan 2020 09:00 – 12:00').waitFor()
    await row.getByText('0 page views').waitFor()
    await page.mouse.move(0, 0)
    await row.getByText('0 page views').waitFor({ state: 'detached' })
    await page.keyboard.press('Tab')
    await row.locator('button').first().focus()
    await row.getByText('Wed 1 Jan 2020 12:00 – 15:00').waitFor()
    const said = row.getByRole('status')
    expect(await said.textContent()).toBe('')
    await page.keyboard.press('ArrowRight')
    await row.locator('.reading').getByText('Wed 1 Jan 2020 15:00 – 18:00').waitFor()
    expect(await said.textContent()).toBe('Wed 1 Jan 2020 15:00 – 18:00, 0 page views')
    for (let i = 0; i < 8; i++) await page.keyboard.press('ArrowLeft')
    expect(await said.textContent()).toBe('Wed 1 Jan 2020 00:00 – 03:00, 0 page views')
    expect(page.url()).toContain(period)
  })

  it('come back as they were left: period and interval of a site', async () => {
    const { page } = browser
    await follow(page, `${stack.url}/s/days?p=today`)
    await page.keyboard.press('t')
    await expect.poll(() => page.url()).toContain('p=30d')
    await page.getByRole('combobox', { name: /per/ }).first().selectOption('week')
    await page.goto(`${stack.url}/s/days`)
    await expect.poll(() => new URL(page.url()).search).toBe('?p=30d&i=week')
    await follow(page, `${stack.url}/s/days?p=today`)
    await settled(page)
    expect(new URL(page.url()).search).toBe('?p=today')
  })

  it('are one of the sections of a site, which keys and a phone’s tabs lead to', async () => {
    const { page } = browser
    await open()
    const { origin } = new URL(page.url())
    await page.keyboard.press('g')
    await page.keyboard.press('u')
    await page.waitForURL(`${origin}/s/days/setup?${period}`)
    const sections = page.getByRole('navigation', { name: 'Sections' })
    const current = () => sections.locator('[aria-current="page"]').innerText()
    const bottom = async () => {
      const box = (await sections.boundingBox())!
      return Math.round(box.y + box.height)
    }
    // The address changes before the page does.
    await expect.poll(current).toBe('Setup')
    await page.setViewportSize({ width: 390, height: 844 })
    await expect.poll(bottom).toBe(844)
    await sections.getByRole('link', { name: 'Overview' }).click()
    await page.waitForURL(`${origin}/s/days?${period}`)
    await settled(page)
    const { scrollWidth, clientWidth } = await page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement
      return { scrollWidth, clientWidth }
    })
    expect(scrollWidth).toBe(clientWidth)
    await page.setViewportSize({ width: 1440, height: 900 })
  })

  it('open all values in a dialog with an address of its own', async () => {
    const { page } = browser
    await open('tab.pages=visited')
    expect(await rows(page, 'Pages')).toEqual({ '/': 2, '/post': 1, '/robots.txt': 1 })
  })

  describe('of a busy site', () => {
    const size = { width: 1440, height: 900 }
    const busy = nginxLines('busy', {
      seed: 4,
      from: Date.now() - 3 * 86_400_000,
      to: Date.now(),
      hits: 3_000
    })
    /** How far the last row of a panel reaches down the page. */
    const endOf = (title: string) =>
      panel(title)
        .locator('li')
        .last()
        .evaluate((row) => row.getBoundingClientRect().bottom)
    const chosenInSight = (title: string) =>
      panel(title)
        .locator('.tabs [aria-pressed="true"]')
        .evaluate((tab) => {
          const [inner, strip] = [tab, tab.parentElement!].map((node) => node.getBoundingClientRect())
          return inner!.left >= strip!.left - 1 && inner!.right <= strip!.right + 1
        })

    beforeAll(async () => {
      await stack.push(busy)
      await stack.waitForRows('busy', busy.length)
      await openOverview(browser.page, stack.url, 'busy', 'p=7d')
    })
    afterAll(() => browser.page.setViewportSize(size))

    it('fill the height that the map takes, and no more', async () => {
      const { page } = browser
      const rows = (title: string) => panel(title).locator('li').count()
      await expect.poll(() => rows('Pages')).toBeGreaterThan(10)
      const gap = (await endOf('Places')) - (await endOf('Pages'))
      expect(gap).toBeGreaterThan(-2)
      expect(gap).toBeLessThan(27)
      await panel('Places').getByRole('button', { name: 'Country', exact: true }).click()
      await expect.poll(() => rows('Pages')).toBe(10)
      await settled(page)
    })

    it('show the chosen tab at every width', async () => {
      const { page } = browser
      for (const [title, tab] of [
        ['Sources', 'Campaign'],
        ['Clients', 'Device'],
        ['Clients', 'Browser']
      ] as const) {
        await panel(title).locator('.tabs').getByRole('button', { name: tab, exact: true }).click()
        for (const width of [1440, 1190, 900, 390]) {
          await page.setViewportSize({ ...size, width })
          await expect.poll(() => chosenInSight(title)).toBe(true)
        }
      }
    })

    it('show on a phone that the days go on to the side', async () => {
      const { page } = browser
      await page.setViewportSize({ width: 390, height: 844 })
      const table = page.getByRole('region', { name: 'Table of days' })
      await table.scrollIntoViewIfNeeded()
      const hint = page.getByText('Scroll sideways for paths and browsers')
      await hint.waitFor()
      await table.evaluate((box) => box.scrollTo({ left: box.scrollWidth }))
      await hint.waitFor({ state: 'hidden' })
      const users = await panel('Top users').evaluate((box) => box.getBoundingClientRect().height)
      expect(users).toBeLessThan(110)
    })
  })

  it('throw nothing', () => {
    browser.expectNoForeign()
    expect(browser.errors.filter((error) => !error.includes('401'))).toEqual([])
  })
})
