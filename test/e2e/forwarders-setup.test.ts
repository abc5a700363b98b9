import { describe, expect, it } from 'vitest'
import { fill } from '../../src/routes/fill.ts'
import { forwarders, servers } from '../../src/routes/snippets.ts'
import { browser, running, stack } from './running.ts'

describe('Setup', () => {
  running(() => stack.signIn(browser.context))

  const group = (name: string) => browser.page.getByRole('group', { name })
  const blocks = () => browser.page.locator('pre').allTextContents()

  it('shows each program with its files filled in', async () => {
    const { page } = browser
    await page.goto(`${stack.url}/s/programs.example/setup`)
    for (const forwarder of forwarders) {
      await group('Forwarder').getByRole('button', { name: forwarder.title, exact: true }).click()
      const own = { origin: stack.url, token: 'lgi_…', site: 'programs.example', log: servers[0]!.log }
      expect(await blocks()).toEqual(
        [...servers[0]!.files, ...forwarder.files].map(({ text }) => fill(text, own))
      )
    }
  })

  it('has forwarders read the log of the server that is chosen', async () => {
    const { page } = browser
    await group('Forwarder').getByRole('button', { name: 'Vector' }).click()
    for (const { title, log } of servers) {
      await group('Server').getByRole('button', { name: title }).click()
      expect((await blocks()).at(-1)).toContain(`include: [${log}]`)
    }
    await page.getByText('systemctl reload haproxy').waitFor()
  })

  it('is used by keyboard on a phone, and is no wider than it', async () => {
    const { page } = browser
    await page.setViewportSize({ width: 390, height: 844 })
    await group('Server').getByRole('button', { name: 'nginx' }).focus()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    expect(await group('Server').locator('[aria-pressed=true]').textContent()).toBe('Apache')
    for (const { title } of forwarders) {
      await group('Forwarder').getByRole('button', { name: title, exact: true }).press('Space')
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
    }
    await page.setViewportSize({ width: 1440, height: 900 })
  })

  it('says what a name may have where one is no name, and makes no token for it', async () => {
    const { page } = browser
    browser.errors.length = 0
    await page.goto(`${stack.url}/connect`)
    await page.getByLabel('Name of the site').fill('my shop')
    await page
      .getByText("“my shop” can't be a site's name. Use letters, digits, _ . -, at most 63 bytes.")
      .waitFor()
    expect(await page.getByRole('button', { name: 'Create token' }).isDisabled()).toBe(true)
    await page.getByLabel('Name of the site').fill('My-Shop')
    expect(await page.getByRole('button', { name: 'Create token' }).isEnabled()).toBe(true)
    expect((await blocks()).at(-1)).toContain('?site=my-shop')
  })

  it('without a name has the address name a site where the lines name none', async () => {
    const { page } = browser
    await page.getByLabel('Name of the site').fill('')
    await group('Forwarder').getByRole('button', { name: 'Vector' }).click()
    expect((await blocks()).at(-1)).not.toContain('site=')
    await group('Server').getByRole('button', { name: 'Caddy' }).click()
    expect((await blocks()).at(-1)).toContain('?site=example.org')
    await page.getByText("Replace example.org with your site's name.").waitFor()
    expect(browser.errors).toEqual([])
  })
})
