import { text } from 'node:stream/consumers'
import type { Locator } from 'playwright-core'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { expectRequests, follow, settled } from './overview.ts'
import { browser, running, stack } from './running.ts'

const site = 'listed'
const period = 'p=2020-02-19'
const address = `/s/${site}/top/path?${period}`

const agents = {
  firefox: 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0',
  google: 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)'
}

interface Asked {
  path: string
  ip: string
  length: number
  seconds: number
  status?: number
  agent?: keyof typeof agents
}

const entry = ({ path, ip, length, seconds, status = 200, agent = 'firefox' }: Asked, i: number) =>
  JSON.stringify({
    service: site,
    ip,
    host: 'example.org',
    path,
    status: String(status),
    referrer: '',
    user_agent: agents[agent],
    length,
    generation_time_milli: seconds,
    date: `2020-02-19T12:${String(i).padStart(2, '0')}:00+00:00`
  })

const times = (n: number, asked: Asked) => Array.from({ length: n }, () => asked)
// Each metric puts the paths into another order. Addresses are of the Netherlands, Japan and Australia.
const [nl, jp, au] = ['145.18.0.1', '133.11.0.1', '1.128.0.1']
const hits: Asked[] = [
  ...times(5, { path: '/many', ip: nl, length: 10, seconds: 0.02 }),
  ...times(3, { path: '/slow, "quoted"', ip: nl, length: 20, seconds: 3 }),
  { path: '/visited', ip: nl, length: 1, seconds: 0.01 },
  { path: '/visited', ip: jp, length: 1, seconds: 0.01 },
  { path: '/visited', ip: au, length: 1, seconds: 0.01 },
  { path: '/large', ip: jp, length: 90_000, seconds: 0.1 },
  ...times(2, { path: '/api/broken', ip: jp, length: 30, seconds: 0.2, status: 500 }),
  { path: '=crawled()', ip: au, length: 5, seconds: 0.005, agent: 'google' }
]

