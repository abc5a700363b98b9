import { describe, expect, it } from 'vitest'
import { follow } from './overview.ts'
import { browser, running, stack } from './running.ts'

const site = 'queried'
const hit = (path: string, status: number, agent = 'curl/8.0') =>
  JSON.stringify({
    time: new Date().toISOString(),
    ip: '203.0.113.7',
    method: 'GET',
    path,
    status,
    http_user_agent: agent
  })

describe('the query of the page Explore', () => {
  running(async () => {
    const lines = [
      hit('/login', 200),
      hit('/login', 404),
      hit('/static/a.js', 404),
      hit('/wp-admin', 404, 'Mozilla/5.0 wp-scan')
    ]
    await stack.push(lines, { type: 'text/plain', site })
    await stack.waitForRows(site, lines.length)
    await stack.signIn(browser.context)
    await follow(browser.page, `${stack.url}/s/${site}/explore?p=24h`)
  })

  const bar = () => browser.page.getByRole('combobox', { name: 'Query' })
  const options = () => browser.page.getByRole('listbox', { name: 'Suggestions' }).getByRole('option')
  const filters = () => new URL(browser.page.url()).searchParams.getAll('f')
  const problem = () => browser.page.locator('[id$=-problem]')

  it('filters as it is typed, and makes pills', async () => {
    await bar().fill('status:>=400 -path:/static/*')
    await expect.poll(filters).toEqual(['ge,status,400', 'nre,path,(?s)^/static/.*$'])
    await browser.page.getByRole('group', { name: 'Filter: Status is at least 400' }).waitFor()
  })

  it('shows a pill that goes, and what Back brings', async () => {
    const { page } = browser
    await bar().press('Escape')
    const pill = page.getByRole('group', { name: 'Filter: Status is at least 400' })
    await pill.getByRole('button', { name: /remove/i }).click()
    await expect.poll(() => bar().inputValue()).toBe('-path:/static/*')
    await page.goBack()
    await expect.poll(() => bar().inputValue()).toBe('status:>=400 -path:/static/*')
  })

  it('suggests fields, and values with their counts under the rest of the query', async () => {
    await bar().fill('path:/login sta')
    await expect.poll(() => options().first().textContent()).toMatch(/^status/)
    await bar().press('ArrowDown')
    await bar().press('Enter')
    expect(await bar().inputValue()).toBe('path:/login status:')
    await expect.poll(() => options().allTextContents()).toEqual(['200OK1', '404Not found1'])
    await bar().press('ArrowDown')
    await bar().press('ArrowDown')
    await bar().press('Enter')
    await expect.poll(filters).toEqual(['is,path,/login', 'is,status,404'])
  })

  it('says what is wrong at its place, and keeps the last filter', async () => {
    await bar().fill('status:>=400 pth:/a')
    await expect.poll(() => problem().textContent()).toMatch(/^There is no field “pth”/)
    expect(await bar().getAttribute('aria-invalid')).toBe('true')
    expect(filters()).toEqual(['is,path,/login', 'is,status,404'])
    await bar().fill('/(/')
    await bar().press('Enter')
    await expect.poll(() => problem().textContent()).toMatch(/missing|parenthesis/i)
    expect(filters()).toEqual(['is,path,/login', 'is,status,404'])
  })

  it('finds a phrase across fields, in any case or in its case', async () => {
    const { page } = browser
    await bar().fill('"get /LOGIN"')
    await expect.poll(filters).toEqual(['has,line,get /LOGIN'])
    await page.getByRole('button', { name: 'Match case' }).click()
    await expect.poll(filters).toEqual(['re,line,get /LOGIN'])
    expect(await bar().inputValue()).toBe('"get /LOGIN"')
    await page.reload()
    await expect.poll(() => bar().inputValue()).toBe('"get /LOGIN"')
    expect(await page.getByRole('button', { name: 'Match case' }).getAttribute('aria-pressed')).toBe('true')
  })

  it('highlights without filtering', async () => {
    await bar().fill('find:wp-')
    await expect.poll(() => new URL(browser.page.url()).searchParams.get('find')).toBe('wp-')
    expect(filters()).toEqual([])
  })

  it('shows what strangers logged as text', async () => {
    await follow(browser.page, `${stack.url}/s/${site}/explore?p=24h&f=is,path,<b>x</b>%E2%80%AE`)
    await expect.poll(() => bar().inputValue()).toBe('path:"<b>x</b>\u202e"')
    expect(await browser.page.locator('.tinted').textContent()).toBe('path:"<b>x</b>·"')
    expect(await browser.page.locator('.tinted b').count()).toBe(0)
  })

  it('is saved with a slot, which an address fills with a text', async () => {
    const { page } = browser
    await bar().fill('path:$value -status:200')
    await expect.poll(filters).toEqual(['is,path,$value', 'not,status,200'])
    await page.locator('#save-view').click()
    const views = page.getByRole('dialog', { name: 'Saved views' })
    await views.getByLabel('Name of this view').fill('Failed at')
    await views.getByRole('button', { name: 'Save' }).click()
    await views.getByRole('button', { name: 'Failed at', exact: true }).click()
    await views.getByLabel('Value for Failed at').fill('/login')
    await page.keyboard.press('Enter')
    await expect.poll(filters).toEqual(['is,path,/login', 'not,status,200'])
    await page.goto(`${stack.url}/s/${site}/find/Failed%20at/static/a.js`)
    await expect.poll(filters).toEqual(['is,path,static/a.js', 'not,status,200'])
    await page.goto(`${stack.url}/s/${site}/find/${encodeURIComponent('<b>')}`)
    await page.getByRole('alert').getByText('no saved view named “<b>”').waitFor()
  })
})
