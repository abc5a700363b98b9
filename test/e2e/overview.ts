import { expect } from 'vitest'
import type { Page } from 'playwright-core'

/**
 * Follows a link within the page, which keeps the engine and its data. The page shows the previous figures until it has
 * the next answers: wait for what differs. Boots the page where it is at another server.
 */
export async function follow(page: Page, address: string): Promise<void> {
  const { href, origin, pathname, search } = new URL(address, page.url())
  if (!page.url().startsWith(`${origin}/`)) return void (await page.goto(href))
  await clickLink(page, href)
  await page.waitForURL((url) => url.pathname === pathname && url.search === search)
}

/** Clicks a link to an address, and waits for nothing. */
export async function clickLink(page: Page, href: string): Promise<void> {
  await page.evaluate((href) => {
    const link = Object.assign(document.createElement('a'), { href })
    document.body.append(link)
    link.click()
    link.remove()
  }, href)
}

/** Boots the page with the overview of a site and waits until it shows figures. `query` as in the address, without `?`. */
export async function openOverview(page: Page, url: string, site: string, query = ''): Promise<void> {
  await page.goto(`${url}/s/${site}${query && `?${query}`}`)
  await settled(page)
}

/** Waits until every panel shows what the address asks for. */
export async function settled(page: Page): Promise<void> {
  await page.waitForFunction(
    () =>
      document.querySelector('#figure-requests')?.getAttribute('title')?.match(/\d/) &&
      !document.querySelector('[aria-busy="true"], .skeleton'),
    undefined,
    { polling: 50 }
  )
}

/** Waits until the overview counts so many requests, and every panel with it. */
export async function expectRequests(page: Page, requests: number): Promise<void> {
  await expect.poll(async () => (await settled(page), figure(page, 'requests'))).toBe(requests)
}

/** The exact value of a key figure. */
export async function figure(page: Page, name: string): Promise<number> {
  return number(await page.getAttribute(`#figure-${name}`, 'title'))
}

/** All values of a panel as `{ name: requests }`, from the dialog that lists them. */
export async function rows(page: Page, title: string): Promise<Record<string, number>> {
  await page.getByRole('button', { name: `of ${title}, with every metric` }).click()
  await page.locator('dialog [aria-busy="false"] tbody tr').first().waitFor()
  const cells = await page
    .locator('dialog tbody tr')
    .evaluateAll((trs) =>
      trs.map((tr) => [tr.querySelector('button')?.title ?? '', (tr.children[3] as HTMLElement).title])
    )
  await page.locator('dialog').getByRole('button', { name: 'Close', exact: true }).click()
  await page.locator('dialog').waitFor({ state: 'detached' })
  return Object.fromEntries(cells.map(([name = '', count = '']) => [name, number(count)]))
}

/** The table behind the chart's first lane: time → one number a column. */
export async function buckets(page: Page): Promise<[string, ...number[]][]> {
  const cells = await page
    .locator('#timeline table:first-of-type tbody tr')
    .evaluateAll((trs) =>
      trs.map((tr) => [...tr.querySelectorAll(':not(.before)')].map((cell) => cell.textContent ?? ''))
    )
  return cells.map(([time = '', ...values]) => [time, ...values.map(number)])
}

const number = (text: string | null) => Number((text ?? '').replace(/[^\d.-]/g, ''))
