import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { follow } from './overview.ts'
import { browser, running, stack } from './running.ts'

const site = 'setup.example'
const combined =
  '203.0.113.7 - - [15/Nov/2026:10:11:12 +0000] "GET /shop?q=1 HTTP/1.1" 200 512 "-" "Mozilla/5.0 (X11; Linux x86_64)"'
const barred = (path: string) =>
  `[web] 2026/11/15 - 10:11:12 | 200 |     1.234ms |   203.0.113.7 | GET      "${path}"`

describe('the setup of a site', () => {
  running(() => stack.signIn(browser.context))

  const settings = (init: RequestInit = {}) =>
    fetch(`${stack.url}/api/sites/${site}/settings`, { headers: stack.client.headers, ...init })
  const pasted = () => browser.page.getByLabel('Lines of your log')
  const result = () => browser.page.getByRole('status').filter({ hasText: /./ }).first()
  const paste = (text: string) => pasted().fill(text)

  it('shows the fields of a pasted line, or the character that stops it', async () => {
    const { page } = browser
    await page.goto(`${stack.url}/s/${site}/setup`)
    await paste(combined)
    await page.getByText('This line is read as combined').waitFor()
    expect(await page.locator('dl').textContent()).toMatch(/path ?\/shop.*status ?200/)
    await paste(combined.replace('[', ''))
    await page.getByText('1 line is not read').waitFor()
    await page.getByText('Character 17 should begin a time in brackets').waitFor()
    expect(await page.locator('mark').textContent()).toBe('1')
    await paste('<img src=x onerror=alert(1)>')
    await result().getByText('<img src=x onerror=alert(1)>').first().waitFor()
  })

  it('asks for a zone only where the site has none', async () => {
    const { page } = browser
    const haproxy =
      'Nov 15 10:11:12 lb haproxy[71]: 203.0.113.7:51000 [15/Nov/2026:10:11:12.655] web bk/srv1 0/0/0/1/1 200 512 - - ---- 1/1/0/0/0 0/0 "GET /shop HTTP/1.1"'
    await paste(haproxy)
    await page.getByText('Its time names no zone: choose one under Settings').waitFor()
    const fields = page.locator('dl')
    expect(await fields.textContent()).toContain('no_zone')
    await settings({ method: 'PUT', body: JSON.stringify({ time_zone: 'Europe/Berlin' }) })
    await page.reload()
    await paste(haproxy)
    await page.getByText('Its time names no zone: that of the site counts.').waitFor()
    expect(await page.getByText('choose one under Settings').count()).toBe(0)
    expect(await fields.textContent()).toContain('2026-11-15T09:11:12')
    await settings({ method: 'PUT', body: JSON.stringify({ time_zone: null }) })
    await page.reload()
  })

  it('reads the first lines of a file that is chosen', async () => {
    const lines = Array.from({ length: 30 }, (_, i) => combined.replace('/shop', `/page/${i}`)).join('\n')
    await browser.page.getByLabel('A log to try').setInputFiles({
      name: 'access.log.gz',
      mimeType: 'application/gzip',
      buffer: gzipSync(`${lines}\n`)
    })
    await browser.page.getByText('30 lines are read as combined').waitFor()
  })

  it('proposes a format, uses it, and opens the dashboard at the first hit', async () => {
    const { page } = browser
    await page.getByLabel('Name of the token').fill('web1')
    await page.getByRole('button', { name: 'Create token' }).click()
    const token = (await page.locator('pre', { hasText: /^lgi_/ }).textContent()) ?? ''
    await paste(barred('/a'))
    await page.getByText('A format that reads it').waitFor()
    // Another page adds a format meanwhile.
    const other = '$remote_addr|$status|$request_uri;'
    await settings({ method: 'PUT', body: JSON.stringify({ line_formats: [other] }) })
    await page.getByRole('button', { name: 'Use this format' }).click()
    await page.getByText('This line is read as your own format').waitFor()
    const { line_formats: formats } = await (await settings()).json()
    expect(formats).toEqual([other, expect.stringContaining('request_uri')])
    expect(await stack.push([barred('/a'), barred('/b')], { token })).toMatchObject({ body: { accepted: 2 } })
    await page.waitForURL(/\/s\/setup\.example\?p=/)
    await page.waitForFunction(
      () => document.querySelector('#figure-requests')?.getAttribute('title') === '2'
    )
  })

  it('does not leave the page of a site that has hits already', async () => {
    const { page } = browser
    await follow(page, `${stack.url}/s/${site}/setup`)
    await page.getByText('2 records accepted.').waitFor()
    await page.getByRole('link', { name: 'Open dashboard' }).waitFor()
    expect(page.url()).toContain('/setup')
  })
})
