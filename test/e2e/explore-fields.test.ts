import type { Locator } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { nothingRead } from '#lib/local/read.ts'
import { readParquet } from '#lib/local/parquet.ts'
import { follow } from './overview.ts'
import { browser, running, stack } from './running.ts'

const site = 'explored'
const from = Date.UTC(2026, 10, 20)
const minute = 60_000
const lines = Array.from({ length: 240 }, (_, i) =>
  JSON.stringify({
    time: new Date(from + i * 6 * minute).toISOString(),
    ip: i % 3 ? '203.0.113.7' : '198.51.100.9',
    method: 'GET',
    path: i % 4 ? `/item/${i}` : '/<b>home</b>',
    status: i % 6 === 5 ? 500 : i % 2 ? 404 : 200,
    bytes: i,
    user_agent: `probe/1.${i % 5}`,
    pool: i % 2 ? 'blue' : 'green'
  })
)

describe('the fields of Explore', () => {
  running(async () => {
    await stack.push(lines, { type: 'text/plain', site })
    await stack.waitForRows(site, lines.length)
    await stack.signIn(browser.context)
    await browser.context.grantPermissions(['clipboard-read', 'clipboard-write'])
    // A file that the browser would ask a place for is downloaded instead.
    await browser.context.addInitScript(() => Reflect.deleteProperty(window, 'showSaveFilePicker'))
    await open()
  })

  const open = (query = '') => follow(browser.page, `${stack.url}/s/${site}/explore?p=2026-11-20${query}`)
  const values = (title: string) =>
    browser.page.getByRole('list', { name: `Values of ${title}`, exact: true })
  const field = (title: string) =>
    browser.page.getByRole('complementary').getByRole('button', { name: title, exact: true })
  const counts = (list: Locator) =>
    list
      .getByRole('listitem')
      .evaluateAll((items) =>
        Object.fromEntries(
          items.map((item) => [
            item.querySelector('.label')?.textContent?.trim(),
            Number(item.querySelector('.number')?.textContent?.replace(/\D/g, ''))
          ])
        )
      )
  const histogram = () => browser.page.getByRole('slider', { name: 'Lines by status over time' })
  const figures = () => browser.page.getByRole('region', { name: 'Lines over time' }).locator('p').first()

  it('counts values, and filters by those that are clicked', async () => {
    const { page } = browser
    await expect
      .poll(() => counts(values('Status')))
      .toEqual({ '200OK': 120, '404Not found': 80, '500Server error': 40 })
    await values('Status').getByRole('button', { name: /^404/ }).click()
    await page.waitForURL(/f=is,status,404/)
    await expect.poll(() => figures().textContent()).toContain('80 lines')
    // What is chosen stays among the others.
    expect(await counts(values('Status'))).toMatchObject({ '200OK': 120 })
    await values('Status')
      .getByRole('button', { name: /^500/ })
      .click({ modifiers: ['Control'] })
    await page.waitForURL(/f=is,status,404,500/)
    await expect.poll(() => figures().textContent()).toContain('120 lines')
    await values('Status').getByRole('button', { name: 'Exclude 404 Not found' }).click()
    await page.waitForURL(/f=not,status,404/)
    await open()
  })

  it('finds a field, also of those without a column, and asks when it is opened', async () => {
    const { page } = browser
    await page.keyboard.press('.')
    const box = page.getByRole('searchbox', { name: 'Find a field' })
    expect(await box.evaluate((node) => node === document.activeElement)).toBe(true)
    await box.fill('po')
    await field('pool').click()
    await expect.poll(() => counts(values('pool'))).toEqual({ blue: 120, green: 120 })
    await box.fill('sent bytes')
    await field('Bytes sent').click()
    await page.getByText('Median').waitFor()
    expect(await page.locator('dl').first().textContent()).toMatch(/Median\s*120\s*B/)
    await box.fill('')
  })

  it('selects a stretch by mouse and keys, moves its ends and zooms', async () => {
    const { page } = browser
    const box = (await histogram().boundingBox())!
    await page.mouse.move(box.x + box.width * 0.26, box.y + 60)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width * 0.4, box.y + 60, { steps: 4 })
    await page.mouse.move(box.x + box.width * 0.49, box.y + 60, { steps: 4 })
    await page.mouse.up()
    await page.waitForURL(/[?&]s=/)
    await page.mouse.move(10, 10)
    const start = page.getByRole('slider', { name: 'Start of the selection' })
    const before = await start.getAttribute('aria-valuenow')
    await start.press('ArrowRight')
    await expect.poll(() => start.getAttribute('aria-valuenow')).toBe(String(Number(before) + 1))
    await page.getByRole('button', { name: 'Clear selection' }).click()
    await page.waitForURL((url) => !url.searchParams.has('s'))
    await histogram().focus()
    await page.keyboard.press('Home')
    await page.keyboard.press('Shift+PageDown')
    await page.keyboard.press('Enter')
    await page.waitForURL(/[?&]s=2026-11-20T00:00/)
    await histogram().press('Escape')
    await page.waitForURL((url) => !url.searchParams.has('s'))
    await open('&s=2026-11-20T06:00,2026-11-20T12:00')
    await expect.poll(() => figures().textContent()).toContain('60 lines')
    await page.keyboard.press('z')
    await page.waitForURL(/p=2026-11-20T06:00,2026-11-20T12:00/)
    await open()
  })

  it('groups paths by pattern, and filters by one', async () => {
    const { page } = browser
    await page.getByRole('button', { name: 'Patterns' }).click()
    const patterns = page.getByRole('region', { name: 'Patterns' })
    await patterns.getByRole('button', { name: /^\/item\/\*/ }).click()
    await page.waitForURL(/f=re,path/)
    await expect.poll(() => figures().textContent()).toContain('180 lines')
    await patterns.getByRole('button', { name: 'User agents' }).click()
    await patterns.getByRole('button', { name: /^probe\/\*/ }).waitFor()
    await page.getByRole('button', { name: 'Lines', exact: true }).click()
    await open()
  })

  async function exported(format: string, isGzip = false) {
    const { page } = browser
    await page.getByRole('button', { name: 'Export', exact: true }).click()
    const menu = page.getByRole('dialog', { name: 'Export the selected lines' })
    await menu.getByRole('radio', { name: new RegExp(`^${format}`) }).check()
    await menu.getByRole('checkbox').setChecked(isGzip)
    const download = page.waitForEvent('download')
    await menu.getByRole('button', { name: `Export as ${format}` }).click()
    const saved = await download
    await menu.getByText('240 lines exported.').waitFor()
    await page.keyboard.press('Escape')
    const pieces: Uint8Array<ArrayBuffer>[] = []
    for await (const piece of await saved.createReadStream()) pieces.push(new Uint8Array(piece as Uint8Array))
    return { name: saved.suggestedFilename(), blob: new Blob(pieces) }
  }

  it('exports what is selected in files that are read back', async () => {
    const log = await exported('Log lines', true)
    expect(log.name).toBe('explored-2026-11-20T0000-2026-11-21T0000.log.gz')
    const text = await new Response(log.blob.stream().pipeThrough(new DecompressionStream('gzip'))).text()
    expect(text.trimEnd().split('\n')).toHaveLength(240)
    expect(text.split('\n')[0]).toBe(
      '198.51.100.9 - - [20/Nov/2026:00:00:00 +0000] "GET /<b>home</b>" 200 0 "-" "probe/1.0"'
    )
    const csv = await (await exported('CSV')).blob.text()
    expect(csv.trimEnd().split('\r\n')).toHaveLength(241)
    const { blob } = await exported('Parquet')
    const file = new File([blob], 'export.parquet')
    const hits = (await Array.fromAsync(readParquet(file, nothingRead(file.size)))).flat()
    expect(hits).toHaveLength(240)
    expect(hits.filter(({ status }) => status === 500)).toHaveLength(40)
  })

  it('lists the days that the site keeps', async () => {
    const { page } = browser
    await page.getByText('Retained days').click()
    const days = page.getByRole('list', { name: 'Retained days' })
    await days.getByRole('button', { name: /^2026-11-20/ }).waitFor()
    expect(await days.getByRole('listitem').count()).toBe(1)
    expect(await days.textContent()).toContain('240')
  })

  it('switches fields for the site, by mouse and keys', async () => {
    const { page } = browser
    await page.getByRole('link', { name: 'Choose fields' }).click()
    const box = (title: string) => page.getByRole('checkbox', { name: title, exact: true })
    await box('Values: Host').uncheck()
    await box('Column: pool').focus()
    await page.keyboard.press('Space')
    await box('Not stored: Status').press('Space')
    await page.getByRole('status').getByText('Status: Reports need it').waitFor()
    expect(await box('Not stored: Status').isChecked()).toBe(false)
    await page.getByRole('searchbox', { name: 'Find a field' }).fill('user')
    await page.getByRole('checkbox', { name: /^All/ }).check()
    await page.getByRole('combobox', { name: 'Switch' }).selectOption('Not stored')
    await page.getByRole('button', { name: 'Turn on' }).click()
    await page.getByText(/^Not stored is on for 1 of 2/).waitFor()
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText(/^Saved\./).waitFor()
    await page.getByRole('link', { name: 'Back to the lines' }).click()
    await page.getByRole('columnheader', { name: 'pool' }).waitFor()
    expect(await field('Host').count()).toBe(0)
  })

  it('counts the lines of error logs, and groups their messages', async () => {
    const { page } = browser
    // nginx's time names no zone: that of the record around it counts.
    const errors = [1, 2, 3].map((i) =>
      JSON.stringify({
        time: `2026-11-19T10:00:0${i}Z`,
        log: `2026/11/19 10:00:0${i} [error] 1#1: *${i} open() "/x/${i}" failed (2: No such file)`
      })
    )
    await stack.push(errors, { type: 'text/plain', site })
    await stack.waitForRows(site, lines.length + errors.length)
    await follow(page, `${stack.url}/s/${site}/explore?p=2026-11-19`)
    await expect.poll(() => figures().textContent()).toContain('error log 3')
    await page.getByRole('button', { name: 'Patterns' }).click()
    await page.getByRole('button', { name: 'Messages' }).click()
    const patterns = page.getByRole('region', { name: 'Patterns' })
    await patterns.getByRole('button', { name: /^open\(\) \* failed \(\*: No such file\)/ }).click()
    await page.waitForURL(/f=re,message/)
    await expect.poll(() => figures().textContent()).toContain('error log 3')
  })
})
