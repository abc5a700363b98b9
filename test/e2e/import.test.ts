import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { nginxLines } from '../../src/lib/sample/traffic.ts'
import { browser, running, stack } from './running.ts'

const site = 'import.example'
const now = Date.now()
const log = nginxLines(site, { seed: 5, from: now - 3 * 86_400_000, to: now, hits: 30_000 })
const file = {
  name: 'access.log.gz',
  mimeType: 'application/gzip',
  buffer: gzipSync(`${log.join('\n')}\n`)
}

describe('a log that the page sends', () => {
  running(() => stack.signIn(browser.context))

  const input = () => browser.page.getByLabel('Log files to send')
  const exact = log.length.toLocaleString('en')

  it('is stored whole, and the page stays until it is', async () => {
    const { page } = browser
    await page.goto(`${stack.url}/s/${site}/setup`)
    await input().setInputFiles(file)
    await page.getByText(`${exact} hits stored in ${site}.`).waitFor()
    expect(page.url()).toContain('/setup')
    expect(await stack.waitForRows(site, log.length)).toBe(log.length)
    const { tokens } = await (
      await fetch(`${stack.url}/api/tokens`, { headers: stack.client.headers })
    ).json()
    const own = tokens.find(({ name }: { name: string }) => name === 'Import of access.log.gz')
    expect(own.revoked).not.toBeNull()
    expect(own.rotate_by).toBeLessThanOrEqual(Date.now() + 86_400_000)
  })

  it('counts nothing twice when it is sent again', async () => {
    await input().setInputFiles(file)
    await browser.page.getByText(`0 hits stored in ${site}, ${exact} counted before.`).waitFor()
    expect(await stack.waitForRows(site, log.length)).toBe(log.length)
  })

  it('is refused before anything is stored if it is no log', async () => {
    await input().setInputFiles({
      name: 'notes.txt',
      mimeType: 'text/plain',
      buffer: Buffer.from('a note\n')
    })
    await browser.page.getByRole('alert').getByText('line is not an access log line: a note').waitFor()
    await browser.page.getByRole('button', { name: 'Try again' }).waitFor()
  })

  it('waits for the network where there is none', async () => {
    const { context, page } = browser
    const button = page.getByRole('button', { name: 'Send more' }).or(page.getByText('Choose log files'))
    await context.setOffline(true)
    await page.getByText("Offline: you can't send now.").waitFor()
    expect(await button.isDisabled()).toBe(true)
    await context.setOffline(false)
    await expect.poll(() => button.isDisabled()).toBe(false)
  })

  it('goes from the page of an opened file to a site', async () => {
    const { page } = browser
    await page.getByLabel('Log files', { exact: true }).setInputFiles(file)
    await page.waitForURL(/p=all/)
    await page.getByRole('link', { name: 'This file' }).first().click()
    await page.getByRole('combobox', { name: 'Site' }).fill('opened.example')
    await page.getByRole('button', { name: 'Send it to opened.example' }).click()
    await page.getByText(`${exact} hits stored in opened.example.`).waitFor()
    await page.getByRole('link', { name: 'Open dashboard' }).click()
    await page.waitForURL(/\/s\/opened\.example/)
  })
})
