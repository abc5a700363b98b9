import type { CDPSession, Route } from 'playwright-core'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  button,
  chart,
  charted,
  expectSaid,
  expectShown,
  open,
  param,
  press,
  today,
  whole
} from './charted.ts'
import { buckets } from './overview.ts'
import { browser } from './running.ts'

describe('the chart', () => {
  let session: CDPSession

  charted()
  beforeAll(async () => {
    session = await browser.context.newCDPSession(browser.page)
  })

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

    it('is annotated with A, shows it as text, takes back its deletion, and hides it', async () => {
      const { page } = browser
      const text = '<b>Launch</b> \u202Eof 2.0'
      await drag(3, 5)
      await press('a')
      const dialog = page.getByRole('dialog', { name: 'Annotate' })
      await dialog.getByRole('textbox', { name: 'Text' }).fill(text)
      // Its edge is part of it: a draft is not lost by a press there.
      await dialog.click({ position: { x: 6, y: 6 } })
      await dialog.getByRole('button', { name: 'Add annotation' }).click()
      await dialog.waitFor({ state: 'detached' })
      const mark = page.getByRole('button', { name: /^Annotation: / })
      const said = '<b>Launch</b> ⟨U+202E⟩of 2.0'
      expect(await mark.getAttribute('aria-label')).toBe(`Annotation: ${said}, Wed 19 Feb 03:00 – 06:00`)
      // Those who do not see the chart find it in the tables.
      await page.getByRole('table', { name: 'Annotations and alerts' }).getByText(said).waitFor()
      await mark.focus()
      await press('Enter')
      await page.getByRole('button', { name: `Delete ${said}` }).click()
      await mark.waitFor({ state: 'detached' })
      await page.getByRole('button', { name: 'Undo' }).click()
      await mark.waitFor()
      await page.getByRole('button', { name: 'Hide 1 mark' }).click()
      await mark.waitFor({ state: 'detached' })
      await page.reload()
      await page.getByRole('button', { name: 'Show 1 mark' }).click()
      await mark.click()
      await page.getByRole('button', { name: `Delete ${said}` }).click()
      await mark.waitFor({ state: 'detached' })
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
      const four = { of: 'Wed 19 Feb 03:00 – 07:00 4 × hour', People: '8', 'Previous day': '4' }
      // One visitor in all four hours, whose visit began before them: neither is the sum of the hours.
      await expectSaid({ ...four, Visitors: '1', Visits: '0', 'Page views': '8' })
      await button('Clear selection').click()
      await browser.page.mouse.move(10, 10)
      await expectSaid({ of: whole })
    })

    it('zooms to it, and Back leads out', async () => {
      await drag(3, 6)
      await press('z')
      await expect.poll(() => param('p')).toBe('2020-02-19T03:00,2020-02-19T07:00')
      await expectShown(8)
      await browser.page.goBack()
      await expectShown(31)
      await chart().focus()
      await press('Home', 'Shift+ArrowRight', 'Enter')
      await expect.poll(() => param('p')).toBe('2020-02-19T00:00,2020-02-19T02:00')
      await expectShown(4)
    })

    it('zooms out again, not into days to come', async () => {
      await open('p=2020-02-18T06:00,2020-02-18T10:00')
      await expectShown(4)
      await press('Shift+Z')
      await expect.poll(() => param('p')).toBe('2020-02-18T04:00,2020-02-18T12:00')
      await expectShown(8)
      await open()
      await expectShown(31)
      await press('Shift+Z')
      await expectShown(55)
      expect(param('p')).toBe('2020-02-17,2020-02-19')
    })

    it('shows only it, with the rest of the range around it', async () => {
      await drag(3, 6)
      await button('Filter to selection').click()
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

  it('marks the days whose hits are not on this device, until they are', async () => {
    const { page, context } = browser
    await context.setOffline(true)
    try {
      await open('p=2019-02-18,2019-02-20&i=day')
      await page.getByText('not all on this device').waitFor()
      await chart().focus()
      await press('Home', 'ArrowRight')
      expect(await chart().getAttribute('aria-valuetext')).toMatch(/^Tue 19 Feb.*, not all on this device$/)
      await page.getByText('Partly downloaded').waitFor()
      await press('End')
      expect(await chart().getAttribute('aria-valuetext')).not.toContain('device')
      await page.getByText('Nothing is on this device of Mon 18 Feb – Wed 20 Feb 2019').waitFor()
      await page.locator('#figure-requests', { hasText: '–' }).waitFor()
      await page.getByText("This period isn't downloaded.").first().waitFor()
    } finally {
      await context.setOffline(false)
    }
    await page.getByText('not all on this device').waitFor({ state: 'detached' })
    await expectShown(4)
  })

  it('marks the days that were on their way when that was stopped, until it goes on', async () => {
    const { page } = browser
    const held: Route[] = []
    await page.route('**/parts/**', (route) => void held.push(route))
    await open('p=2020-01-27,2020-01-29&i=day')
    // It may be stopped before it asks for a part.
    await expect.poll(() => held.length).toBeGreaterThan(0)
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByText('Stopped.').waitFor()
    await page.getByText('not all on this device').waitFor()
    await page.unroute('**/parts/**')
    await page.getByRole('button', { name: 'Go on' }).click()
    await expectShown(5)
    await page.getByText('not all on this device').waitFor({ state: 'detached' })
  })
})
