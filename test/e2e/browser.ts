import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type BrowserContext, type BrowserServer, type Page } from 'playwright-core'
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

/** A test ends before optimized code of the engine would pay: V8 makes less of it. */
const shortLived = '--js-flags=--wasm-tiering-budget=200000000'

const own = new Set(['localhost', '127.0.0.1'])

/** How long anything may take: a boot of page and engine is 3 s on a quiet machine, and a minute and more on a busy one. */
const patience = 120_000

const settings = {
  viewport: { width: 1440, height: 900 },
  colorScheme: 'light',
  // Days are those of this zone wherever the test runs.
  timezoneId: 'UTC'
} as const

/** Without a GPU, drawing what moves takes as much of the processor as the page itself. */
const still = { reducedMotion: 'reduce' } as const

/** A context of Chromium, as on a device, and a record of all that it asks for. */
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

function program() {
  const executablePath = findBrowser()
  if (!executablePath) throw new Error('there is no Chromium: install it, or name one in CHROME_PATH')
  // Playwright's own headless mode starts another browser, which installs no apps.
  return { executablePath, headless: false, args }
}

/** Starts a Chromium that `openContext` reaches, from other processes too. */
export function serveBrowser(): Promise<BrowserServer> {
  return chromium.launchServer({ ...program(), args: [...args, shortLived] })
}

/** Opens a context of its own in a Chromium that is served: nothing of it is kept, and no app can be installed. */
export async function openContext(endpoint: string): Promise<Browser> {
  const served = await chromium.connect(endpoint)
  return record(await served.newContext({ ...settings, ...still }), () => served.close())
}

/** Starts a Chromium of its own; `profile` is the folder of a device that comes back. */
export async function launchBrowser(profile?: string): Promise<Browser> {
  const folder = profile ?? mkdtempSync(join(tmpdir(), 'loggia-browser-'))
  const context = await chromium.launchPersistentContext(folder, {
    ...program(),
    ...settings,
    // What an app that is installed registers with the system goes with its profile.
    env: { ...process.env, XDG_DATA_HOME: join(folder, 'data'), XDG_CONFIG_HOME: join(folder, 'config') }
  })
  return record(context, async () => {
    await context.close()
    if (!profile) rmSync(folder, { recursive: true, force: true })
  })
}

async function record(context: BrowserContext, close: () => Promise<void>): Promise<Browser> {
  context.setDefaultTimeout(patience)
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
  context.pages().forEach(listen)
  context.on('page', listen)
  const page = context.pages()[0] ?? (await context.newPage())
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
    close
  }
}

function isForeign(address: string): boolean {
  const { protocol, hostname } = new URL(address)
  return /^(http|ws)s?:$/.test(protocol) && !own.has(hostname)
}
