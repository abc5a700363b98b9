import { expect } from 'vitest'
import { expectRequests, follow, openOverview } from './overview.ts'
import { browser, running, stack } from './running.ts'

const site = 'charted'
/** What the page takes for now: a Wednesday, half an hour into a bucket. */
const now = '2020-02-19T15:30:00Z'
export const today = 'p=2020-02-19&i=hour'

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
export const lines = [
  ...hours(1, 15).flatMap((hour) => [`2020-02-19 ${hour}:05`, `2020-02-19 ${hour}:35`]),
  '2020-02-19 15:05',
  ...hours(1).map((hour) => `2020-02-18 ${hour}:20`),
  ...hours(2).map((hour) => `2020-02-12 ${hour}:10`),
  ...hours(5).map((hour) => `2020-01-28 ${hour}:00`),
  ...hours(6).map((hour) => `2019-02-19 ${hour}:00`),
  '2019-02-17 00:00'
].map(hit)

/** A browser that takes this Wednesday for today, at the overview of a site with those hits. */
export function charted(): void {
  running(async () => {
    await stack.push(lines, { type: 'text/plain', site })
    await stack.waitForRows(site, lines.length)
    await stack.signIn(browser.context)
    await browser.page.clock.setFixedTime(now)
    await openOverview(browser.page, stack.url, site, today)
  })
}

export const open = (query = today) => follow(browser.page, `?${query}`)
export const chart = () => browser.page.getByRole('slider', { name: /over time/ })
export const param = (name: string) => new URL(browser.page.url()).searchParams.get(name)
export const button = (name: string | RegExp) => browser.page.getByRole('button', { name, exact: true })
export const press = (...keys: string[]) =>
  keys.reduce((before, key) => before.then(() => browser.page.keyboard.press(key)), Promise.resolve())

/** What the inspector says, after its heading: `{ People: '2', … }`. */
export const inspector = () =>
  browser.page.locator('aside[aria-label^="Figures of"]').evaluate((aside) => ({
    of: aside.querySelector('h2')?.textContent?.trim().replace(/\s+/g, ' '),
    ...Object.fromEntries(
      [...aside.querySelectorAll('dt')].map((dt) => [
        dt.textContent?.trim(),
        dt.nextElementSibling?.textContent?.trim()
      ])
    )
  }))
export const expectSaid = (said: object) => expect.poll(inspector).toMatchObject(said)
export const expectShown = (requests: number) => expectRequests(browser.page, requests)

export const whole = 'Wed 19 Feb'
