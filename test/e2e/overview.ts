import type { Page } from 'playwright-core'

/** Opens the overview of a site and waits until it shows figures. `query` as in the address, without `?`. */
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
    { timeout: 60_000, polling: 50 }
  )
}

/** The exact value of a key figure. */
export async function figure(page: Page, name: string): Promise<number> {
  return number(await page.getAttribute(`#figure-${name}`, 'title'))
}

/** The rows of a panel as `{ name: requests }`, all of them that it lists. */
export async function rows(page: Page, title: string): Promise<Record<string, number>> {
  const panel = page.locator('section', { has: page.getByRole('heading', { name: title, exact: true }) })
  const more = panel.getByRole('button', { name: /^All \d/ })
  if (await more.isVisible()) await more.click()
  const titles = await panel
    .locator('li > button:first-child')
    .evaluateAll((buttons) => buttons.map((button) => (button as HTMLElement).title))
  return Object.fromEntries(
    titles.map((text) => {
      const [name = '', count = ''] = text.split('\n')
      return [name, number(count)]
    })
  )
}

/** The table behind the chart: time → one number a column. */
export async function buckets(page: Page): Promise<[string, ...number[]][]> {
  const cells = await page
    .locator('#timeline table tbody tr')
    .evaluateAll((trs) => trs.map((tr) => [...tr.children].map((cell) => cell.textContent ?? '')))
  return cells.map(([time = '', ...values]) => [time, ...values.map(number)])
}

const number = (text: string | null) => Number((text ?? '').replace(/[^\d.-]/g, ''))
