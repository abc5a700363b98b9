import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { which } from '../../cli/process.ts'
import { needs } from '../needs.ts'
import { launchFirefox, type Firefox } from './firefox.ts'
import { startPushService } from './push-service.ts'
import { OwnStack } from './stack.ts'

const site = 'in-firefox'
const period = 'p=2026-11-01'

/** Twelve requests a path. */
const lines = ['/', '/blog/a', '/about'].flatMap((path, i) =>
  Array.from({ length: 12 }, (_, n) => {
    const at = `01/Nov/2026:${String(8 + n).padStart(2, '0')}:0${i}:00 +0000`
    const agent = 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0'
    return `192.0.2.${i} - - [${at}] "GET ${path} HTTP/1.1" 200 512 "-" "${agent}"`
  })
)

needs('firefox-esr')('Firefox', () => {
  const folder = mkdtempSync(join(tmpdir(), 'loggia-firefox-'))
  let stack: OwnStack
  let firefox: Firefox
  let pushService: Awaited<ReturnType<typeof startPushService>>

  beforeAll(async () => {
    stack = await OwnStack.start()
    await stack.push(lines, { type: 'text/plain', site })
    await stack.waitForRows(site, lines.length)
    pushService = await startPushService()
    firefox = await launchFirefox(which('firefox-esr')!, pushService.url)
  })
  afterAll(async () => {
    await firefox?.close()
    await pushService?.stop()
    await stack?.stop()
    rmSync(folder, { recursive: true })
  })

  /** Waits until every panel shows an answer and the overview counts so many requests. If not, the error says what the page shows. */
  async function shows(requests: number): Promise<void> {
    const { page } = firefox
    try {
      await page.waitForFunction(
        (requests) =>
          document.querySelector<HTMLElement>('#figure-requests')?.title.replace(/\D/g, '') ===
            String(requests) && !document.querySelector('[aria-busy="true"], .skeleton'),
        {},
        requests
      )
    } catch (cause) {
      const text = await page.evaluate(() => document.body.innerText)
      throw new Error(`${page.url()} shows ${text}; errors: ${firefox.errors.join('; ')}`, { cause })
    }
  }

  it('signs in and shows the overview', async () => {
    const { page } = firefox
    await page.goto(`${stack.url}/sign-in?to=${encodeURIComponent(`/s/${site}?${period}`)}`)
    await page.locator('#password').fill(stack.password)
    await page.keyboard.press('Enter')
    await shows(lines.length)
  })

  it('filters by a click on a row', async () => {
    const { page } = firefox
    await page.locator('section.panel li > button ::-p-text(/blog/a)').click()
    await shows(12)
    expect(new URL(page.url()).searchParams.get('f')).toBe('is,path,/blog/a')
  })

  it('shows the same after a reload without a server', async () => {
    const { page } = firefox
    const isKept = async () =>
      (await Promise.all(['/engine/duckdb-eh.wasm', '/spa.html'].map((path) => caches.match(path)))).every(
        Boolean
      )
    await expect.poll(() => page.evaluate(isKept)).toBe(true)
    const { resume } = await stack.pause()
    await page.evaluate(() => (document.body.dataset.was = 'here'))
    await page.reload()
    expect(await page.evaluate(() => document.body.dataset.was ?? null)).toBeNull()
    await shows(12)
    await resume()
  })

  it('is notified of alerts while no page is open, once a switch is on', async () => {
    const { page } = firefox
    await page.goto(`${stack.url}/s/${site}/alerts?${period}`)
    const isOn = (on: boolean) =>
      page.waitForFunction(
        (on) => {
          const [input] = [...document.querySelectorAll('label')]
            .filter(({ innerText }) => innerText.includes('Notify this browser while no page is open'))
            .map((label) => label.querySelector('input')!)
          return input?.checked === on && !input.disabled
        },
        {},
        on
      )
    const change = () => page.locator('label ::-p-text(Notify this browser)').click()
    await isOn(false)
    await change()
    await isOn(true)
    expect(pushService.subscriptions()).toBe(1)
    await page.locator('[aria-label="Outputs"] button ::-p-text(Send test)').click()
    await expect.poll(pushService.deliveries).toBe(1)
    await change()
    await isOn(false)
    await page.waitForSelector('[aria-label="Outputs"] li', { hidden: true })
  })

  it('opens a log file, and says what it takes to open one from the system', async () => {
    const { page } = firefox
    const file = join(folder, 'access.log')
    writeFileSync(file, lines.slice(0, 30).join('\n'))
    await page.goto(`${stack.url}/open`)
    await page.waitForSelector('::-p-text(only Chrome and Edge open log files from the system)')
    const input = await page.waitForSelector('input[type=file]')
    await input!.uploadFile(file)
    await page.waitForFunction(() => /^\/s\/local-[0-9a-f]{12}$/.test(location.pathname))
    await shows(30)
  })

  it('reports no error', () => {
    // The live socket finds no server while there is none.
    expect(firefox.errors.filter((error) => !/\/live\b/.test(error))).toEqual([])
  })
})
