import axe from 'axe-core'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, describe, expect, it } from 'vitest'
import { traffic } from '../../src/lib/alert/presets.ts'
import { follow } from './overview.ts'
import { newDevice } from './push-device.ts'
import { browser, running, stack } from './running.ts'
import { holdStill } from './still.ts'

const site = 'watched'
const hit = (second: number, path: string) =>
  JSON.stringify({ time: new Date(second * 1_000).toISOString(), ip: '203.0.113.7', path, status: 200 })
const now = Math.floor(Date.now() / 1_000)
const busy = traffic('busy', 'Busy', 3, 10)

/** What was posted to the outputs of the site. */
const posted: { path: string; body: Record<string, unknown> }[] = []
/** What was sent to the push service, sealed. */
const pushed: { path: string; headers: IncomingHttpHeaders; body: Buffer }[] = []
const device = newDevice()
let server: Server
let outputs: string

describe('a rule that is watched while no page is open', () => {
  running(async () => {
    server = createServer((request, response) => {
      const parts: Buffer[] = []
      request.on('data', (part: Buffer) => parts.push(part))
      request.on('end', () => {
        const [path, body] = [request.url!, Buffer.concat(parts)]
        if (path.startsWith('/push')) pushed.push({ path, headers: request.headers, body })
        else posted.push({ path, body: JSON.parse(String(body)) as Record<string, unknown> })
        response.writeHead(path === '/fails' ? 500 : path === '/push/gone' ? 410 : 201).end('ok')
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    outputs = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    await stack.push([hit(now - 600, '/quiet')], { type: 'text/plain', site })
    await stack.waitForRows(site, 1)
    await stack.signIn(browser.context)
    const saved = await fetch(`${stack.url}/api/sites/${site}/settings`, {
      method: 'PUT',
      headers: { ...stack.client.headers, 'content-type': 'application/json' },
      body: JSON.stringify({ alerts: [busy] })
    })
    expect(saved.status).toBe(200)
    await follow(browser.page, `${stack.url}/s/${site}/alerts?p=24h`)
  })
  afterAll(() => server?.close())

  const section = () => browser.page.getByRole('region', { name: 'While no page is open' })
  const output = (name: string) =>
    section().getByRole('list', { name: 'Outputs' }).getByRole('listitem').filter({ hasText: name })

  it('is chosen where it is edited, which says why a rule cannot be', async () => {
    const { page } = browser
    await page.getByRole('button', { name: /^Busy/ }).click()
    const watch = page.getByRole('switch', { name: 'Watch on the server' })
    await page.getByLabel('Metric').selectOption('latency')
    expect(await watch.isDisabled()).toBe(true)
    await page.getByText("The server can't watch this rule: the server counts requests by second").waitFor()
    await page.getByLabel('Metric').selectOption('rate')
    await watch.check()
    await page.getByRole('button', { name: 'Save rule' }).click()
    await section().getByText('The server watches Busy').waitFor()
  })

  it('has outputs, which are tested, and refused where Loggia must not send', async () => {
    const { page } = browser
    await page.getByLabel('Kind of output').selectOption('json')
    const add = async (url: string) => {
      await page.getByLabel('Address of the output').fill(url)
      await page.getByRole('button', { name: 'Add output' }).click()
    }
    await add('http://169.254.169.254/latest/meta-data/')
    await section().getByRole('alert').filter({ hasText: "Loggia can't send there" }).waitFor()
    await add(`${outputs}/hook-with-secret`)
    await output('Webhook (JSON)').getByRole('button', { name: 'Send test' }).click()
    await output('Webhook (JSON)').filter({ hasText: /Sent / }).waitFor()
    expect(posted).toMatchObject([{ path: '/hook-with-secret', body: { is: 'test', site } }])
    await page.getByLabel('Kind of output').selectOption('slack')
    await add(`${outputs}/fails`)
    await output('Slack').waitFor()
    expect(await page.content()).not.toContain('hook-with-secret')
  })

  it('has browsers as outputs, each with keys of its own', async () => {
    const add = (path: string, keys: object | null) =>
      fetch(`${stack.url}/api/sites/${site}/away/outputs`, {
        method: 'POST',
        headers: { ...stack.client.headers, 'content-type': 'application/json' },
        body: JSON.stringify({ kind: 'push', url: outputs + path, keys })
      })
    expect((await add('/push/device', null)).status).toBe(400)
    for (const path of ['/push/device', '/push/device', '/push/gone'])
      expect((await add(path, device.keys)).status).toBe(200)
    await expect.poll(() => output('Browser').count()).toBe(2)
  })

  it('has nothing that axe finds, in both themes and on a phone', async () => {
    const { page } = browser
    await holdStill(page)
    for (const colorScheme of ['light', 'dark'] as const)
      for (const width of [1_440, 390]) {
        await page.emulateMedia({ colorScheme })
        await page.setViewportSize({ width, height: 900 })
        await page.evaluate(axe.source)
        const found = await page.evaluate(async () => {
          const { axe } = window as unknown as { axe: typeof import('axe-core') }
          const { violations } = await axe.run(document, { resultTypes: ['violations'] })
          return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
        })
        expect(found).toEqual([])
        expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
      }
    await page.emulateMedia({ colorScheme: null })
    await page.setViewportSize({ width: 1_440, height: 900 })
  })

  it('fires once at its outputs while no page is open, and recovers', async () => {
    await browser.page.goto('about:blank')
    posted.length = 0
    const start = Math.floor(Date.now() / 1_000)
    const load = Array.from({ length: 40 }, (_, i) => hit(start + Math.floor(i / 20), `/load/${i}`))
    await stack.push(load, { type: 'text/plain', site })
    const hooked = () => posted.filter(({ path }) => path === '/hook-with-secret').map(({ body }) => body)
    await expect.poll(() => hooked().length).toBe(2)
    expect(hooked().map(({ is }) => is)).toEqual(['fired', 'recovered'])
    expect(hooked()[0]).toMatchObject({ site, rule: { id: 'busy', title: 'Busy' }, unit: 'req/s' })
    await expect.poll(() => pushed.filter(({ path }) => path === '/push/device').length).toBe(2)
    const [first] = pushed.filter(({ path }) => path === '/push/device')
    expect(first!.headers).toMatchObject({ 'content-encoding': 'aes128gcm', ttl: '86400', urgency: 'high' })
    expect(first!.headers.authorization).toMatch(/^vapid t=[\w-]+\.[\w-]+\.[\w-]+, k=B[\w-]{86}$/)
    expect(JSON.parse(device.open(first!.body))).toMatchObject({
      title: `Busy: ${site}`,
      tag: `${site} busy`,
      path: `/s/${site}/alerts#rule=busy`
    })
    expect(String(hooked()[0]!.url)).toBe(`${stack.url}/s/${site}/alerts#rule=busy`)
  })

  it('is in the history of the server, with what it was sent to and which output fails', async () => {
    await browser.page.goto(`${stack.url}/s/${site}/alerts?p=24h`)
    const seen = section().getByRole('list', { name: 'Seen by the server' }).getByRole('listitem')
    await expect.poll(() => seen.allTextContents()).toHaveLength(2)
    for (const text of await seen.allTextContents())
      expect(text).toMatch(
        /sent to (Webhook \(JSON\), Browser|Browser, Webhook \(JSON\)), not sent to 1 output/
      )
    // The browser that is subscribed no more was forgotten.
    expect(await output('Browser').count()).toBe(1)
    await output('Slack').filter({ hasText: 'Failing: answered 500' }).waitFor()
    await output('Slack').filter({ hasText: '2 waiting for another try' }).waitFor()
    await output('Slack').getByRole('button', { name: 'Remove' }).click()
    await output('Slack').waitFor({ state: 'detached' })
  })

  it('is shown by the service worker, and a push that is damaged is, too', async () => {
    const { page, context } = browser
    await context.grantPermissions(['notifications'], { origin: stack.url })
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => null))
    const cdp = await context.newCDPSession(page)
    const registered = new Promise<string>((resolve) =>
      cdp.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
        const own = registrations.find(({ scopeURL }) => scopeURL.startsWith(stack.url))
        if (own) resolve(own.registrationId)
      })
    )
    await cdp.send('ServiceWorker.enable')
    const registrationId = await registered
    const path = '/s/shop/alerts#rule=busy'
    const at = now * 1_000
    const times = { from: at - 900_000, to: at + 900_000 }
    const message = { title: 'Busy: shop', body: 'Busy fires', tag: 'shop busy', path, ...times }
    for (const data of [JSON.stringify(message), 'damaged'])
      await cdp.send('ServiceWorker.deliverPushMessage', { origin: stack.url, registrationId, data })
    const shown = () =>
      page.evaluate(async () => {
        const { getNotifications } = await navigator.serviceWorker.ready
        const registration = await navigator.serviceWorker.ready
        const all = (await getNotifications.call(registration)) as Notification[]
        return all.map(({ title, data }) => [title, (data as { path: string }).path]).sort()
      })
    await expect.poll(shown).toEqual([
      ['An alert of Loggia', '/'],
      // A click opens the rule at the time around its alert, by the clock of the browser.
      ['Busy: shop', expect.stringMatching(/^\/s\/shop\/alerts\?p=(20[\d-]{8}T\d\d:\d\d,?){2}#rule=busy$/)]
    ])
  })

  it('says on the page Status what watching costs', async () => {
    await follow(browser.page, `${stack.url}/s/${site}/status`)
    await browser.page.getByText('Watching one alert rule while no page is open takes about').waitFor()
  })
})
