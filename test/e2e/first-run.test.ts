import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Route } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Client } from '../../cli/client.ts'
import { makeSecret } from '../../cli/secret.ts'
import { startServer, type Server } from '../../cli/server.ts'
import { openContext, type Browser } from './browser.ts'
import { lane } from './lane.ts'

const secret = makeSecret(1, Date.now())
const first = 'a password for the first day'
const second = 'another for all days after'

describe('the first run', () => {
  let server: Server
  let browser: Browser
  const data = mkdtempSync(join(tmpdir(), 'loggia-first-'))

  beforeAll(async () => {
    writeFileSync(join(data, 'secrets.env'), `LOGGIA_PASSWORD=""\nLOGGIA_SETUP=${secret}\n`)
    server = await startServer({ data })
    browser = await openContext(lane().browser)
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
    rmSync(data, { recursive: true, force: true })
  })

  it('chooses the password by the secret, and signs in', async () => {
    const { page } = browser
    await page.goto(`${server.url}/sign-in?setup`)
    await page.getByLabel('Setup secret').fill('not the secret')
    await page.getByLabel(/^New password/).fill(first)
    await page.getByRole('button', { name: 'Set password and sign in' }).click()
    await page.getByText('the set-up secret is wrong').waitFor()
    await page.getByLabel('Setup secret').fill(secret)
    await page.getByRole('button', { name: 'Set password and sign in' }).click()
    await page.getByRole('heading', { name: 'Connect a site' }).waitFor()
  })

  it('is done once', async () => {
    const { page } = browser
    await page.goto(`${server.url}/sign-in?setup`)
    await page.getByLabel('Setup secret').fill(secret)
    await page.getByLabel(/^New password/).fill(second)
    await page.getByRole('button', { name: 'Set password and sign in' }).click()
    await page.getByText('Setup is closed').waitFor()
  })

  it('leaves a password that the settings change, which ends every other session', async () => {
    const { page } = browser
    const other = await Client.signIn(server.url, first)
    // Asked before the change and answered after it, by the name of the session that has ended.
    const held = Promise.withResolvers<void>()
    const late = async (route: Route) => (await held.promise, route.fulfill({ status: 401, json: {} }))
    await page.route('**/api/tokens', late, { times: 1 })
    await page.goto(`${server.url}/s/first.example/settings`)
    await page.getByLabel('Current password').fill(first)
    await page.getByLabel(/^New password/).fill(second)
    await page.getByRole('button', { name: 'Change password' }).click()
    await page.waitForResponse('**/api/password')
    const again = page.waitForResponse('**/api/tokens')
    held.resolve()
    await again
    await page.getByText('Changed.').waitFor()
    expect(page.url()).toContain('/settings')
    await expect(other.manifest('first.example')).rejects.toThrow('401')
    await expect(Client.signIn(server.url, first)).rejects.toThrow('401')
    await Client.signIn(server.url, second)
    await page.reload()
    await page.locator('.sessions tbody tr', { hasText: 'this one' }).waitFor()
  })
  it('lets an owner in whom guesses of others hold up, by a one-time secret', async () => {
    const { page } = browser
    await server.stop()
    const again = makeSecret(1, Date.now())
    writeFileSync(join(data, 'secrets.env'), `LOGGIA_PASSWORD=""\nLOGGIA_SETUP=${again}\n`)
    server = await startServer({ data })
    await page.context().clearCookies()
    await page.goto(`${server.url}/sign-in`)
    const link = page.getByRole('link', { name: 'Sign in with a one-time secret' })
    while (!(await link.isVisible())) {
      await page.getByLabel('Password').fill('a guess of somebody else')
      const answer = page.waitForResponse('**/api/session')
      await page.getByRole('button', { name: 'Sign in' }).click()
      await answer
      await page.locator('#refusal:not(:empty)').waitFor()
    }
    await page.getByText(/^Too many wrong passwords from your network. Try again in \d+ s.$/).waitFor()
    await link.click()
    await page.getByLabel('One-time secret').fill(again)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: 'Sign in once' }).waitFor({ state: 'detached' })
    expect(new URL(page.url()).pathname).not.toBe('/sign-in')
  })
})