describe('the dialog of all values', () => {
  running(async () => {
    await stack.push(hits.map(entry), { type: 'application/x-ndjson' })
    await stack.waitForRows(site, hits.length)
    await browser.context.grantPermissions(['clipboard-read', 'clipboard-write'])
    await stack.signIn(browser.context)
    await browser.page.goto(stack.url + address)
  })

  const dialog = () => browser.page.getByRole('dialog')
  const values = () =>
    dialog()
      .locator('tbody th button')
      .evaluateAll((buttons) => buttons.map((button) => (button as HTMLElement).title))
  const expectValues = (wanted: string[]) => expect.poll(values).toEqual(wanted)
  const search = () => dialog().getByRole('searchbox')
  const path = () => new URL(browser.page.url()).pathname
  const filters = () => new URL(browser.page.url()).searchParams.getAll('f')
  const byRequests = ['/many', '/slow, "quoted"', '/visited', '/api/broken', '/large', '=crawled()']

  const expectShown = (requests: number) => expectRequests(browser.page, requests)
  /** The overview, without the dialog. */
  const openOverview = async (query = period) => {
    await follow(browser.page, `${stack.url}/s/${site}?${query}`)
    await expectShown(hits.length)
  }
  const sort = async (title: string, direction: 'ascending' | 'descending') => {
    const head = dialog().getByRole('columnheader', { name: title })
    const current = () => head.getAttribute('aria-sort')
    for (let clicks = 0; clicks < 2 && (await current()) !== direction; clicks++)
      await head.getByRole('button').click()
    expect(await current()).toBe(direction)
  }

  describe('over paths', () => {
    beforeEach(async () => {
      const { page } = browser
      if (page.url() !== stack.url + address) await follow(page, stack.url + address)
      await search().fill('')
      await sort('Requests', 'descending')
      await expectValues(byRequests)
    })

    it('says how many there are', async () => {
      await dialog().getByRole('status').getByText('6 of 15 requests').waitFor()
    })

    it('is searched, in small letters or large', async () => {
      await search().fill('L')
      await expectValues(['/slow, "quoted"', '/large', '=crawled()'])
      await search().fill('nothing like it')
      await dialog().getByText('No matches. Try a shorter search.').waitFor()
      await search().fill('')
      await expectValues(byRequests)
    })

    it.each([
      ['Visitors', '/visited', '=crawled()'],
      ['Page views', '/many', '/api/broken'],
      ['Requests', '/many', '/large'],
      ['Bandwidth', '/large', '/visited'],
      ['p95', '/slow, "quoted"', '=crawled()'],
      ['Errors 5xx', '/api/broken', '/many'],
      ['Value', '=crawled()', '/api/broken']
    ])('is sorted by %s, both ways', async (title, most, least) => {
      const expectFirst = (value: string) => expect.poll(async () => (await values())[0]).toBe(value)
      await sort(title, 'descending')
      await expectFirst(most)
      await sort(title, 'ascending')
      await expectFirst(least)
    })

    it('is taken along as CSV, in a file and by the clipboard', async () => {
      const { page } = browser
      const csv = [
        'path,visitors,page_views,requests,bytes,p95,errors',
        '/many,1,5,5,50,20,0',
        '"/slow, ""quoted""",1,3,3,60,3000,0',
        '/visited,3,3,3,3,10,0',
        '/api/broken,1,0,2,60,200,2',
        '/large,1,1,1,90000,100,0',
        "'=crawled(),0,1,1,5,5,0",
        ''
      ].join('\r\n')
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        dialog().getByRole('button', { name: 'CSV' }).click()
      ])
      expect(download.suggestedFilename()).toBe(`${site}-path.csv`)
      expect(await text(await download.createReadStream())).toBe(csv)
      await dialog().getByRole('button', { name: 'Copy' }).click()
      await dialog().getByText('Copied').waitFor()
      expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(csv)
    })

    it('groups by another column, which its address says', async () => {
      await dialog().getByRole('combobox', { name: 'Group by' }).selectOption('status')
      await expectValues(['200 OK', '500 Server error'])
      expect(path()).toBe(`/s/${site}/top/status`)
    })

    it('filters by what is clicked, and closes', async () => {
      await dialog().getByRole('button', { name: '/large' }).click()
      await dialog().waitFor({ state: 'detached' })
      expect(path()).toBe(`/s/${site}`)
      expect(filters()).toEqual(['is,path,/large'])
      await expectShown(1)
    })
  })

  it('opens from a panel, closes by Escape and by Back, and leaves the page where it was', async () => {
    const { page } = browser
    await openOverview()
    await page.evaluate(() => Object.assign(window, { isSamePage: true }))
    const all = page.getByRole('button', { name: 'All 6 of Pages, with every metric' })
    await all.click()
    await expectValues(byRequests)
    expect(path()).toBe(`/s/${site}/top/path`)
    await page.keyboard.press('Escape')
    await dialog().waitFor({ state: 'detached' })
    expect(path()).toBe(`/s/${site}`)
    await all.click()
    await expectValues(byRequests)
    await page.goBack()
    await dialog().waitFor({ state: 'detached' })
    expect(await page.evaluate(() => 'isSamePage' in window)).toBe(true)
  })

  it('is answered before the panels behind it where it is opened without them, and leads back to them', async () => {
    const { page } = browser
    await page.addInitScript(() => {
      const found: string[] = []
      new MutationObserver(() => {
        for (const rows of ['dialog tbody th button', 'section.panel li button'])
          if (!found.includes(rows) && document.querySelector(rows)) found.push(rows)
      }).observe(document, { childList: true, subtree: true })
      Object.assign(window, { found })
    })
    await page.goto(`${stack.url}/s/${site}/top/status?${period}`)
    await expectValues(['200 OK', '500 Server error'])
    const found = () => page.evaluate(() => (window as unknown as { found: string[] }).found)
    await expect.poll(found).toEqual(['dialog tbody th button', 'section.panel li button'])
    await page.evaluate(() => Object.assign(window, { isSamePage: true }))
    await dialog().getByRole('button', { name: 'Close' }).click()
    await dialog().waitFor({ state: 'detached' })
    await settled(page)
    expect(page.url()).toBe(`${stack.url}/s/${site}?${period}`)
    expect(await page.evaluate(() => 'isSamePage' in window)).toBe(true)
  })

  it('is not all there is to click: the map filters by a country', async () => {
    const { page } = browser
    await openOverview(`${period}&tab.places=map`)
    const country = page.locator('svg path', { has: page.locator('title', { hasText: /^Australia/ }) })
    expect(await country.locator('title').textContent()).toBe('Australia\n1 visitors')
    await country.click()
    await expect.poll(filters).toEqual(['is,country,AU'])
    await expectShown(2)
    await country.click()
    await expect.poll(filters).toEqual([])
  })

  it('opens a menu at a long press: in the dialog, on the map and among offenders', async () => {
    const { page } = browser
    const session = await browser.context.newCDPSession(page)
    const touch = (type: 'touchStart' | 'touchEnd', touchPoints: { x: number; y: number }[]) =>
      session.send('Input.dispatchTouchEvent', { type, touchPoints })
    // What an answer moves while it is pressed is pressed again, as a person would.
    const longPress = (on: Locator) =>
      vi.waitFor(async () => {
        await on.scrollIntoViewIfNeeded()
        const box = (await on.boundingBox())!
        await touch('touchStart', [{ x: box.x + box.width / 2, y: box.y + box.height / 2 }])
        await menu()
          .waitFor({ timeout: 2_000 })
          .finally(() => touch('touchEnd', []))
      }, 120_000)
    const menu = () => page.getByRole('menu')
    const choose = (name: string) => page.getByRole('menuitem', { name }).click()
    const expectFilters = (...wanted: string[]) => expect.poll(filters).toEqual(wanted)

    await follow(page, stack.url + address)
    await expectValues(byRequests)
    await longPress(dialog().getByRole('button', { name: '/large' }))
    await choose('Exclude this value')
    await expectFilters('not,path,/large')

    await openOverview(`${period}&tab.places=map`)
    await longPress(page.locator('svg path', { has: page.locator('title', { hasText: /^Australia/ }) }))
    await menu().getByText('Australia').waitFor()
    await page.keyboard.press('Escape')
    await menu().waitFor({ state: 'detached' })
    await longPress(page.locator('svg path', { has: page.locator('title', { hasText: /^Australia/ }) }))
    await choose('Exclude this value')
    await expectFilters('not,country,AU')
    // The pill that comes moves what is below it.
    await settled(page)

    await longPress(page.getByRole('list', { name: /^Addresses/ }).getByRole('button'))
    await choose('Only this value')
    await expectFilters('not,country,AU', `is,ip,${jp}`)
    await expectShown(4)
    await session.detach()
  })

  it('leaves nothing in the console and asks nobody else', () => {
    expect(browser.errors).toEqual([])
    browser.expectNoForeign()
  })
})
