import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type BrowserContext, type Page } from 'playwright-core'
import { findBrowser } from '../../cli/browser.ts'

const args = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  // What would leave this machine fails at once, even where nobody asks `foreign()`.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1'
]

const own = new Set(['localhost', '127.0.0.1'])

export interface BrowserOptions {
  width?: number
  height?: number
  colorScheme?: 'light' | 'dark'
  /** A folder to keep the profile in, for a device that comes back; by default one that goes with the browser. */
  profile?: string
}

/** A Chromium with a profile of its own, as on a device, and a record of all that it asks for. */
export interface Browser {
  context: BrowserContext
  page: Page
  /** Every address asked for: by pages, workers, service workers and sockets. */
  requests: string[]
  /** What pages wrote to the console as an error, and what they threw. */
  errors: string[]
  /** Throws if anything was asked of another host. */
  expectNoForeign(): void
  close(): Promise<void>
}

export async function launchBrowser(options: BrowserOptions = {}): Promise<Browser> {
  const executablePath = findBrowser()
  if (!executablePath) throw new Error('there is no Chromium: install it, or name one in CHROME_PATH')
  const profile = options.profile ?? mkdtempSync(join(tmpdir(), 'loggia-browser-'))
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    // Playwright's own headless mode starts another browser, which installs no apps.
    headless: false,
    args,
    // What an app that is installed registers with the system goes with its profile.
    env: { ...process.env, XDG_DATA_HOME: join(profile, 'data'), XDG_CONFIG_HOME: join(profile, 'config') },
    viewport: { width: options.width ?? 1440, height: options.height ?? 900 },
    colorScheme: options.colorScheme ?? 'light',
    // Days are those of this zone wherever the test runs.
    timezoneId: 'UTC'
  })
  const requests: string[] = []
  const errors: string[] = []
  const listen = (page: Page) => {
    page.on('websocket', (socket) => requests.push(socket.url()))
    page.on('pageerror', (error) => errors.push(String(error)))
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text())
    })
  }
  context.on('request', (request) => requests.push(request.url()))
  context.on('page', listen)
  const page = context.pages()[0] ?? (await context.newPage())
  listen(page)
  return {
    context,
    page,
    requests,
    errors,
    expectNoForeign: () => {
      const foreign = requests.filter(isForeign)
      if (foreign.length > 0)
        throw new Error(`the page asked other hosts:\n${[...new Set(foreign)].join('\n')}`)
    },
    close: async () => {
      await context.close()
      if (!options.profile) rmSync(profile, { recursive: true, force: true })
    }
  }
}

function isForeign(address: string): boolean {
  const { protocol, hostname } = new URL(address)
  return /^(http|ws)s?:$/.test(protocol) && !own.has(hostname)
}
