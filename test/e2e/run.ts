import type { TestProject } from 'vitest/node'
import { serveBrowser } from './browser.ts'
import { OwnStack, type Access } from './stack.ts'

declare module 'vitest' {
  interface ProvidedContext {
    server: Access
    /** The address of a Chromium. */
    browser: string
  }
}

/** Starts the server and the browser that the test files of a run share, and returns what ends them. */
export default async function start({ provide }: TestProject) {
  const stack = await OwnStack.start()
  const browser = await serveBrowser()
  const { url, password, token } = stack
  provide('server', { url, password, token })
  provide('browser', browser.wsEndpoint())
  return async () => {
    await browser.close()
    await stack.stop()
  }
}
