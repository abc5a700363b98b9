import { describe, expect, it } from 'vitest'
import { Client, push } from '../../cli/client.ts'
import { nginxLines } from '../../src/lib/sample/traffic.ts'
import { expectRequests, follow, openOverview } from './overview.ts'
import { browser, runningApart, stack } from './running.ts'

const now = Date.now()
const site = 'settings.example'
const lines = nginxLines(site, { seed: 9, from: now - 3 * 86_400_000, to: now, hits: 500 })
const period = 'p=7d'
const erased = '198.51.100.77'
const theirs = Array.from(
  { length: 7 },
  (_, i) =>
    `${erased} - - [${stamp(now - i * 3_600_000)}] "GET /secret/${i} HTTP/1.1" 200 10 "https://partner.example/" "Mozilla/5.0 Firefox/140.0"`
)

/** As nginx writes a time. */
function stamp(instant: number): string {
  const [, day, month, year, time] =
    /, (\d+) (\w+) (\d+) ([\d:]+)/.exec(new Date(instant).toUTCString()) ?? []
  return `${day}/${month}/${year}:${time} +0000`
}

describe('the settings of a site', () => {
  const kept = () => browser.page.getByRole('region', { name: 'What is kept' })
  const open = async () => {
    await browser.page.goto(`${stack.url}/s/${site}/settings`)
    await kept().getByRole('button', { name: 'Save' }).waitFor()
    await browser.page.locator('.tokens[aria-busy="false"] tbody button').first().waitFor()
    // Each form is read by itself.
    await expect.poll(() => browser.page.locator('fieldset:disabled').count()).toBe(0)
  }

  // The limit on sites, and the sessions, are those of a whole server.
  runningApart(async () => {
    await stack.push(lines, { site })
    await stack.push(theirs, { site, type: 'text/plain' })
    await stack.waitForRows(site, lines.length + theirs.length)
    await stack.signIn(browser.context)
  })

  it('keeps what is chosen', async () => {
    const { page } = browser
    await open()
    await page.getByRole('radio', { name: /^Shortened/ }).check()
    await page.getByRole('spinbutton', { name: 'Days' }).fill('90')
    const zone = page.getByRole('combobox', { name: 'Are in' })
    await zone.fill('Nowhere')
    await kept().getByText('No such zone').waitFor()
    await zone.fill('Kolkata')
    await kept().getByRole('button', { name: 'Save' }).click()
    await page.getByRole('dialog', { name: 'Keep hits for 90 days only?' }).waitFor()
    await page.getByRole('button', { name: 'Delete older hits' }).click()
    await kept().getByText('Saved.').waitFor()
    await open()
    expect(await page.getByRole('radio', { name: /^Shortened/ }).isChecked()).toBe(true)
    expect(await page.getByRole('spinbutton', { name: 'Days' }).inputValue()).toBe('90')
    expect(await zone.inputValue()).toBe('Asia/Kolkata')
  })

  it('drops the fields that are chosen, and says why one cannot be', async () => {
    const { page } = browser
    await open()
    const dropped = page.getByRole('region', { name: 'Fields that are not stored' })
    const [agent, others] = [
      dropped.getByRole('checkbox', { name: /^User agent/ }),
      dropped.getByRole('textbox', { name: /^Other fields/ })
    ]
    await agent.check()
    await others.fill('customer_id\nstatus')
    await dropped.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('alert').getByText('"status" has a column').waitFor()
    await others.fill('customer_id\nhttp_referer')
    await dropped.getByRole('button', { name: 'Save' }).click()
    await dropped.getByText('Saved.').waitFor()
    expect(await dropped.getByRole('checkbox', { name: /^Referrer URL/ }).isChecked()).toBe(true)
    await open()
    expect([await agent.isChecked(), await others.inputValue()]).toEqual([true, 'customer_id'])
  })

  it('trusts the proxies that are chosen, and says which network is none', async () => {
    const { page } = browser
    await open()
    const proxies = page.getByRole('region', { name: 'Trusted proxies' })
    const named = (name: RegExp) => proxies.getByRole('checkbox', { name })
    const networks = proxies.getByRole('textbox', { name: /^Networks of your own/ })
    expect(await named(/^Private networks/).isChecked()).toBe(true)
    await named(/^Private networks/).uncheck()
    await named(/^Cloudflare/).check()
    await networks.fill('203.0.113.7/24\n10.0.0.300/8')
    await proxies.getByText('"10.0.0.300/8" is not an address or a network').waitFor()
    await networks.fill('203.0.113.7/24')
    await proxies.getByRole('button', { name: 'Save' }).click()
    await proxies.getByText('Saved.').waitFor()
    await open()
    expect(await named(/^Private networks/).isChecked()).toBe(false)
    expect(await named(/^Cloudflare/).isChecked()).toBe(true)
    expect(await networks.inputValue()).toMatch(/^203\.0\.113\.\d\/24$/)
  })

  it('tries a line format before it is kept', async () => {
    const { page } = browser
    await open()
    const formats = page.locator('.formats')
    const [format, lines] = [
      formats.getByLabel('Format', { exact: true }),
      formats.getByLabel('Lines to try it on')
    ]
    await format.fill('$status$remote_addr')
    await lines.fill('203.0.113.7|/a?b=c|404')
    await formats.getByRole('button', { name: 'Try it' }).click()
    await formats.getByRole('alert').getByText('Nothing stands between').waitFor()
    await format.fill('$remote_addr|$request_uri|$status')
    await formats.getByRole('button', { name: 'Try it' }).click()
    await formats.getByText('1 of 1 line fits').waitFor()
    await formats.getByRole('button', { name: 'Add this format' }).click()
    await formats.getByText('Saved.').waitFor()
    await open()
    await formats.getByRole('button', { name: /^Remove/ }).click()
    await formats.getByRole('button', { name: /^Remove/ }).waitFor({ state: 'detached' })
  })

  it('keeps a line format with a token', async () => {
    const { page } = browser
    await open()
    const dialog = page.getByRole('dialog', { name: /^Line formats of lgi_/ })
    const edit = () =>
      page
        .getByRole('button', { name: /^Formats of/ })
        .first()
        .click()
    await edit()
    await dialog.getByLabel('Format', { exact: true }).fill('$remote_addr|$request_uri|$status')
    await dialog.getByLabel('Lines to try it on').fill('203.0.113.7|/a?b=c|404')
    await dialog.getByRole('button', { name: 'Try it' }).click()
    await dialog.getByText('1 of 1 line fits').waitFor()
    await dialog.getByRole('button', { name: 'Add this format' }).click()
    await dialog.getByText('Saved.').waitFor()
    await dialog.getByRole('button', { name: 'Close' }).click()
    await open()
    await edit()
    await dialog.getByRole('button', { name: /^Remove/ }).click()
    await dialog.getByRole('button', { name: /^Remove/ }).waitFor({ state: 'detached' })
    await dialog.getByRole('button', { name: 'Close' }).click()
  })

  it('makes, rotates and revokes a token, and shows it this once', async () => {
    const { page } = browser
    await open()
    const shown = page.locator('.made pre')
    const rows = page.locator('.tokens tbody tr')
    const before = await rows.count()
    await page.getByRole('button', { name: `Create token for ${site}` }).click()
    await rows.nth(before).waitFor()
    const first = (await shown.textContent()) ?? ''
    expect((await push(stack.url, first, [])).status).toBe(200)
    const prefix = first.slice(0, 12)
    await page.getByRole('button', { name: `Edit ${prefix}` }).click()
    await page.getByRole('textbox', { name: `Networks of ${prefix}` }).fill('203.0.113.7/240')
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
    await page.getByRole('dialog').getByRole('alert').getByText('203.0.113.7/240').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(await page.getByRole('alert').count()).toBe(0)
    await page.getByRole('button', { name: `Edit ${prefix}` }).click()
    await page.getByRole('textbox', { name: `Networks of ${prefix}` }).fill('203.0.113.7/24, ::1')
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
    await rows.filter({ hasText: '203.0.113.0/24, ::1/128' }).waitFor()
    expect(await shown.textContent()).toBe(first)
    await page.getByRole('button', { name: `Edit ${prefix}` }).click()
    await page.getByRole('textbox', { name: `Networks of ${prefix}` }).fill('')
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
    await rows.filter({ hasText: '203.0.113.0/24' }).waitFor({ state: 'detached' })
    await page.getByRole('button', { name: `Rotate ${prefix}` }).click()
    const asked = page.getByRole('dialog', { name: new RegExp(`^Rotate ${prefix}`) })
    await asked.getByRole('button', { name: 'Cancel' }).click()
    await asked.waitFor({ state: 'detached' })
    expect(await rows.count()).toBe(before + 1)
    await page.getByRole('button', { name: `Rotate ${prefix}` }).click()
    await asked.getByRole('button', { name: 'Rotate' }).click()
    await rows.nth(before + 1).waitFor()
    const second = (await shown.textContent()) ?? ''
    expect(second).not.toBe(first)
    expect(await rows.filter({ hasText: prefix }).textContent()).toContain('until')
    expect((await push(stack.url, second, [])).status).toBe(200)
    await page.getByRole('button', { name: `Revoke ${second.slice(0, 12)}` }).click()
    await page.getByRole('button', { name: 'Cancel' }).click()
    expect(await rows.count()).toBe(before + 2)
    await page.getByRole('button', { name: `Revoke ${second.slice(0, 12)}` }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
    await rows.filter({ hasText: second.slice(0, 12) }).waitFor({ state: 'detached' })
    await shown.waitFor({ state: 'detached' })
    await page.reload()
    await rows.first().waitFor()
    expect(await page.content()).not.toContain(second.slice(13, 50))
  })

  it('sends hosts to their sites, and says which line is wrong', async () => {
    const { page } = browser
    await open()
    const hosts = page.getByRole('region', { name: 'Hosts' })
    const pairs = hosts.getByRole('textbox', { name: /^A host and its site/ })
    await pairs.fill('shop.host.example shop\na.*.example a')
    await hosts.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('alert').getByText('"a.*.example" is not a host').waitFor()
    await pairs.fill('shop.host.example Shop')
    await hosts.getByRole('button', { name: 'Save' }).click()
    await hosts.getByText('Saved.').waitFor()
    expect(await pairs.inputValue()).toBe('shop.host.example shop')
    await open()
    expect(await pairs.inputValue()).toBe('shop.host.example shop')
  })

  it('says whether records make sites, and how many', async () => {
    const { page } = browser
    const newSites = page.getByRole('region', { name: 'New sites' })
    const send = async (service: string) =>
      (await stack.push([JSON.stringify({ ...JSON.parse(lines[0]!), service })])).body
    await open()
    await page.getByRole('radio', { name: /^Refuse the record/ }).check()
    await page.getByRole('spinbutton', { name: 'Most sites' }).fill('7')
    await newSites.getByRole('button', { name: 'Save' }).click()
    await newSites.getByText('Saved.').waitFor()
    expect(await send('unknown.example')).toMatchObject({ accepted: 0, errors: [{ reason: 'new_site' }] })
    await open()
    expect(await page.getByRole('radio', { name: /^Refuse the record/ }).isChecked()).toBe(true)
    expect(await page.getByRole('spinbutton', { name: 'Most sites' }).inputValue()).toBe('7')
    await page.getByRole('radio', { name: /^Create the site/ }).check()
    await newSites.getByRole('button', { name: 'Save' }).click()
    await newSites.getByText('Saved.').waitFor()
    expect(await send('unknown.example')).toMatchObject({ accepted: 1 })
  })

  it('lists who is signed in, and ends them', async () => {
    const { page } = browser
    const other = await Client.signIn(stack.url, stack.password)
    await open()
    const rows = page.locator('.sessions tbody tr')
    await rows.nth(1).waitFor()
    expect(await rows.filter({ hasText: 'this one' }).count()).toBe(1)
    await page.getByRole('button', { name: 'Sign out all others' }).click()
    await rows.nth(1).waitFor({ state: 'detached' })
    await expect(other.manifest(site)).rejects.toThrow('401')
    await stack.client.manifest(site)
  })

  it('has every action on a token within the width of a phone', async () => {
    const { page } = browser
    await page.setViewportSize({ width: 375, height: 812 })
    await open()
    const actions = await page
      .locator('.tokens tbody button')
      .evaluateAll((buttons) => buttons.map((button) => button.getBoundingClientRect().right <= innerWidth))
    expect(new Set(actions)).toEqual(new Set([true]))
    expect(await page.locator('.tokens .scroll').evaluate((box) => box.scrollWidth - box.clientWidth)).toBe(0)
    await page.setViewportSize({ width: 1440, height: 900 })
  })

  it('says where a password is changed that is a secret of the Worker', async () => {
    const { page } = browser
    await open()
    await page.getByText('The password is the secret LOGGIA_PASSWORD of the Worker.').waitFor()
    expect(await page.locator('.password input').count()).toBe(0)
  })

  it('counts no visit as coming from an own domain', async () => {
    const { page } = browser
    await openOverview(page, stack.url, site, `${period}&f=is,ip,${erased}`)
    const sources = page.locator('section.panel', {
      has: page.getByRole('heading', { name: 'Sources', exact: true })
    })
    await sources.getByText('partner.example').waitFor()
    await follow(page, `${stack.url}/s/${site}/settings`)
    const own = page.getByRole('region', { name: 'Own domains' })
    await own.getByRole('textbox').fill('shop.example\n!')
    await own.getByText('! is not a domain.').waitFor()
    await own.getByRole('textbox').fill('https://www.Partner.example/shop')
    await own.getByRole('button', { name: 'Save' }).click()
    await own.getByText('Saved.').waitFor()
    expect(await own.getByRole('textbox').inputValue()).toBe('partner.example')
    await follow(page, `${stack.url}/s/${site}?${period}&f=is,ip,${erased}`)
    await sources.getByText('Direct').waitFor()
    expect(await sources.getByText('partner.example').count()).toBe(0)
  })

  it('erases an address, from the device too', async () => {
    const { page } = browser
    const all = lines.length + theirs.length
    await follow(page, `${stack.url}/s/${site}?${period}`)
    await expectRequests(page, all)
    await follow(page, `?${period}&f=is,ip,${erased}`)
    await expectRequests(page, theirs.length)
    const before = await cachedParts()
    await open()
    const address = page.getByRole('textbox', { name: 'Address' })
    for (const [by, typed, problem] of [
      ['ip', '198.51.100.777', 'is neither an address nor a host name'],
      ['visitor', 'Alice', 'is not the key of a visitor'],
      ['path', 'https://example.org/secret?key=1', 'is not a path: leave out the host and the query']
    ] as const) {
      await page.getByRole('combobox', { name: 'Erase by' }).selectOption(by)
      await page.locator('.erase input').fill(typed)
      await page.getByRole('button', { name: 'Erase …' }).click()
      await page.locator('.erase').getByRole('alert').getByText(problem).waitFor()
      expect(await page.getByRole('dialog').count()).toBe(0)
    }
    await page.getByRole('combobox', { name: 'Erase by' }).selectOption('ip')
    await address.fill(erased)
    await page.getByRole('button', { name: 'Erase …' }).click()
    const asked = page.getByRole('dialog', { name: `Erase ${theirs.length} hits of address ${erased}?` })
    const words = (await asked.locator('p').textContent()) ?? ''
    const days = Map.groupBy(theirs, (_, i) => new Date(now - i * 3_600_000).toISOString().slice(0, 10))
    expect(words.match(/\((\d+)\)/g)?.sort()).toEqual(
      [...days.values()].map((all) => `(${all.length})`).sort()
    )
    await asked.getByRole('button', { name: `Erase ${theirs.length} hits` }).click()
    await page.getByText(`Erased ${theirs.length} hits.`).waitFor()
    await page.getByRole('button', { name: 'Erase …' }).click()
    await page.getByRole('dialog', { name: `No hits of address ${erased}` }).waitFor()
    await page.getByRole('button', { name: 'Erase from refused records' }).click()
    await page.getByText('No hit had it. Refused records that named it are deleted.').waitFor()
    await follow(page, `${stack.url}/s/${site}?${period}`)
    await expectRequests(page, all - theirs.length)
    await follow(page, `?${period}&f=is,ip,${erased}`)
    await expectRequests(page, 0)
    const after = await cachedParts()
    const live = (await stack.client.manifest(site)).parts.map(({ id }) => id)
    expect(after.filter((id) => !live.includes(id))).toEqual([])
    expect(before.some((id) => !after.includes(id))).toBe(true)
  })

  /** The ids of the parts whose bytes are on this device. */
  const cachedParts = () =>
    browser.page.evaluate(async () => {
      const cache = await caches.open('data-v1')
      const paths = (await cache.keys()).map(({ url }) => new URL(url).pathname)
      return paths.filter((path) => path.includes('/parts/')).map((path) => path.split('/').at(-1)!)
    })
})
