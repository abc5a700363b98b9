import { describe, expect, it } from 'vitest'
import { asNginx } from '../../src/lib/sample/lines.ts'
import { nginxLines, traffic } from '../../src/lib/sample/traffic.ts'
import { follow } from './overview.ts'
import { browser, runningApart, stack } from './running.ts'

const now = Date.now()
const site = 'status.example'
const lines = nginxLines(site, { seed: 8, from: now - 60 * 86_400_000, to: now, hits: 400 })
/** More than one page of refused records, the last of them with what hides and reorders text. */
const broken = [...Array.from({ length: 27 }, (_, i) => `no request ${i}`), 'red\u001b[31m \u202etxt.exe']

const refused = broken.length + 1

describe('the status of a site', () => {
  const total = async (name: string) =>
    (await browser.page.locator('dl > div', { hasText: name }).locator('dd').first().textContent()) ?? ''
  const open = async () => {
    await browser.page.goto(`${stack.url}/s/${site}/status`)
    await browser.page.locator('dl[aria-busy="false"]').waitFor()
    await browser.page.locator('.quarantine[aria-busy="false"]').waitFor()
  }
  const panel = (title: string) => browser.page.getByRole('region', { name: title, exact: true })

  async function nameToken(name: string): Promise<string> {
    const init = { method: 'POST', headers: stack.client.headers, body: JSON.stringify({ site, name }) }
    return (await (await fetch(`${stack.url}/api/tokens`, init)).json()).token
  }

  // Records of no site and the costs are those of a whole server.
  runningApart(async () => {
    await stack.push(['{"broken"}'], { site })
    await stack.push([...lines, ...broken], { site, type: 'text/plain' })
    await stack.push(lines, { site })
    await stack.push([lines[0]!], { site, token: await nameToken('web1 <b>') })
    await stack.waitForRows(site, lines.length)
    await stack.signIn(browser.context)
  })

  it('tells what became of every record', async () => {
    await open()
    expect(await total('Refused')).toBe(String(refused))
    expect(Number(await total('Hits in parts')) + Number(await total('Duplicate'))).toBeGreaterThan(0)
    const records = await panel('Records').getByRole('row').allTextContents()
    expect(records.find((row) => row.startsWith('Refused: not an access log line'))).toContain(
      String(broken.length)
    )
    expect(await total('Oldest unflushed')).toMatch(/None|s|min/)
    await expect.poll(() => total('Costs a month')).toBe('$5.00')
  })

  it('tells of forwarders, and whose batches could count twice', async () => {
    const rows = panel('Forwarders').locator('tbody tr')
    expect(await rows.count()).toBe(2)
    expect(await rows.first().locator('th b').textContent()).toBe('web1 <b>')
    expect(await rows.last().locator('th b').count()).toBe(0)
    expect(await rows.first().textContent()).toMatch(/lgi_\w{8}_….* ago.*(second|minute|hour)/)
    expect(await panel('Forwarders').getByText('would count twice').count()).toBeLessThanOrEqual(1)
  })

  it('tells what the installation costs, and the share of the site', async () => {
    await open()
    const cost = panel('What a month costs')
    await cost.getByText(/sites?, at the rate of the last/).waitFor()
    const row = cost.locator('tbody tr').filter({ hasText: 'Parts' })
    expect(await row.locator('td').nth(1).textContent()).toMatch(/^\d+(\.\d+)?%$/)
  })

  it('tells storage by month', async () => {
    const months = await panel('Storage by month').locator('tbody tr').count()
    expect(months).toBeGreaterThanOrEqual(2)
  })

  it('shows refused records as text, page by page', async () => {
    const { page } = browser
    const records = panel('Quarantine').getByRole('listitem')
    expect(await records.count()).toBe(20)
    expect(await records.first().locator('code').textContent()).toBe('red␛[31m ⟨U+202E⟩txt.exe')
    await page.getByRole('button', { name: 'Older records' }).click()
    await records.nth(refused - 1).waitFor()
    expect(await page.getByRole('button', { name: 'Older records' }).count()).toBe(0)
    expect(await records.last().locator('code').textContent()).toBe('{"broken"}')
  })

  it('shows those of one reason', async () => {
    const { page } = browser
    const records = panel('Quarantine').getByRole('listitem')
    await page.getByRole('combobox', { name: 'Refused as' }).selectOption('invalid JSON: 1')
    await page.getByRole('button', { name: 'Retry it' }).waitFor()
    await expect.poll(() => records.locator('code').allTextContents()).toEqual(['{"broken"}'])
    await page.getByRole('combobox', { name: 'Refused as' }).selectOption('For any reason')
    await records.nth(19).waitFor()
  })

  it('runs refused records again, and says what became of them', async () => {
    const { page } = browser
    await page.getByRole('button', { name: `Retry all ${refused}` }).click()
    await page.getByText(`Retried: ${refused} refused again.`).waitFor()
    expect(await total('Refused')).toBe(String(refused))
  })

  it('forgets refused records of one reason, and only when that is confirmed', async () => {
    const { page } = browser
    const records = panel('Quarantine').getByRole('listitem')
    await page.getByRole('combobox', { name: 'Refused as' }).selectOption('invalid JSON: 1')
    await page.getByRole('button', { name: 'Delete it …' }).click()
    const dialog = page.getByRole('dialog', { name: 'Delete a refused record?' })
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    expect(await records.locator('code').allTextContents()).toEqual(['{"broken"}'])
    await page.getByRole('button', { name: 'Delete it …' }).click()
    await dialog.getByRole('button', { name: 'Delete', exact: true }).click()
    await page.getByRole('button', { name: `Retry all ${broken.length}` }).waitFor()
    expect(await total('Refused')).toBe(String(refused))
    await records.nth(19).waitFor()
    expect(await records.getByText('{"broken"}').count()).toBe(0)
  })

  it('checks the store', async () => {
    const { page } = browser
    await page.getByRole('button', { name: 'Check the store' }).click()
    await page.getByText('No problems found').waitFor()
    expect(
      await panel('Check')
        .getByText(/hits in \d+\s+parts?/)
        .textContent()
    ).toContain(String(lines.length))
  })

  it('is reached from the overview, from the keyboard too', async () => {
    const { page } = browser
    await follow(page, `${stack.url}/s/${site}`)
    await page.getByRole('link', { name: 'Status', exact: true }).click()
    await page.getByRole('heading', { name: `Status of ${site}` }).waitFor()
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: 'Search and jump' }).fill('settings')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: `Settings of ${site}` }).waitFor()
  })

  it('says what it last knew when there is no network', async () => {
    const { page, context } = browser
    await open()
    await page.evaluate(() => navigator.serviceWorker.ready)
    const rows = await total('Hits in parts')
    await context.setOffline(true)
    try {
      await page.reload()
      await page.getByText('Offline. As of').waitFor()
      expect(await total('Hits in parts')).toBe(rows)
      await page.getByText('Refused records are stored on the server').waitFor()
      expect(await page.getByRole('button', { name: 'Check the store' }).isDisabled()).toBe(true)
    } finally {
      await context.setOffline(false)
    }
  })

  it('says that it failed, and comes back', async () => {
    const { page } = browser
    const failing = `**/api/sites/${site}/status`
    await page.route(failing, (route) =>
      route.fulfill({ status: 503, json: { error: { code: 'unavailable', message: 'not now' } } })
    )
    await page.goto(`${stack.url}/s/${site}/status`)
    await page.getByText('The status could not be read.').waitFor()
    await page.unroute(failing)
    await page.getByRole('button', { name: 'Retry', exact: true }).click()
    await page.getByText('The status could not be read.').waitFor({ state: 'detached' })
    expect(await total('Refused')).toBe(String(refused))
  })

  it('leads to records that belong to no site', async () => {
    const { page } = browser
    await stack.push(['of no site at all'], { type: 'text/plain' })
    await open()
    await page.getByText('1 refused record belongs to no site.').waitFor()
    await page.getByRole('link', { name: 'Look at them' }).click()
    await page.getByRole('heading', { name: 'Records without a site' }).waitFor()
    await panel('Quarantine').getByText('of no site at all', { exact: true }).waitFor()
  })

  it('gives records that name no site a site, and runs them again', async () => {
    const { page } = browser
    const [request] = traffic({ seed: 9, from: now - 60_000, to: now, hits: 1 })
    await stack.push([asNginx(request!)])
    await page.reload()
    await panel('Quarantine').getByRole('listitem').getByText('no site name').waitFor()
    await page.getByLabel('Assign records without a site to').fill('given.example')
    await page.getByRole('button', { name: 'Retry all 2' }).click()
    await page.getByText('Retried: 1 accepted now, 1 refused again.').waitFor()
    await stack.waitForRows('given.example', 1, 90_000)
  })

  it('asked nobody else', () => browser.expectNoForeign())
})
