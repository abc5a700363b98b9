import { describe, expect, it } from 'vitest'
import { expectRequests, follow, openOverview } from './overview.ts'
import { browser, running, stack } from './running.ts'

const site = 'beyond'
const period = 'p=2026-11-01'

/** Thirty requests of three servers behind the proxy, whose log says more than there are columns for. */
const lines = Array.from({ length: 30 }, (_, i) =>
  JSON.stringify({
    time_iso8601: `2026-11-01T12:${String(i).padStart(2, '0')}:00+00:00`,
    remote_addr: '198.51.100.7',
    request: `GET /page/${i} HTTP/1.1`,
    status: '200',
    http_user_agent: 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0',
    pool: `blue "${i % 3}"`,
    trace: { zone: i < 10 ? 'a' : 'b' }
  })
)

describe('a field that is no column', () => {
  running(async () => {
    await stack.push(lines, { type: 'application/x-ndjson', site })
    await stack.waitForRows(site, lines.length)
    await stack.signIn(browser.context)
    await openOverview(browser.page, stack.url, site, period)
  })

  const filters = () => new URL(browser.page.url()).searchParams.getAll('f')

  it('is offered as a filter, with its values', async () => {
    const { page } = browser
    await page.keyboard.press('f')
    await page.locator('input[role="combobox"]').fill('pool')
    await page.getByRole('option', { name: 'pool', exact: true }).click()
    await page.getByRole('option', { name: /^blue "1"\s*10$/ }).click()
    await expectRequests(page, 10)
    expect(filters()).toEqual(['is,extra.pool,blue "1"'])
    await page.keyboard.press('Escape')
    await page.getByRole('group', { name: 'Filter: pool is blue "1"' }).waitFor()
  })

  it('groups all hits in the dialog, also within an object, and its values filter', async () => {
    const { page } = browser
    await follow(page, `${stack.url}/s/${site}/top/path?${period}`)
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Group by').selectOption('trace.zone')
    await dialog.getByRole('heading', { name: 'trace.zone' }).waitFor()
    const values = () => dialog.locator('tbody th button').allTextContents()
    await expect.poll(async () => (await values()).map((text) => text.trim())).toEqual(['b', 'a'])
    await dialog.getByRole('button', { name: 'a', exact: true }).click()
    await expectRequests(page, 10)
    expect(filters()).toEqual(['is,extra.trace.zone,a'])
  })

  it('is refused if its name holds SQL', async () => {
    const { page } = browser
    await follow(page, `${stack.url}/s/${site}?${period}&f=is,extra.a'%20OR%201=1--,b`)
    await page.getByText(/no field “extra\.a' OR 1=1--”/).waitFor()
    await expectRequests(page, 30)
  })
})
