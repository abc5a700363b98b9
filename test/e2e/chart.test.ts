import type { CDPSession } from 'playwright-core'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { buckets, figure, openOverview, settled } from './overview.ts'
import { browser, running, stack } from './running.ts'

const site = 'charted'
/** What the page takes for now: a Wednesday, half an hour into a bucket. */
const now = '2020-02-19T15:30:00Z'
const today = 'p=2020-02-19&i=hour'

const months = ['Jan', 'Feb']
/** One hit at each time, `2019-02-17 00:00` in UTC. */
const hit = (at: string) => {
  const [year, month, day, time] = at.split(/[- ]/)
  const agent = 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0'
  const date = `${day}/${months[Number(month) - 1]}/${year}:${time}:00 +0000`
  return `192.0.2.20 - - [${date}] "GET /?at=${encodeURIComponent(at)} HTTP/1.1" 200 512 "-" "${agent}"`
}
const hours = (every: number, end = 24) =>
  Array.from({ length: Math.ceil(end / every) }, (_, i) => String(i * every).padStart(2, '0'))

// So many that each day has a number of its own: 31, 24, 12, 5 and 4.
const lines = [
  ...hours(1, 15).flatMap((hour) => [`2020-02-19 ${hour}:05`, `2020-02-19 ${hour}:35`]),
  '2020-02-19 15:05',
  ...hours(1).map((hour) => `2020-02-18 ${hour}:20`),
  ...hours(2).map((hour) => `2020-02-12 ${hour}:10`),
  ...hours(5).map((hour) => `2020-01-28 ${hour}:00`),
  ...hours(6).map((hour) => `2019-02-19 ${hour}:00`),
  '2019-02-17 00:00'
].map(hit)

