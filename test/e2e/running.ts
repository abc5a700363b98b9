import { afterAll, beforeAll } from 'vitest'
import { launchBrowser, type Browser } from './browser.ts'
import { Stack } from './stack.ts'

export let stack: Stack
export let browser: Browser

/** Starts a server and a browser for the tests of a file, prepares them before the first, and ends them after the last. */
export function running(prepare?: () => Promise<void>): void {
  beforeAll(async () => {
    stack = await Stack.start()
    browser = await launchBrowser()
    await prepare?.()
  })
  afterAll(async () => {
    await browser?.close()
    await stack?.stop()
  })
}
