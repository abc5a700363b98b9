import puppeteer, { type Browser, type Page } from 'puppeteer-core'

/** Firefox with a profile of its own, driven by WebDriver BiDi, and a record of what its pages wrote as an error. */
export interface Firefox {
  page: Page
  errors: string[]
  close(): Promise<void>
}

/** What would leave this machine stays here. */
const preferences = {
  'network.connectivity-service.enabled': false,
  'network.captive-portal-service.enabled': false,
  'services.settings.server': 'data:,none',
  'browser.safebrowsing.update.enabled': false,
  'dom.push.connection.enabled': true,
  'dom.push.testing.allowInsecureServerURL': true,
  // Allowed, as there is nobody to ask.
  'permissions.default.desktop-notification': 1,
  'ui.prefersReducedMotion': 1
}

/** Starts a Firefox with one page. Waits are as long as in the other browser's tests. */
export async function launchFirefox(executablePath: string, pushService: string): Promise<Firefox> {
  const browser: Browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath,
    extraPrefsFirefox: { ...preferences, 'dom.push.serverURL': pushService },
    env: { ...process.env, TZ: 'UTC' },
    defaultViewport: { width: 1440, height: 900 }
  })
  const page = await browser.newPage()
  page.setDefaultTimeout(120_000)
  const errors: string[] = []
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
  page.on('pageerror', (error) => errors.push(String(error)))
  return { page, errors, close: () => browser.close() }
}
