import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { needs } from '../needs.ts'
import { launchBrowser, type Browser } from './browser.ts'
import { startNginx, type Nginx } from './nginx.ts'
import { openOverview } from './overview.ts'
import type { Program } from './program.ts'
import { OwnStack } from './stack.ts'
import { claimUdpPort, startSyslogNg } from './syslog-ng.ts'

const site = 'www.example.com'
const requests = 5

needs('nginx', 'syslog-ng')('a request to nginx', () => {
  const folder = mkdtempSync(join(tmpdir(), 'loggia-live-'))
  let nginx: Nginx
  let syslogNg: Program
  let stack: OwnStack
  let browser: Browser

  beforeAll(async () => {
    stack = await OwnStack.start()
    browser = await launchBrowser()
    for (const name of ['nginx', 'syslog-ng']) mkdirSync(join(folder, name))
    nginx = await startNginx({ folder: join(folder, 'nginx') })
    syslogNg = await startSyslogNg({
      folder: join(folder, 'syslog-ng'),
      url: stack.url,
      token: stack.token,
      log: nginx.log,
      port: await claimUdpPort()
    })
    await fetch(nginx.url)
    await stack.waitForRows(site, 1)
    await stack.signIn(browser.context)
  })

  afterAll(async () => {
    await browser?.close()
    await syslogNg?.stop()
    await nginx?.stop()
    await stack?.stop()
    rmSync(folder, { recursive: true })
  })

  it('shows on the open page within 5 s at the median, without a reload', async () => {
    const { page } = browser
    await openOverview(page, stack.url, site, 'p=24h')
    await page.evaluate(() => Object.assign(window, { isSamePage: true }))
    const waits = []
    for (let i = 2; i <= requests + 1; i++) {
      const sent = performance.now()
      await fetch(`${nginx.url}/page/${i}`)
      await page.waitForFunction(
        (count) => document.querySelector('#figure-requests')?.getAttribute('title') === count,
        String(i),
        { polling: 20 }
      )
      waits.push(performance.now() - sent)
    }
    expect(await page.evaluate(() => 'isSamePage' in window)).toBe(true)
    const median = waits.sort((a, b) => a - b)[Math.floor(waits.length / 2)]!
    console.log(`nginx → page: ${(median / 1000).toFixed(1)} s at the median of ${waits.length}`)
    expect(median).toBeLessThan(5_000)
  })
})