describe('the chart', () => {
  let session: CDPSession

  running(async () => {
    await stack.push(lines, { type: 'text/plain', site })
    await stack.waitForRows(site, lines.length)
    await stack.signIn(browser.context)
    await browser.page.clock.setFixedTime(now)
    session = await browser.context.newCDPSession(browser.page)
    await openOverview(browser.page, stack.url, site, today)
  })

  /** By a link within the page: what is shown there stays until its successor is known. */
  const open = async (query = today) => {
    await browser.page.evaluate((href) => {
      const link = Object.assign(document.createElement('a'), { href })
      document.body.append(link)
      link.click()
      link.remove()
    }, `?${query}`)
    await vi.waitFor(() => expect(new URL(browser.page.url()).search).toBe(`?${query}`))
  }
  const chart = () => browser.page.getByRole('slider', { name: /over time/ })
  const param = (name: string) => new URL(browser.page.url()).searchParams.get(name)
  const button = (name: string | RegExp) => browser.page.getByRole('button', { name, exact: true })
  const press = (...keys: string[]) =>
    keys.reduce((before, key) => before.then(() => browser.page.keyboard.press(key)), Promise.resolve())

  /** What the inspector says, after its heading: `{ People: '2', … }`. */
  const inspector = () =>
    browser.page.locator('aside[aria-label^="Figures of"]').evaluate((aside) => ({
      of: aside.querySelector('h2')?.textContent?.trim().replace(/\s+/g, ' '),
      ...Object.fromEntries(
        [...aside.querySelectorAll('dt')].map((dt) => [
          dt.textContent?.trim(),
          dt.nextElementSibling?.textContent?.trim()
        ])
      )
    }))
  const expectSaid = (said: object) =>
    vi.waitFor(async () => expect(await inspector()).toMatchObject(said), 5_000)
  /** The middle of a bucket of the day's hours. */
  const middleOf = async (hour: number) => {
    const box = (await chart().boundingBox())!
    return { x: box.x + ((hour + 0.5) / 24) * box.width, y: box.y + box.height / 2 }
  }
  const drag = async (from: number, to: number) => {
    const [start, end] = [await middleOf(from), await middleOf(to)]
    const { mouse } = browser.page
    await mouse.move(start.x, start.y)
    await mouse.down()
    await mouse.move((start.x + end.x) / 2, start.y)
    await mouse.move(end.x, end.y)
    await mouse.up()
  }
  const expectShown = (requests: number) =>
    vi.waitFor(async () => {
      await settled(browser.page)
      expect(await figure(browser.page, 'requests')).toBe(requests)
    }, 20_000)

  const whole = 'Wed 19 Feb'
  const three = 'Wed 19 Feb 03:00 – 04:00'

  describe('over one day', () => {
    beforeEach(async () => {
      if (new URL(browser.page.url()).search !== `?${today}`) await open()
      await press('Escape')
    })

    it('reads out the bucket under the mouse, and the whole range without it', async () => {
      await expectSaid({ of: whole, People: '31', 'Previous day': '16' })
      const { x, y } = await middleOf(3)
      await browser.page.mouse.move(x, y)
      await expectSaid({ of: `${three} hour`, People: '2', 'Previous day': '1' })
      await browser.page.mouse.move(x, 20)
      await expectSaid({ of: whole, People: '31' })
    })

    it('ends its crosshair at the bucket that now is in', async () => {
      const { x, y } = await middleOf(21)
      await browser.page.mouse.move(x, y)
      await expectSaid({ of: 'Wed 19 Feb 15:00 – 16:00 hour', People: '1' })
      await browser.page.mouse.move(x, 20)
    })

    it('is read bucket by bucket with keys, and says the same aloud', async () => {
      const said = () => chart().getAttribute('aria-valuetext')
      await chart().focus()
      await press('Home')
      await expectSaid({ of: 'Wed 19 Feb 00:00 – 01:00 hour', People: '2' })
      expect(await said()).toMatch(/^Wed 19 Feb 00:00 – 01:00, People 2,/)
      await press('ArrowRight', 'ArrowRight', 'ArrowRight')
      await expectSaid({ of: `${three} hour`, People: '2' })
      await press('PageDown', 'ArrowLeft')
      await expectSaid({ of: 'Wed 19 Feb 12:00 – 13:00 hour' })
      await press('End')
      await expectSaid({ of: 'Wed 19 Feb 15:00 – 16:00 hour', People: '1' })
      expect(await chart().getAttribute('aria-valuenow')).toBe('15')
      await press('Shift+ArrowLeft', 'Shift+ArrowLeft')
      await expectSaid({ of: 'Wed 19 Feb 13:00 – 16:00 3 × hour', People: '5' })
      expect(await said()).toBe('Wed 19 Feb 13:00 – 16:00 chosen')
      await press('Escape')
      await expectSaid({ of: whole })
      expect(param('p')).toBe('2020-02-19')
    })

    it('pins a bucket by a tap, lets it go by another, and is scrubbed by a finger', async () => {
      const touch = (
        type: 'touchStart' | 'touchMove' | 'touchEnd',
        ...touchPoints: { x: number; y: number }[]
      ) => session.send('Input.dispatchTouchEvent', { type, touchPoints })
      const at = await middleOf(3)
      await touch('touchStart', at)
      await touch('touchEnd')
      await expectSaid({ of: `${three} hour`, People: '2' })
      await touch('touchStart', at)
      await touch('touchEnd')
      await expectSaid({ of: whole })
      await touch('touchStart', at)
      await touch('touchMove', await middleOf(5))
      await touch('touchMove', await middleOf(7))
      await expectSaid({ of: 'Wed 19 Feb 07:00 – 08:00 hour' })
      await touch('touchEnd')
      await expectSaid({ of: 'Wed 19 Feb 07:00 – 08:00 hour', People: '2' })
    })

    it('adds up what is dragged over, and drops it again', async () => {
      await drag(6, 3)
      await expectSaid({ of: 'Wed 19 Feb 03:00 – 07:00 4 × hour', People: '8', 'Previous day': '4' })
      await button('Drop').click()
      await browser.page.mouse.move(10, 10)
      await expectSaid({ of: whole })
    })

    it('zooms to it, and Back leads out', async () => {
      await drag(3, 6)
      await press('z')
      await vi.waitFor(() => expect(param('p')).toBe('2020-02-19T03:00,2020-02-19T07:00'))
      await expectShown(8)
      await browser.page.goBack()
      await expectShown(31)
      await chart().focus()
      await press('Home', 'Shift+ArrowRight', 'Enter')
      await vi.waitFor(() => expect(param('p')).toBe('2020-02-19T00:00,2020-02-19T02:00'))
      await expectShown(4)
    })

    it('zooms out again, not into days to come', async () => {
      await open('p=2020-02-18T06:00,2020-02-18T10:00')
      await expectShown(4)
      await press('Shift+Z')
      await vi.waitFor(() => expect(param('p')).toBe('2020-02-18T04:00,2020-02-18T12:00'))
      await expectShown(8)
      await open()
      await expectShown(31)
      await press('Shift+Z')
      await expectShown(55)
      expect(param('p')).toBe('2020-02-17,2020-02-19')
    })

    it('shows only it, with the rest of the range around it', async () => {
      await drag(3, 6)
      await button('Only these').click()
      await expectShown(8)
      expect(param('s')).toBe('2020-02-19T03:00,2020-02-19T07:00')
      expect(param('p')).toBe('2020-02-19')
      expect((await buckets(browser.page)).map(([, people = 0]) => people)).toHaveLength(16)
      await button('Show all again').click()
      await expectShown(31)
      expect(param('s')).toBe(null)
    })

    it('draws the figure whose arch is chosen', async () => {
      const { page } = browser
      await page.getByRole('tab', { name: /Bandwidth/ }).click()
      await chart()
        .and(page.getByLabel(/^Bandwidth over time/))
        .waitFor()
      expect(param('m')).toBe('bandwidth')
      await press('ArrowLeft')
      await chart()
        .and(page.getByLabel(/^Requests over time/))
        .waitFor()
      expect(param('m')).toBe(null)
    })
  })

  it('has buckets as wide as is chosen, of those that suit the range', async () => {
    const { page } = browser
    await open('p=2020-02-19')
    await expectShown(31)
    const picker = page.getByRole('combobox', { name: /^Requests per/ })
    await picker.selectOption('6h')
    await vi.waitFor(async () =>
      expect((await buckets(page)).map(([, people]) => people)).toEqual([12, 12, 7])
    )
    expect(param('i')).toBe('6h')
    expect(await picker.locator('option').allTextContents()).toEqual(
      expect.not.arrayContaining(['minute', 'week', 'month'])
    )
    await picker.selectOption('')
    await vi.waitFor(async () => expect((await buckets(page)).length).toBeGreaterThan(16))
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
      await vi.waitFor(() => expect(param('p')).toBe('2020-02-17'))
      await button('Next period').click()
      await expectShown(24)
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
        await vi.waitFor(() => expect(param('p')).toBe(period))
      }
    })

    it('by a menu that says what each period is', async () => {
      const { page } = browser
      await open()
      await press('c')
      const menu = page.getByRole('dialog', { name: 'Period' })
      await menu.getByRole('button', { name: /^Yesterday\s*Tue 18 Feb$/ }).click()
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

  describe('is compared', () => {
    const against = () => browser.page.locator('#figure-requests .aside').getAttribute('title')
    const choose = async (name: RegExp) => {
      await browser.page.locator('#comparison').click()
      const menu = browser.page.getByRole('dialog', { name: 'Comparison' })
      await menu.getByRole('button', { name }).click()
      await menu.waitFor({ state: 'hidden' })
    }
    const expectAgainst = (text: string) =>
      vi.waitFor(async () => expect((await against())?.split('\n')[0]).toBe(text), 10_000)
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
      await vi.waitFor(async () => expect(await isDashed()).toBeGreaterThan(0))
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
    await vi.waitFor(() => expect(param('tz')).toBe('America/New_York'))
    await press('Escape')
    await expectShown(21)
    await expectSaid({ of: whole, People: '21' })
    expect((await buckets(page))[0]).toEqual(['Wed 19 Feb 00:00 – 01:00', 2, 0])
    await page.locator('[popovertarget="period-menu"]').getByText('UTC−5').waitFor()
    await page.locator('[popovertarget="period-menu"]').click()
    await page.getByLabel(/^Times in/).fill('utc')
    await press('Enter')
    await expectShown(31)
    expect(param('tz')).toBe(null)
  })

  it('has trends beside it that end where it does', async () => {
    const { page } = browser
    await open()
    await expectShown(31)
    const row = page.locator('.pages li').first()
    const drawn = await row.locator('.trend path').getAttribute('d')
    expect(drawn?.match(/[ML]([\d.]+) [\d.]+$/)?.[1]).toBe('30')
    await press('Tab')
    await row.locator('button').first().focus()
    await press(...Array.from({ length: 24 }, () => 'ArrowRight'))
    await row.locator('.reading').getByText('Wed 19 Feb 15:00 – 16:00').waitFor()
  })

  it('leaves nothing in the console and asks nobody else', () => {
    expect(browser.errors).toEqual([])
    browser.expectNoForeign()
  })
})
