import axe from 'axe-core'
import { parquetReadObjects } from 'hyparquet'
import { describe, expect, it } from 'vitest'
import { follow } from './overview.ts'
import { browser, running, stack } from './running.ts'
import { holdStill } from './still.ts'

const site = 'asked'
const noon = Date.UTC(2026, 10, 20, 12)
const hit = (minute: number, path: string, status: number, ip: string) =>
  JSON.stringify({ time: new Date(noon + minute * 60_000).toISOString(), ip, path, status, method: 'GET' })

const many = Array.from({ length: 1_904 }, (_, i) =>
  hit(i / 4, `/page/${i % 60}`, 200, `203.0.113.${i % 50}`)
)
const lines = [
  ...many,
  hit(500, '/<b>sharp</b>', 404, '198.51.100.1'),
  hit(501, '/=1+1', 500, '198.51.100.2'),
  hit(502, '/last', 404, '198.51.100.2')
]
const period = 'p=2026-11-20,2026-11-21'

describe('the SQL page', () => {
  running(async () => {
    await stack.push(lines, { type: 'text/plain', site })
    await stack.waitForRows(site, lines.length)
    await stack.signIn(browser.context)
    await browser.context.grantPermissions(['clipboard-read', 'clipboard-write'])
    await browser.page.goto(`${stack.url}/s/${site}/sql?${period}`)
  })

  const page = () => browser.page
  const cell = (at = 0) => page().locator('section.cell').nth(at)
  const editor = (at = 0) => cell(at).getByRole('textbox', { name: /^SQL of the cell/ })
  const standing = (at = 0) => cell(at).getByRole('status').first().textContent()
  const rows = (at = 0) =>
    cell(at)
      .getByRole('grid')
      .locator('tbody tr:not(.space)')
      .evaluateAll((rows) =>
        rows.map((row) => Array.from(row.children, ({ textContent }) => textContent.trim()).join(' '))
      )
  const write = async (sql: string, at = 0) => {
    await editor(at).press('Control+a')
    await page().keyboard.insertText(sql)
    await page().keyboard.press('Escape')
  }
  const run = async (sql: string, at = 0) => {
    await write(sql, at)
    await editor(at).press('Control+Enter')
    await expect.poll(() => standing(at)).toMatch(/row|Failed/)
  }

  const namesOnServer = () =>
    page().evaluate(async (site) => {
      const response = await fetch(`/api/sites/${site}/settings`)
      const { saved_queries: queries } = (await response.json()) as { saved_queries: { name: string }[] }
      return queries.map(({ name }) => name)
    }, site)

  it('runs a query over the hits of the period, and shows texts of strangers as they are', async () => {
    await run(
      'SELECT path, status, count(*) AS n FROM selected WHERE status > 200 GROUP BY ALL ORDER BY path'
    )
    expect(await rows()).toEqual(['/<b>sharp</b> 404 1', '/=1+1 500 1', '/last 404 1'])
    expect(await standing()).toMatch(/^3 rows, \d+ ms/)
  })

  it('sorts by a header, and back', async () => {
    const header = () => cell().getByRole('columnheader', { name: /status/ })
    await header().getByRole('button').click()
    await expect.poll(() => header().getAttribute('aria-sort')).toBe('descending')
    expect((await rows())[0]).toBe('/=1+1 500 1')
    await header().getByRole('button').click()
    expect(await rows()).toEqual(['/<b>sharp</b> 404 1', '/last 404 1', '/=1+1 500 1'])
  })

  it('copies the cell that the keyboard is at', async () => {
    await cell().getByRole('grid').focus()
    await page().keyboard.press('ArrowDown')
    await page().keyboard.press('Control+c')
    await expect.poll(() => page().evaluate(() => navigator.clipboard.readText())).toBe('/last')
  })

  it('saves a result as CSV, in which no text is a formula', async () => {
    const download = page().waitForEvent('download')
    await cell().getByRole('button', { name: 'CSV' }).click()
    let text = ''
    for await (const piece of await (await download).createReadStream()) text += String(piece)
    expect(text.split('\r\n').sort()).toEqual(
      ['', 'path,status,n', '/<b>sharp</b>,404,1', '/=1+1,500,1', '/last,404,1'].sort()
    )
  })

  it('saves a result as Parquet', async () => {
    const download = page().waitForEvent('download')
    await cell().getByRole('button', { name: 'Parquet' }).click()
    const file = await download
    expect(file.suggestedFilename()).toMatch(/\.parquet$/)
    const pieces: Buffer[] = []
    for await (const piece of await file.createReadStream()) pieces.push(piece as Buffer)
    const bytes = Buffer.concat(pieces)
    const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)
    const rows = await parquetReadObjects({ file: buffer as ArrayBuffer })
    expect(rows.map(({ path, n }) => [path, n])).toEqual([
      ['/<b>sharp</b>', 1n],
      ['/last', 1n],
      ['/=1+1', 1n]
    ])
  })

  it('marks a mistake at its place, offers a name, and keeps the last result', async () => {
    await run('SELECT path\nFROM selected\nWHERE statuss = 404')
    expect(await standing()).toMatch(/^Failed/)
    expect(await cell().locator('.cm-mistake').textContent()).toBe('statuss')
    expect(await cell().locator('.cm-explanation').textContent()).toContain(
      'There’s no column “statuss” here.'
    )
    expect(await rows()).toHaveLength(3)
    await cell().getByText('The last result, from').waitFor()
    await cell().getByRole('button', { name: 'status', exact: true }).click()
    await editor().press('Control+Enter')
    await expect.poll(() => rows()).toEqual(['/<b>sharp</b>', '/last'])
  })

  it('runs nothing that writes', async () => {
    await run('DROP TABLE hits')
    expect(await cell().locator('.cm-explanation').textContent()).toContain('Queries only read')
  })

  it('shows the first rows of many, and counts them', async () => {
    await run('SELECT seq, path FROM hits ORDER BY seq')
    await cell().getByText('Showing the first 1,000 of 1,907 rows').waitFor()
    await cell().getByRole('columnheader', { name: /^seq/ }).getByRole('button').click()
    await expect.poll(async () => (await rows())[0]).toMatch(/\/last$/)
    await run('SELECT * FROM range(1000000000000)')
    await cell().getByText('Showing the first 1,000 of more than 100,000 rows').waitFor()
  })

  it('cancels what would run for hours', async () => {
    await write('SELECT count(*) FROM hits a, hits b, hits c WHERE a.bytes IS NOT DISTINCT FROM b.bytes')
    await editor().press('Control+Enter')
    await expect.poll(() => standing()).toMatch(/^Running/)
    await page().waitForTimeout(1_000)
    const began = Date.now()
    await editor().press('Escape')
    await expect.poll(() => standing()).toMatch(/^Canceled/)
    await run('SELECT 42 AS answer')
    expect(await rows()).toEqual(['42'])
    expect(Date.now() - began).toBeLessThan(8_000)
  })

  it('completes relations, columns, and values with their counts', async () => {
    await write('')
    await editor().pressSequentially('SELECT count(*) FROM sel')
    const options = () => cell().getByRole('listbox').getByRole('option')
    await expect.poll(() => options().first().textContent()).toMatch(/^selected/)
    await page().keyboard.press('Enter')
    await editor().pressSequentially(" WHERE path = '")
    await expect.poll(() => options().first().textContent()).toMatch(/^\/page\/\d+32/)
    await page().keyboard.press('Escape')
    await page().keyboard.press('Tab')
    expect(await page().evaluate(() => document.activeElement?.tagName)).not.toBe('BODY')
    // The editor notices 10 ms after it has lost the focus.
    await expect.poll(() => cell().locator('.cm-focused').count()).toBe(0)
  })

  it('closes what is proposed when the query is run', async () => {
    await write('')
    await editor().pressSequentially('SELECT path FROM sel')
    const list = cell().getByRole('listbox')
    await list.waitFor()
    await editor().press('Control+Enter')
    await expect.poll(() => standing()).toMatch(/^Failed/)
    expect(await list.count()).toBe(0)
  })

  it('draws a chart that says what it shows', async () => {
    await run(
      'SELECT time_bucket(INTERVAL 1 HOUR, time) AS hour, status, count(*) AS n FROM hits GROUP BY ALL'
    )
    await cell().getByRole('button', { name: 'Chart' }).click()
    const chart = cell().getByRole('img', { name: /^Time chart of SELECT time_bucket.*by hour/ })
    await expect.poll(() => chart.locator('svg rect').count()).toBeGreaterThan(5)
    for (const kind of ['Bars', 'Scatter', 'Heat']) {
      await cell().getByRole('button', { name: kind }).click()
      await expect.poll(() => chart.count()).toBe(0)
      await expect.poll(() => cell().locator('svg.sql-plot').count()).toBe(1)
    }
    await cell().getByRole('button', { name: 'Table' }).click()
  })

  it('adds a cell, runs both, removes it, and brings it back', async () => {
    await write('SELECT 1 AS one')
    await editor().press('Control+Alt+Enter')
    await expect.poll(() => editor(1).count()).toBe(1)
    await editor(1).fill('-- Two\nSELECT 2 AS two')
    await editor(1).press('Control+Shift+Enter')
    await expect.poll(() => rows(1)).toEqual(['2'])
    expect(await rows()).toEqual(['1'])
    await cell(1).getByRole('button', { name: 'Remove this cell' }).click()
    await expect.poll(() => cell(1).count()).toBe(0)
    await page().getByRole('button', { name: 'Undo removing the cell' }).click()
    await cell(1).getByRole('heading', { name: 'Two' }).waitFor()
  })

  it('saves a query under its name, renames it, and lists what was run', async () => {
    await editor(1).press('Control+s')
    const saved = page().getByRole('region', { name: 'Saved queries' })
    await saved.getByRole('button', { name: 'Rename Two' }).click()
    await saved.getByRole('textbox').fill('Twice')
    await saved.getByRole('textbox').press('Enter')
    await expect.poll(namesOnServer).toEqual(['Twice'])
    await saved.getByRole('button', { name: 'Twice', exact: true }).click()
    await expect.poll(() => editor(2).count()).toBe(1)
    await saved.getByRole('button', { name: 'Delete Twice' }).click()
    const past = page().getByRole('region', { name: 'History' }).getByRole('listitem')
    await past.first().getByText('-- Two SELECT 2 AS two').waitFor()
    await expect.poll(() => past.getByText('canceled').count()).toBe(1)
    await cell(2).getByRole('button', { name: 'Remove this cell' }).click()
  })

  it('looks at a column, and inserts its name', async () => {
    const columns = page().getByRole('complementary', { name: 'Relations and columns' })
    await columns.getByRole('searchbox').fill('status')
    await columns.getByRole('button', { name: 'status, smallint: values' }).first().click()
    await columns.getByText(/^about \d/).waitFor()
    await write('SELECT ', 1)
    await columns.getByRole('button', { name: 'status', exact: true }).first().click()
    await expect.poll(() => editor(1).textContent()).toContain('status')
    await columns.getByRole('searchbox').fill('')
  })

  it('keeps the cells, and never runs what the address brings', async () => {
    await page().goto('about:blank')
    await page().goto(`${stack.url}/s/${site}/sql?${period}#sql=${encodeURIComponent('SELECT 7 AS seven')}`)
    await page().getByRole('heading', { name: 'SELECT 7 AS seven' }).waitFor()
    expect(await cell(2).getByRole('status').first().textContent()).toBe('Not run yet')
    await page().waitForTimeout(2_000)
    expect(await cell(2).getByRole('grid').count()).toBe(0)
    expect(await cell().getByRole('heading').textContent()).toBe('SELECT 1 AS one')
    await run('SELECT path, count(*) AS n, max(time) AS last FROM selected GROUP BY path')
  })

  it('has nothing that axe finds in both themes, and fits a phone', async () => {
    await run('SELECT lenght(path) FROM hits', 1)
    await page().evaluate(axe.source)
    await holdStill(page())
    const found: string[] = []
    for (const theme of ['light', 'dark'])
      found.push(
        ...(await page().evaluate(async (theme) => {
          document.documentElement.dataset.theme = theme
          const { axe } = window as unknown as { axe: typeof import('axe-core') }
          const { violations } = await axe.run(document, { resultTypes: ['violations'] })
          return violations.map(
            ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.flat().join(' ')).join('; ')}`
          )
        }, theme))
      )
    expect(found).toEqual([])
    await page().setViewportSize({ width: 390, height: 844 })
    const wide = await page().evaluate(() => document.documentElement.scrollWidth - innerWidth)
    expect(wide).toBeLessThanOrEqual(0)
    await page().getByRole('button', { name: 'Columns' }).click()
    await page().getByRole('dialog').getByRole('searchbox').waitFor()
    await page().getByRole('button', { name: 'Close' }).click()
  })

  it('pins a result to the overview, which shows it on every device', async () => {
    await page().setViewportSize({ width: 1280, height: 900 })
    await run('SELECT path, count(*) AS n FROM selected WHERE status = 404 GROUP BY path ORDER BY path', 1)
    await cell(1).getByRole('button', { name: 'Pin', exact: true }).click()
    await page().keyboard.insertText('Not <b>here</b>')
    await page().keyboard.press('Enter')
    await page().getByText('Pinned “Not <b>here</b>” to the overview').waitFor()
    await follow(page(), `${stack.url}/s/${site}?${period}`)
    const pin = () => page().getByRole('region', { name: 'Not <b>here</b>', exact: true })
    await pin().scrollIntoViewIfNeeded()
    await pin().getByRole('gridcell', { name: '/last' }).or(pin().getByText('/last')).first().waitFor()
    await pin().getByRole('button', { name: 'Unpin' }).click()
    await page().getByText('Unpinned “Not <b>here</b>”').waitFor()
    expect(await pin().count()).toBe(0)
    await page().keyboard.press('Enter')
    await pin().getByText('/last').first().waitFor()
  })

  it('opens the query of a panel, which gives its numbers when it is run', async () => {
    const panel = page().getByRole('region', { name: 'Status', exact: true })
    await panel.getByRole('link', { name: 'Open Status in SQL' }).focus()
    await page().keyboard.press('Enter')
    await page().getByRole('heading', { name: 'Status', exact: true }).waitFor()
    const last = (await page().locator('section.cell').count()) - 1
    expect(await standing(last)).toBe('Not run yet')
    await editor(last).press('Control+Enter')
    await expect.poll(() => rows(last)).toHaveLength(3)
    expect((await rows(last)).map((row) => row.split(' ').slice(0, 3).join(' '))).toEqual([
      '200 null 1,904',
      '404 null 2',
      '500 null 1'
    ])
  })

  it('breaks no rule of the page’s policy', () => {
    expect(browser.errors).toEqual([])
  })
})
