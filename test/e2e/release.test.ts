import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import { openContext } from './browser.ts'
import { lane } from './lane.ts'
import { browser, running, stack } from './running.ts'

running()

/** The product as a deploy changes it: its service worker differs by a comment once `isNewer`. */
async function deploys(upstream: string) {
  const now = { isNewer: false }
  const server: Server = createServer(async ({ url = '/', headers }, response) => {
    const accept = headers.accept ?? '*/*'
    const answer = await fetch(upstream + url, { headers: { accept } })
    const body = Buffer.from(await answer.arrayBuffer())
    response.writeHead(answer.status, { 'Content-Type': answer.headers.get('Content-Type') ?? 'text/plain' })
    response.write(body)
    response.end(now.isNewer && url === '/service-worker.js' ? '\n// newer' : '')
  }).listen(0)
  await once(server, 'listening')
  const close = () => (server.closeAllConnections(), server.close())
  return { url: `http://localhost:${(server.address() as AddressInfo).port}`, now, close }
}

it('comes to stay once there is a network again, where it went in the first seconds', async () => {
  const { context, page, errors, close } = await openContext(lane().browser)
  const isThere = () =>
    page.evaluate(() => navigator.serviceWorker.getRegistration().then((it) => it?.active != null))
  try {
    await page.goto(`${stack.url}/open`)
    await page.getByRole('heading').first().waitFor()
    await context.setOffline(true)
    await page.waitForTimeout(5_000)
    expect(await isThere()).toBe(false)
    await context.setOffline(false)
    await expect.poll(isThere).toBe(true)
    expect(errors.filter((error) => error.includes('ServiceWorker'))).toEqual([])
  } finally {
    await close()
  }
})

it('offers a new version, which can be put off and is let in only when that is asked for', async () => {
  const { page } = browser
  const site = await deploys(stack.url)
  const offer = page.getByText('New version.')
  const look = () => page.evaluate(() => void dispatchEvent(new Event('focus')))
  const isWaiting = () =>
    page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.waiting != null)
  try {
    await page.goto(`${site.url}/open`)
    await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true)
    await look()
    expect(await isWaiting()).toBe(false)

    site.now.isNewer = true
    await look()
    await offer.waitFor()
    await page.getByRole('button', { name: 'Later' }).click()
    await offer.waitFor({ state: 'detached' })
    expect(await isWaiting()).toBe(true)

    await page.reload()
    await offer.waitFor()
    await page.getByRole('button', { name: 'Reload' }).click()
    await expect.poll(isWaiting).toBe(false)
    await offer.waitFor({ state: 'detached' })
  } finally {
    await page.goto('about:blank')
    site.close()
  }
})
